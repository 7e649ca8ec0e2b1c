import CSystemSupport
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory that a reader process filled: mapped for reading, and sealed against every change where the system can.
final class SharedMemory: TensorStorage, @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  /// Maps what stands in the anonymous file behind `descriptor`; the descriptor stays the caller's.
  init(sealing descriptor: Int32) throws(ModelError) {
    var status = stat()
    guard ferry_seal_anonymous_file(descriptor) == 0, fstat(descriptor, &status) == 0,
      let size = Int(exactly: status.st_size)
    else {
      throw ModelError(.internalFault, "cannot seal the memory shared with the HDF5 reader (error \(errno))")
    }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      throw ModelError(.inputOutput, "cannot map \(size) bytes shared with the HDF5 reader (error \(errno))")
    }
    bytes = UnsafeRawBufferPointer(start: base, count: size)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
