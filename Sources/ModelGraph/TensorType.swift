/// What is known of a tensor without its content.
public struct TensorType: Hashable, Sendable {
  public var elementType: ElementType
  public var shape: Shape
  public var quantization: Quantization?

  public init(_ elementType: ElementType, _ shape: Shape, quantization: Quantization? = nil) {
    self.elementType = elementType
    self.shape = shape
    self.quantization = quantization
  }

  /// The same element type and quantization with another shape.
  public func with(shape: Shape) -> TensorType { TensorType(elementType, shape, quantization: quantization) }

  /// Whether a value of one type can stand where the other is expected: same elements, same quantization, shapes that agree.
  public func isCompatible(with other: TensorType) -> Bool {
    elementType == other.elementType && shape.isCompatible(with: other.shape) && quantization == other.quantization
  }

  /// The type of the tensor whose axis `i` is this one's axis `permutation[i]`.
  public func permuted(by permutation: [Int]) -> TensorType {
    TensorType(elementType, shape.permuted(by: permutation), quantization: quantization?.permuted(by: permutation))
  }
}

extension TensorType: CustomStringConvertible {
  public var description: String {
    "\(elementType.name)\(shape)" + (quantization.map { " {\($0)}" } ?? "")
  }
}
