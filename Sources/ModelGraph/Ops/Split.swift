/// Cuts a tensor into parts of the given extents along one axis.
public struct Split: Operator {
  public static let name = "split"

  public var axis: Int
  public var extents: [Int]

  public init(axis: Int, extents: [Int]) {
    self.axis = axis
    self.extents = extents
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard extents.allSatisfy({ (0...(1 << 40)).contains($0) }), extents.count <= 1 << 16 else {
      throw ModelError(.malformed, "parts of extents \(extents)")
    }
    guard let dimensions = x.shape.dimensions else { return extents.map { _ in x } }
    guard dimensions.indices.contains(axis), dimensions[axis].isCompatible(with: .fixed(extents.reduce(0, +))) else {
      throw ModelError(.malformed, "\(x.shape) does not split into \(extents) along axis \(axis)")
    }
    return extents.map { extent in
      var part = dimensions
      part[axis] = .fixed(extent)
      return x.with(shape: .ranked(part))
    }
  }
}
