/// Repeats x `repeats[i]` times along axis i.
public struct Tile: Operator {
  public static let name = "tile"

  public var repeats: [Int]

  public init(_ repeats: [Int]) { self.repeats = repeats }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let dimensions = try inputs.dimensions(0, rank: repeats.count, "the tensor")
    guard repeats.allSatisfy({ $0 >= 0 }) else { throw ModelError(.malformed, "repeats \(repeats)") }
    return [x.with(shape: .ranked(zip(dimensions, repeats).map { $0.multiplied(by: $1) }))]
  }
}
