/// All axes before `axis` become one, all from it on another: [d₀ … dₙ] → [d₀ ⋯ d₍axis−1₎, d₍axis₎ ⋯ dₙ]. ONNX Flatten.
public struct Flatten: Operator {
  public static let name = "flatten"

  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard let dimensions = x.shape.dimensions else { return [x.with(shape: [.unknown, .unknown])] }
    guard (0...dimensions.count).contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of a tensor with \(dimensions.count) axes")
    }
    let rows = dimensions[..<axis].reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
    let columns = dimensions[axis...].reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
    return [x.with(shape: [rows, columns])]
  }
}
