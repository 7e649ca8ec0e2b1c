import CHDF5
import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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

  /// The file that stands open on a descriptor: libhdf5 is handed its bytes, mapped, and opens nothing itself.
  static func openFile(descriptor: Int32) throws(ModelError) -> HDF5ObjectHandle {
    guard ferry_h5_prepare() >= 0 else { throw ModelError(.internalFault, "libhdf5 does not start") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, let count = Int(exactly: status.st_size), count > 0 else {
      throw ModelError(.malformed, "the file is empty")
    }
    guard let bytes = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), bytes != MAP_FAILED else {
      throw ModelError(.inputOutput, "the HDF5 reader cannot map \(count) bytes (error \(errno))")
    }
    // Stays until the process ends, as the bytes do.
    let image = UnsafeMutablePointer<ferry_h5_image>.allocate(capacity: 1)
    image.initialize(to: ferry_h5_image(bytes: bytes, count: count))
    return try HDF5ObjectHandle(ferry_h5_open_image(image), close: H5Fclose, doing: "open the file")
  }
}
