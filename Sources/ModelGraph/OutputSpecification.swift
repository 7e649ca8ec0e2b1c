/// What is asked of a new node's output beside its inferred type.
public struct OutputSpecification: Sendable {
  /// A name to start from; made unique by the builder.
  public var name: String
  public var origin: ValueOrigin?
  /// The type that the file states. Quantization is taken from it; open extents are filled from it.
  public var statedType: TensorType?

  public init(name: String, origin: ValueOrigin? = nil, statedType: TensorType? = nil) {
    self.name = name
    self.origin = origin
    self.statedType = statedType
  }

  /// The type of the output: what the operator gives, completed by what the file states.
  ///
  /// - Throws: `.malformed` when the two contradict each other.
  func completed(_ inferred: TensorType) throws(ModelError) -> TensorType {
    guard let stated = statedType else { return inferred }
    // A quantized operator may answer in another integer type than it reads; only the file says which.
    let mayRetype = stated.quantization != nil || inferred.quantization != nil
    guard stated.elementType == inferred.elementType || (mayRetype && stated.elementType.isInteger) else {
      throw ModelError(
        .malformed, "the output '\(name)' is stated as \(stated), the operator gives \(inferred)")
    }
    guard stated.shape.isCompatible(with: inferred.shape) else {
      throw ModelError(
        .malformed, "the output '\(name)' is stated as \(stated.shape), the operator gives \(inferred.shape)")
    }
    return TensorType(
      stated.elementType, Self.merged(inferred.shape, stated.shape),
      quantization: stated.quantization ?? inferred.quantization)
  }

  private static func merged(_ inferred: Shape, _ stated: Shape) -> Shape {
    guard let a = inferred.dimensions else { return stated }
    guard let b = stated.dimensions else { return inferred }
    return .ranked(zip(a, b).map { $0 == .unknown || (!$0.isFixed && $1.isFixed) ? $1 : $0 })
  }
}

extension Dimension {
  var isFixed: Bool { fixedValue != nil }
}
