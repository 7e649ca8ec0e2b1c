import CSystemSupport
import FormatSupport
import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One run of `ferry-hdf5-reader`: started on one file, listened to, and gone before anything is believed.
///
/// Whatever the reader does (a crash, silence, nonsense, more than its bounds), the outcome is a ``ModelError``.
struct HDF5ReaderProcess {
  var readerPath: String
  var request = HDF5ReaderRequest()
  /// Seconds on the clock after which the reader is ended.
  var timeout: Double = 180

  /// What the reader said, and the memory that it filled.
  struct Outcome {
    var listing: HDF5Listing
    var shared: SharedMemory
  }

  /// Runs the reader on the file that stands open on `descriptor`.
  ///
  /// The thread that starts the reader waits for it too: on Linux, the reader lives no longer than that thread.
  func run(descriptor: Int32) throws(ModelError) -> Outcome {
    let memory = ferry_anonymous_file()
    guard memory >= 0 else {
      throw ModelError(.inputOutput, "cannot make memory to share with the HDF5 reader (error \(errno))")
    }
    defer { close(memory) }
    let (process, pipe) = try start(descriptor: descriptor, memory: memory)
    defer { close(pipe) }
    let deadline = Self.now() + timeout
    let response: [UInt8]
    do throws(ModelError) {
      response = try listen(to: pipe, until: deadline)
    } catch {
      Self.end(process)
      throw error
    }
    // The answer is taken apart while the system does so with the process; it counts when the process has ended well.
    let listing = Result { () throws(ModelError) in try Self.listing(response) }
    try waitForEnd(of: process, until: deadline)
    return Outcome(listing: try listing.get(), shared: try SharedMemory(sealing: memory))
  }

  private static func listing(_ response: [UInt8]) throws(ModelError) -> HDF5Listing {
    let frames = try HDF5Response.decode(response)
    if case .failure(let failure)? = frames.last {
      throw ModelError(failure.code, failure.message, hint: failure.hint)
    }
    return try HDF5Listing(frames)
  }

  private func start(descriptor: Int32, memory: Int32) throws(ModelError) -> (process: pid_t, pipe: Int32) {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard null >= 0 else { throw Self.noPipe() }
    defer { close(null) }
    // A child that another thread starts must not keep the end that is written to: no end of the answer would be seen.
    var ends: [Int32] = [-1, -1]
    guard ferry_pipe(&ends) == 0 else { throw Self.noPipe() }
    defer { close(ends[1]) }
    var arguments = ([readerPath] + request.arguments).map { strdup($0) } + [nil]
    var environment = Self.environment().map { strdup($0) } + [nil]
    defer { for pointer in arguments + environment { free(pointer) } }
    var process = pid_t()
    let error = ferry_spawn(
      &process, readerPath, &arguments, &environment, [null, ends[1], null, descriptor, memory],
      HDF5ReaderRequest.Descriptor.count)
    guard error == 0 else {
      close(ends[0])
      throw ModelError(
        .unsupported, "HDF5 files are read by ferry-hdf5-reader, and '\(readerPath)' does not start (error \(error))",
        hint: HDF5ReaderLocation.hint)
    }
    return (process, ends[0])
  }

  private static func noPipe() -> ModelError {
    ModelError(.inputOutput, "cannot make a pipe to the HDF5 reader (error \(errno))")
  }

  /// Nothing of this process's environment but what a loader needs, and no backtrace of a crash that is expected to be
  /// able to happen.
  private static func environment() -> [String] {
    let names: [String] = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "ASAN_OPTIONS"]
    let kept = names.compactMap { name -> String? in
      getenv(name).map { "\(name)=" + String(cString: $0) }
    }
    return kept + ["SWIFT_BACKTRACE=enable=no", "LC_ALL=C"]
  }

  private func listen(to pipe: Int32, until deadline: Double) throws(ModelError) -> [UInt8] {
    var response: [UInt8] = []
    // What a network of some hundred layers takes; growing to it step by step takes twice the memory.
    response.reserveCapacity(1 << 18)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let left = deadline - Self.now()
      guard left > 0 else { throw Self.tooSlow(timeout) }
      var event = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      let ready = poll(&event, 1, Int32(min(left * 1000 + 1, 1e6)))
      if ready < 0 && errno != EINTR {
        throw ModelError(.inputOutput, "cannot listen to the HDF5 reader (error \(errno))")
      }
      guard ready > 0 else { continue }
      let count = buffer.withUnsafeMutableBytes { read(pipe, $0.baseAddress, $0.count) }
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else { throw ModelError(.inputOutput, "cannot listen to the HDF5 reader (error \(errno))") }
      if count == 0 { return response }
      response += buffer[..<count]
      guard response.count <= request.maximumMetadataBytes + (1 << 16) else {
        throw ModelError(.malformed, "the HDF5 reader answers with more than \(request.maximumMetadataBytes) bytes")
      }
    }
  }

  /// Waits until the reader is gone; one that closed its pipe and stays is ended.
  private func waitForEnd(of process: pid_t, until deadline: Double) throws(ModelError) {
    var signal: Int32 = 0
    var code: Int32 = 0
    while true {
      let state = ferry_wait(process, 0, &signal, &code)
      if state < 0 { return }  // the embedding program collects its children itself; the answer speaks for itself
      if state > 0 { break }
      let left = deadline - Self.now()
      guard left > 0 else {
        Self.end(process)
        throw Self.tooSlow(timeout)
      }
      ferry_sleep_until_end(process, Int32(min(left * 1000 + 1, 1e6)))
    }
    if signal == SIGXCPU || (signal == SIGKILL && code == 0) {
      throw ModelError(.malformed, "the HDF5 reader was stopped on this file: it took too much time or memory")
    }
    guard signal == 0 else {
      throw ModelError(
        .malformed, "the HDF5 reader crashed (signal \(signal)) on this file, which is most likely damaged",
        hint: "try h5dump, or save the model again")
    }
    guard code == 0 else {
      // 127 is the loader's word for a missing shared library.
      throw ModelError(
        code == 127 || code == 64 ? .unsupported : .malformed,
        "the HDF5 reader '\(readerPath)' ended with exit code \(code)", hint: HDF5ReaderLocation.hint)
    }
  }

  private static func tooSlow(_ timeout: Double) -> ModelError {
    ModelError(.malformed, "the HDF5 reader gave no whole answer within \(Int(timeout.rounded(.up))) s")
  }

  private static func end(_ process: pid_t) {
    ferry_kill(process)
    var signal: Int32 = 0
    var code: Int32 = 0
    _ = ferry_wait(process, 1, &signal, &code)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
