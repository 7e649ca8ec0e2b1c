/// Joins tensors along one axis; all other extents agree.
public struct Concat: Operator {
  public static let name = "concat"

  public var axis: Int
  public var outputClamp: ClampRange

  public init(axis: Int, outputClamp: ClampRange = .unbounded) {
    self.axis = axis
    self.outputClamp = outputClamp
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...(1 << 16))
    let first = try inputs.type(0)
    guard var result = first.shape.dimensions else { return [first.with(shape: .unranked)] }
    guard result.indices.contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of a tensor with \(result.count) axes")
    }
    var extent = Dimension.fixed(0)
    for index in 0..<inputs.count {
      let type = try inputs.type(index)
      guard type.elementType == first.elementType else {
        throw ModelError(.malformed, "parts of types \(first.elementType.name) and \(type.elementType.name)")
      }
      let dimensions = try inputs.dimensions(index, rank: result.count, "part \(index)")
      for other in result.indices where other != axis {
        guard dimensions[other].isCompatible(with: result[other]) else {
          throw ModelError(.malformed, "part \(index) of shape \(type.shape) does not fit \(first.shape) along \(axis)")
        }
        if result[other].fixedValue == nil, dimensions[other].fixedValue != nil { result[other] = dimensions[other] }
      }
      extent = extent.adding(dimensions[axis])
    }
    result[axis] = extent
    return [TensorType(first.elementType, .ranked(result), quantization: first.quantization)]
  }
}
