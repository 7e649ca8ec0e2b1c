import ModelGraph

/// Inputs that are the same in every run: SplitMix64 (Steele, Lea, Flood 2014), uniform in [−1, 1) for floats, over a small
/// range for integers.
struct RandomInputs {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One tensor for an input; its batch is one where it is open.
  ///
  /// - Throws: `.usage` where another extent is open.
  mutating func tensor(_ port: GraphPort, of graph: Graph) throws(ModelError) -> Tensor {
    let type = graph.signatureType(port)
    let batch = Dictionary(uniqueKeysWithValues: graph.batchSymbols.map { ($0, 1) })
    guard let extents = type.shape.bound(batch).extents, let count = Shape.elementCount(of: extents) else {
      throw ModelError(
        .usage, "the input '\(port.name)' has the open shape \(type.shape)",
        hint: "--input-shape '\(port.name):1,…' fixes it, or --input gives one")
    }
    guard count <= 1 << 28 else { throw ModelError(.usage, "the input '\(port.name)' has \(count) elements") }
    let result = TensorType(type.elementType, Shape(extents))
    switch type.elementType {
    case .float32: return try Tensor((0..<count).map { _ in float() }, type: result)
    case .float16: return try Tensor((0..<count).map { _ in Float16(float()) }, type: result)
    case .float64: return try Tensor((0..<count).map { _ in Double(float()) }, type: result)
    case .uint8: return try Tensor((0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }, type: result)
    case .int8: return try Tensor((0..<count).map { _ in Int8(truncatingIfNeeded: next()) }, type: result)
    case .int16: return try Tensor((0..<count).map { _ in Int16(truncatingIfNeeded: next()) }, type: result)
    case .int32: return try Tensor((0..<count).map { _ in Int32(next() % 16) }, type: result)
    case .int64: return try Tensor((0..<count).map { _ in Int64(next() % 16) }, type: result)
    case .bool: return try Tensor((0..<count).map { _ in UInt8(next() & 1) }, type: result)
    default:
      throw ModelError(.usage, "the input '\(port.name)' is \(type.elementType.name): give one with --input")
    }
  }

  private mutating func float() -> Float {
    Float(Int32(truncatingIfNeeded: next() >> 40) - (1 << 23)) / Float(1 << 23)
  }
}
