import ModelGraph
import Synchronization

/// Constants as the kernels read them, packed once and shared by every plan and session of an engine.
final class ConstantCache: Sendable {
  struct Key: Hashable, Sendable {
    enum Form: Hashable, Sendable {
      /// A value as it is, row-major.
      case plain(ValueID)
      /// A vector of channels in blocks of eight.
      case lanes(ValueID)
      /// Scales (0) or shifts (1) that a node's statistics amount to.
      case statistics(NodeID, part: Int)
      /// A node's weights in panels of this width; one entry a group.
      case panels(NodeID, width: Int, group: Int)
      /// A node's weights as counts of 16 bits, less their zero points; `summands` of a mean, whose weights they are.
      case countPanels(NodeID, panel: Int, summands: Int)
      /// A node's bias and rescaling, in whole panels; likewise.
      case channelRows(NodeID, panel: Int, summands: Int)
      /// What each of 256 counts becomes: a node's table, and which of them.
      case table(NodeID, part: Int)
      /// A node's depthwise weights.
      case depthwise(NodeID)
    }

    let form: Form
  }

  private let packed = Mutex<[Key: AlignedMemory]>([:])
  /// Where large constants lie together.
  let pool: WeightPool?

  /// What is to be packed; nil while everything is packed as soon as it is asked for.
  private let pending = Mutex<[Packing]?>(nil)

  /// - Parameter byteCount: what all constants together take at most.
  init(byteCount: Int) { pool = WeightPool(byteCount: byteCount) }

  /// The bytes that all constants take.
  var byteCount: Int { packed.withLock { $0.values.reduce(0) { $0 + $1.byteCount } } }

  func constant(_ form: Key.Form, make: () throws(ModelError) -> AlignedMemory) throws(ModelError) -> AlignedMemory {
    let key = Key(form: form)
    if let held = packed.withLock({ $0[key] }) { return held }
    let made = try make()
    return packed.withLock { table in
      if let held = table[key] { return held }
      table[key] = made
      return made
    }
  }

  /// Memory for floats, all of which `fill` writes: at once, or within ``packingTogether(_:)`` at its end.
  func packed(
    floats: Int, fill: @escaping @Sendable (UnsafeMutablePointer<Float>) throws(ModelError) -> Void
  ) throws(ModelError) -> AlignedMemory {
    let memory = try AlignedMemory(floats: floats, in: pool, isZeroed: false)
    let isLater = pending.withLock { pending in
      pending?.append(Packing(memory: memory, fill: fill))
      return pending != nil
    }
    if !isLater { try fill(memory.floats) }
    return memory
  }

  /// Collects what `body` wants packed, and packs it then, on two cores where there are two.
  ///
  /// - Throws: what `body` or a packing throws.
  func packingTogether<Result>(_ body: () throws(ModelError) -> Result) throws(ModelError) -> Result {
    pending.withLock { $0 = [] }
    let result: Result
    do throws(ModelError) {
      result = try body()
    } catch {
      pending.withLock { $0 = nil }
      throw error
    }
    let packings = pending.withLock { pending in
      defer { pending = nil }
      return pending ?? []
    }
    try Packing.run(packings)
    return result
  }
}

extension Tensor {
  /// Hands the elements to `body` as a value of theirs lies row-major: real numbers as float32, counts as they are.
  func withPlainElements<Result>(
    _ body: (UnsafeRawPointer) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    if elementType.isFloatingPoint { return try withFloat32(body) }
    return try withBase(body)
  }

  /// Hands the elements to `body` as float32, converted where they are of another numeric type.
  func withFloat32<Result>(
    _ body: (UnsafeRawPointer) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    if elementType != .float32 { return try Tensor(try floats(), shape: extents).withFloat32(body) }
    return try withBase(body)
  }

  private func withBase<Result>(
    _ body: (UnsafeRawPointer) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    try withUnsafeBytes { (bytes) throws(ModelError) -> Result in
      guard let base = bytes.baseAddress else { throw ModelError(.unsupported, "an empty constant") }
      return try body(base)
    }
  }
}
