/// A reduction over `axes` (all axes when empty is not meant: importers list them).
public struct Reduce: Operator {
  public static let name = "reduce"

  public enum Function: String, Hashable, Sendable, CaseIterable {
    case mean, sum, maximum, minimum, product
    /// √Σx²
    case euclideanNorm
    case sumOfSquares
    case absoluteSum
  }

  public var function: Function
  /// The reduced axes, none negative, ascending.
  public var axes: [Int]
  public var keepsAxes: Bool

  public init(_ function: Function, axes: [Int], keepsAxes: Bool) {
    self.function = function
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard let dimensions = x.shape.dimensions else { return [x] }
    guard axes.allSatisfy(dimensions.indices.contains), Set(axes).count == axes.count else {
      throw ModelError(.malformed, "axes \(axes) of a tensor with \(dimensions.count) axes")
    }
    var result: [Dimension] = []
    for (axis, dimension) in dimensions.enumerated() {
      if !axes.contains(axis) { result.append(dimension) } else if keepsAxes { result.append(1) }
    }
    return [TensorType(x.elementType, .ranked(result), quantization: x.quantization)]
  }
}
