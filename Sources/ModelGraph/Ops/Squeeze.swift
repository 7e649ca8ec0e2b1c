/// Removes axes of extent one.
public struct Squeeze: Operator {
  public static let name = "squeeze"

  /// The axes to remove, none negative, ascending.
  public var axes: [Int]

  public init(axes: [Int]) { self.axes = axes }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard let dimensions = x.shape.dimensions else { return [x] }
    for axis in axes {
      guard dimensions.indices.contains(axis), dimensions[axis].isCompatible(with: 1) else {
        throw ModelError(.malformed, "axis \(axis) of \(x.shape) cannot be removed")
      }
    }
    return [x.with(shape: .ranked(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] }))]
  }
}
