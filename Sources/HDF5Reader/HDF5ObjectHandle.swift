import CHDF5
import HDF5Protocol
import ModelGraph

/// An identifier of libhdf5's, closed when nothing holds it any more.
final class HDF5ObjectHandle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  /// Takes over `id`.
  ///
  /// - Throws: ``ModelError`` (`.malformed`, with the library's own words) where the call that made it failed.
  init(_ id: hid_t, close: @escaping (hid_t) -> herr_t, doing: @autoclosure () -> String) throws(ModelError) {
    guard id >= 0 else { throw Self.failure(doing()) }
    self.id = id
    self.close = close
  }

  deinit {
    _ = close(id)
  }

  /// The error that libhdf5 reported last, as one of Ferry's.
  static func failure(_ doing: String) -> ModelError {
    let words = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      ferry_h5_last_error(start)
      return String(cString: start)
    }
    return ModelError(.malformed, "libhdf5 cannot \(doing)" + (words.isEmpty ? "" : ": \(words)"))
  }

  /// The file that stands open on a descriptor.
  static func openFile(descriptor: Int32) throws(ModelError) -> HDF5ObjectHandle {
    guard ferry_h5_prepare() >= 0 else { throw ModelError(.internalFault, "libhdf5 does not start") }
    #if os(Linux)
      let path = "/proc/self/fd/\(descriptor)"
    #else
      let path = "/dev/fd/\(descriptor)"
    #endif
    return try HDF5ObjectHandle(
      H5Fopen(path, ferry_h5_read_only(), ferry_h5_default_properties()), close: H5Fclose, doing: "open the file")
  }
}
