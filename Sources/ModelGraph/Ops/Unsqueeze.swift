/// Inserts axes of extent one.
public struct Unsqueeze: Operator {
  public static let name = "unsqueeze"

  /// Where the new axes stand in the result, none negative, ascending.
  public var axes: [Int]

  public init(axes: [Int]) { self.axes = axes }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard var rest = x.shape.dimensions?[...] else { return [x] }
    let rank = rest.count + axes.count
    guard Set(axes).count == axes.count, axes.allSatisfy((0..<rank).contains) else {
      throw ModelError(.malformed, "axes \(axes) cannot be inserted into \(x.shape)")
    }
    let result = (0..<rank).map { axes.contains($0) ? Dimension.fixed(1) : rest.removeFirst() }
    return [x.with(shape: .ranked(result))]
  }
}
