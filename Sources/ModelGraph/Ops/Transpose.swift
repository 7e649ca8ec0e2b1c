/// Reorders axes: axis `i` of the result is axis `permutation[i]` of x.
public struct Transpose: Operator {
  public static let name = "transpose"

  public var permutation: [Int]

  public init(_ permutation: [Int]) { self.permutation = permutation }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard permutation.sorted() == Array(0..<permutation.count) else {
      throw ModelError(.malformed, "\(permutation) is no permutation")
    }
    _ = try inputs.dimensions(0, rank: permutation.count, "the tensor")
    guard x.shape.rank != nil else {
      return [x.with(shape: .ranked([Dimension](repeating: .unknown, count: permutation.count)))]
    }
    return [x.permuted(by: permutation)]
  }
}
