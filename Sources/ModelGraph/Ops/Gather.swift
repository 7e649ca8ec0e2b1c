/// Picks slices of x along `axis` by index; negative indices count from the end. Inputs: x, indices. ONNX Gather.
public struct Gather: Operator {
  public static let name = "gather"

  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...2)
    let x = try inputs.type(0)
    let indices = try inputs.type(1)
    guard indices.elementType.isInteger else { throw ModelError(.malformed, "indices of type \(indices)") }
    guard let dimensions = x.shape.dimensions, let picked = indices.shape.dimensions else {
      return [x.with(shape: .unranked)]
    }
    guard dimensions.indices.contains(axis) else { throw ModelError(.malformed, "axis \(axis) of \(x.shape)") }
    return [x.with(shape: .ranked(dimensions[..<axis] + picked + dimensions[(axis + 1)...]))]
  }
}
