import Glibc
import Testing

/// Floats between two inaccessible pages: an access past either end is a fault, and what is left of the accessible
/// pages holds a poison that reads as NaN and is checked for writes.
final class GuardedBuffer {
  /// Which end of the accessible memory the floats touch.
  enum Placement: CaseIterable { case atStart, atEnd }

  /// A quiet NaN with a pattern of its own.
  private static let poison: UInt32 = 0x7FC5_A5A5

  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let accessible: UnsafeMutableBufferPointer<UInt32>
  private let mappedBytes: Int

  init(_ count: Int, _ placement: Placement) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = max(1, (count * 4 + page - 1) / page) * page
    mappedBytes = bytes + 2 * page
    guard let mapping = mmap(nil, mappedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), mapping != MAP_FAILED
    else { fatalError("no memory for a test buffer") }
    self.mapping = mapping
    mprotect(mapping + page, bytes, PROT_READ | PROT_WRITE)
    let words = (mapping + page).bindMemory(to: UInt32.self, capacity: bytes / 4)
    accessible = UnsafeMutableBufferPointer(start: words, count: bytes / 4)
    accessible.update(repeating: Self.poison)
    let offset = placement == .atStart ? 0 : bytes - count * 4
    start = (mapping + page + offset).assumingMemoryBound(to: Float.self)
    self.count = count
  }

  convenience init(_ values: [Float], _ placement: Placement) {
    self.init(values.count, placement)
    for (index, value) in values.enumerated() { start[index] = value }
  }

  deinit { munmap(mapping, mappedBytes) }

  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether element `index` was never written.
  func isPoison(_ index: Int) -> Bool { start[index].bitPattern == Self.poison }

  /// Whether everything around the floats is as it was.
  var guardsIntact: Bool {
    guard let base = accessible.baseAddress else { return true }
    let first = UnsafeRawPointer(start) - UnsafeRawPointer(base)
    for index in accessible.indices where index < first / 4 || index >= first / 4 + count {
      if accessible[index] != Self.poison { return false }
    }
    return true
  }
}
