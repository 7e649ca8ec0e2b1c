import CSystemSupport
import FormatSupport
import ModelGraph
import TestSupport
import Testing

@testable import KerasFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whatever a reader process does, the outcome is an error that says so.
@Suite struct HDF5ReaderProcessTests {
  static func read(withReader script: String, timeout: Double = 20) throws -> ModelError? {
    let folder = TemporaryFolder()
    let path = folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "reader")
    _ = ToolRun.run("chmod", ["+x", path])
    var process = HDF5ReaderProcess(readerPath: path)
    process.timeout = timeout
    let file = try MappedFile(path: HDF5FileTests.fixtures + "kinds.h5")
    do {
      _ = try HDF5File(file, process: process)
      return nil
    } catch {
      return error
    }
  }

  @Test func aCrashedReaderIsAnError() throws {
    let error = try Self.read(withReader: "kill -SEGV $$")
    #expect(error?.code == .malformed)
    #expect(error?.message.hasPrefix("the HDF5 reader crashed (signal 11)") == true)
  }

  @Test func aSilentReaderIsEnded() throws {
    let error = try Self.read(withReader: "sleep 30", timeout: 0.3)
    #expect(error?.message.hasPrefix("the HDF5 reader gave no whole answer within") == true)
    let closed = try Self.read(withReader: "exec 1>&-; sleep 30", timeout: 0.3)
    #expect(closed?.message.hasPrefix("the HDF5 reader gave no whole answer within") == true)
  }

  /// The real reader, on the descriptors that the script was given, and then another end than its own.
  static func wholeAnswer(then end: String) -> String {
    "\(ToolRun.builtProduct("ferry-hdf5-reader")) \"$@\" || exit 99; \(end)"
  }

  @Test func aWholeAnswerOfAReaderThatFailsIsNotBelieved() throws {
    #expect(try Self.read(withReader: Self.wholeAnswer(then: "exit 0")) == nil)
    let failed = try Self.read(withReader: Self.wholeAnswer(then: "exit 3"))
    #expect(failed?.code == .malformed)
    #expect(failed?.message.hasSuffix("ended with exit code 3") == true)
    let crashed = try Self.read(withReader: Self.wholeAnswer(then: "kill -SEGV $$"))
    #expect(crashed?.code == .malformed)
    #expect(crashed?.message.hasPrefix("the HDF5 reader crashed (signal 11)") == true)
    let stopped = try Self.read(withReader: Self.wholeAnswer(then: "kill -KILL $$"))
    #expect(stopped?.message.hasPrefix("the HDF5 reader was stopped on this file") == true)
  }

  /// It keeps its pipe, or has closed it and stays.
  @Test(arguments: ["", "exec 1>&-;"])
  func aWholeAnswerOfAReaderThatStaysIsNotBelieved(closing: String) throws {
    let error = try Self.read(withReader: Self.wholeAnswer(then: "\(closing) sleep 30"), timeout: 3)
    #expect(error?.code == .malformed)
    #expect(error?.message == "the HDF5 reader gave no whole answer within 3 s")
  }

  @Test func aReaderThatTalksNonsenseIsAnError() throws {
    #expect(try Self.read(withReader: "echo hello")?.code == .malformed)
    #expect(try Self.read(withReader: "exit 0")?.code == .malformed)
    #expect(try Self.read(withReader: "exit 3")?.message.hasSuffix("ended with exit code 3") == true)
    #expect(try Self.read(withReader: "printf 'FH5R\\001\\000\\000\\000\\005\\010\\000\\000\\000'")?.code == .malformed)
  }

  @Test func aReaderThatDoesNotStopTalkingIsEnded() throws {
    let error = try Self.read(withReader: "exec cat /dev/zero")
    #expect(error?.message.hasPrefix("the HDF5 reader answers with more than") == true)
  }

  @Test func noDescriptorLeaksIntoTheReader() throws {
    let folder = TemporaryFolder()
    let list = folder.path("list")
    _ = try Self.read(withReader: "ls /proc/$$/fd > \(list)")
    let text = String(decoding: TemporaryFolder.bytes(of: list) ?? [], as: UTF8.self)
    // From 10 on, the shell keeps descriptors of its own: its script, for one.
    #expect(text.split(separator: "\n").filter { Int($0) ?? 0 < 10 } == ["0", "1", "2", "3", "4"])
  }

  @Test func anotherChildGetsNoEndOfThePipe() {
    var ends: [Int32] = [-1, -1]
    #expect(ferry_pipe(&ends) == 0)
    for end in ends {
      #expect(fcntl(end, F_GETFD) == FD_CLOEXEC)
      close(end)
    }
  }

  /// However few descriptors there are, an attempt that fails gives all of its own back.
  @Test func noDescriptorLeaksWhereTheyRunOut() async {
    await #expect(processExitsWith: .success) {
      let file = try MappedFile(path: HDF5FileTests.fixtures + "kinds.h5")
      func used() -> [Int32] { (0..<256).filter { fcntl($0, F_GETFD) >= 0 } }
      // Once with all of them, so that what the process opens for good is open.
      _ = try HDF5File(file, options: .standard)
      let before = used()
      #if canImport(Glibc)
        let openFiles = __rlimit_resource_t(7)  // RLIMIT_NOFILE
      #else
        let openFiles = RLIMIT_NOFILE
      #endif
      var failures = 0
      for spare in 0..<12 {
        var limit = rlimit()
        getrlimit(openFiles, &limit)
        let all = limit.rlim_cur
        // As many numbers as `spare` are free below the limit.
        limit.rlim_cur = rlim_t((0..<256).filter { fcntl($0, F_GETFD) < 0 }[spare])
        setrlimit(openFiles, &limit)
        do { _ = try HDF5File(file, options: .standard) } catch { failures += 1 }
        limit.rlim_cur = all
        setrlimit(openFiles, &limit)
        #expect(used() == before, "\(spare) descriptors")
      }
      #expect(failures >= 4)
    }
  }
}
