import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gathers the response and writes it to Ferry at the end, so that a failure can still take the place of everything.
struct ResponseWriter {
  private let maximumBytes: Int
  private var bytes = HDF5Response.header
  private(set) var objects = 0

  init(maximumBytes: Int) {
    self.maximumBytes = maximumBytes
  }

  mutating func send(_ frame: HDF5Frame) throws(ModelError) {
    switch frame {
    case .group, .dataset: objects += 1
    default: break
    }
    bytes += try HDF5Response.encode(frame)
    guard bytes.count <= maximumBytes else {
      throw ModelError(.unsupported, "the file holds more than \(maximumBytes) bytes of names and attributes")
    }
  }

  mutating func fail(_ error: ModelError) {
    // The description's own words say place and message; the code travels beside it.
    let place = error.context.map { " (\($0.description))" }.joined()
    let failure = HDF5Failure(code: error.code, message: error.message + place, hint: error.hint)
    if let frame = try? HDF5Response.encode(.failure(failure)) { bytes += frame }
  }

  /// Writes everything and closes the pipe; false where Ferry does not listen any more.
  func finish() -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(HDF5ReaderRequest.Descriptor.response, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    // Ferry reads the answer while the system still takes this process apart.
    close(HDF5ReaderRequest.Descriptor.response)
    return true
  }
}
