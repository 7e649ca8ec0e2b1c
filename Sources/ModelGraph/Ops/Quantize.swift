/// Real numbers (or counts of another quantization) to counts: clamp(round(x / scale) + zero point).
///
/// Ties go to even in ONNX QuantizeLinear and away from zero in TensorFlow Lite; `roundsHalfToEven` says which.
public struct Quantize: Operator {
  public static let name = "quantize"

  public var elementType: ElementType
  public var quantization: Quantization
  public var roundsHalfToEven: Bool

  public init(to elementType: ElementType, _ quantization: Quantization, roundsHalfToEven: Bool) {
    self.elementType = elementType
    self.quantization = quantization
    self.roundsHalfToEven = roundsHalfToEven
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    return [TensorType(elementType, try inputs.type(0).shape, quantization: quantization)]
  }
}
