import Glibc
import Testing

/// Which end of the accessible memory a guarded buffer's elements touch.
enum GuardedPlacement: CaseIterable { case atStart, atEnd }

typealias GuardedBuffer = GuardedMemory<Float>

/// Elements between two inaccessible pages: an access past either end is a fault, and what is left of the accessible
/// pages holds a poison that reads as NaN and is checked for writes.
final class GuardedMemory<Element: BitwiseCopyable> {
  typealias Placement = GuardedPlacement

  /// The bytes of a quiet NaN with a pattern of its own.
  private static var poison: [UInt8] { [0xA5, 0xA5, 0xC5, 0x7F] }

  let start: UnsafeMutablePointer<Element>
  let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let accessible: UnsafeMutableRawBufferPointer
  private let mappedBytes: Int

  init(_ count: Int, _ placement: Placement) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE))), width = MemoryLayout<Element>.stride
    let bytes = max(1, (count * width + page - 1) / page) * page
    mappedBytes = bytes + 2 * page
    guard let mapping = mmap(nil, mappedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), mapping != MAP_FAILED
    else { fatalError("no memory for a test buffer") }
    self.mapping = mapping
    mprotect(mapping + page, bytes, PROT_READ | PROT_WRITE)
    accessible = UnsafeMutableRawBufferPointer(start: mapping + page, count: bytes)
    let poison = Self.poison
    for index in accessible.indices { accessible[index] = poison[index % 4] }
    let offset = placement == .atStart ? 0 : bytes - count * width
    start = (mapping + page + offset).assumingMemoryBound(to: Element.self)
    self.count = count
  }

  convenience init(_ values: [Element], _ placement: Placement) {
    self.init(values.count, placement)
    for (index, value) in values.enumerated() { start[index] = value }
  }

  deinit { munmap(mapping, mappedBytes) }

  var values: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether everything around the elements is as it was.
  var guardsIntact: Bool {
    guard let base = accessible.baseAddress else { return true }
    let first = UnsafeRawPointer(start) - UnsafeRawPointer(base)
    let poison = Self.poison
    for index in accessible.indices where index < first || index >= first + count * MemoryLayout<Element>.stride {
      if accessible[index] != poison[index % 4] { return false }
    }
    return true
  }
}

extension GuardedMemory where Element == Float {
  /// Whether element `index` was never written.
  func isPoison(_ index: Int) -> Bool { start[index].bitPattern == 0x7FC5_A5A5 }
}
