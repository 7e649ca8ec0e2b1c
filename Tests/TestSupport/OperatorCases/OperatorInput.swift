public import ModelGraph

/// One operand of an ``OperatorCase``.
public struct OperatorInput: Sendable {
  enum Content: Sendable {
    case absent
    case random(shape: [Int], scale: Float, offset: Float)
    case floats([Float], shape: [Int])
    case integers([Int], shape: [Int])
  }

  let content: Content
  let elementType: ElementType
  let quantization: Quantization?
  /// Whether a network would hold it as a constant.
  let isConstant: Bool

  private init(
    _ content: Content, _ elementType: ElementType, quantization: Quantization? = nil, isConstant: Bool = false
  ) {
    self.content = content
    self.elementType = elementType
    self.quantization = quantization
    self.isConstant = isConstant
  }

  public static let absent = OperatorInput(.absent, .float32)

  /// Numbers of [−1, 1) times `scale` plus `offset`, rounded to float32 after each step; the seed follows from the case's name
  /// and the input's position.
  public static func random(
    _ shape: [Int], scale: Float = 1, offset: Float = 0, as elementType: ElementType = .float32
  ) -> OperatorInput {
    OperatorInput(.random(shape: shape, scale: scale, offset: offset), elementType)
  }

  /// As ``random(_:scale:offset:as:)``, held by the network.
  public static func weights(
    _ shape: [Int], scale: Float = 1, offset: Float = 0, as elementType: ElementType = .float32
  ) -> OperatorInput {
    OperatorInput(.random(shape: shape, scale: scale, offset: offset), elementType, isConstant: true)
  }

  public static func floats(
    _ elements: [Float], _ shape: [Int], as elementType: ElementType = .float32, isConstant: Bool = false
  ) -> OperatorInput {
    OperatorInput(.floats(elements, shape: shape), elementType, isConstant: isConstant)
  }

  public static func integers(
    _ elements: [Int], _ shape: [Int], as elementType: ElementType = .int64, quantization: Quantization? = nil,
    isConstant: Bool = false
  ) -> OperatorInput {
    OperatorInput(.integers(elements, shape: shape), elementType, quantization: quantization, isConstant: isConstant)
  }

  func tensor(seed: UInt64) throws(ModelError) -> Tensor? {
    switch content {
    case .absent: return nil
    case .random(let shape, let scale, let offset):
      var generator = SeededGenerator(seed: seed)
      let elements = generator.floats(shape.reduce(1, *)).map { $0 * scale + offset }
      return try Self.tensor(elements, TensorType(elementType, Shape(shape), quantization: quantization))
    case .floats(let elements, let shape):
      return try Self.tensor(elements, TensorType(elementType, Shape(shape), quantization: quantization))
    case .integers(let elements, let shape):
      let type = TensorType(elementType, Shape(shape), quantization: quantization)
      switch elementType.bitWidth {
      case 8: return try Tensor(elements.map { UInt8(truncatingIfNeeded: $0) }, type: type)
      case 16: return try Tensor(elements.map { UInt16(truncatingIfNeeded: $0) }, type: type)
      case 32: return try Tensor(elements.map { UInt32(truncatingIfNeeded: $0) }, type: type)
      default: return try Tensor(elements.map { Int64($0) }, type: type)
      }
    }
  }

  private static func tensor(_ elements: [Float], _ type: TensorType) throws(ModelError) -> Tensor {
    switch type.elementType {
    case .float16: try Tensor(elements.map { Float16($0) }, type: type)
    case .float64: try Tensor(elements.map { Double($0) }, type: type)
    default: try Tensor(elements, type: type)
    }
  }
}
