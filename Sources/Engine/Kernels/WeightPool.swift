import ModelGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One stretch of memory for all packed weights of an engine, in large pages where the system has them.
///
/// A run reads every weight once. In small pages a network's weights outnumber the entries of the translation buffers, and
/// pages scattered over physical memory crowd each other out of the last-level cache: 16 MB are read at 58 GB/s then, at
/// 77 GB/s from large pages (`0013-Weights-In-Large-Pages`).
final class WeightPool: @unchecked Sendable {
  private static let page = 2 << 20

  private let mapping: UnsafeRawBufferPointer
  /// The offset of what is still free.
  private let next: Mutex<Int>

  /// Address space for so many bytes; memory comes with the first write. Nil where that is too little to matter or not
  /// to be had.
  init?(byteCount: Int) {
    #if os(Linux)
      guard byteCount >= Self.page / 4, byteCount < 1 << 46 else { return nil }
      let size = (byteCount + 2 * Self.page - 1) / Self.page * Self.page
      guard
        let base = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
        base != MAP_FAILED
      else { return nil }
      mapping = UnsafeRawBufferPointer(start: base, count: size)
      let start = (Self.page - Int(bitPattern: base) % Self.page) % Self.page
      madvise(base + start, size - start, Int32(MADV_HUGEPAGE))
      next = Mutex(start)
    #else
      return nil
    #endif
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

  /// Zeroes at an address that suits a cache line, which live as long as the pool; nil when too few are left.
  func memory(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    next.withLock { next in
      guard byteCount >= 0, byteCount <= mapping.count - next, let base = mapping.baseAddress else { return nil }
      let start = UnsafeMutableRawPointer(mutating: base + next)
      next = min((next + byteCount + 63) / 64 * 64, mapping.count)
      return start
    }
  }
}

extension WeightPool {
  /// Gives back what of the last large page nobody has asked for; it comes again, in small pages, when somebody does.
  func trim() {
    #if os(Linux)
      next.withLock { next in
        guard let base = mapping.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE))), address = Int(bitPattern: base) + next
        let start = (address + page - 1) / page * page, end = (address + Self.page - 1) / Self.page * Self.page
        guard start < end, end <= Int(bitPattern: base) + mapping.count else { return }
        madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_DONTNEED))
      }
    #endif
  }
}

extension Graph {
  /// At least the bytes that the constants take as packed float32; an estimate for address space, not for memory.
  var packedByteEstimate: Int {
    values.reduce(0) { sum, value in
      guard let constant = value.constant else { return sum }
      return min(sum + min(constant.elementCount, 1 << 40) * 2 * MemoryLayout<Float>.stride, 1 << 46)
    }
  }
}
