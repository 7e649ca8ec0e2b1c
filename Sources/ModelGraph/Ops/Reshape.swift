/// The same elements in the same order under another shape.
///
/// Inputs: x, and, where `target` is nil, the new shape as an integer vector that is only known at run time.
public struct Reshape: Operator {
  public static let name = "reshape"

  public enum Extent: Hashable, Sendable {
    case fixed(Int)
    /// The extent of axis `n` of the input.
    case copied(Int)
    /// Whatever is left of the element count; at most one.
    case inferred
  }

  public var target: [Extent]?

  public init(_ target: [Extent]?) { self.target = target }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(target == nil ? 2...2 : 1...1)
    let x = try inputs.type(0)
    if let target { return [x.with(shape: try Self.shape(of: x.shape, target: target))] }
    if let dimensions = try Self.requestedDimensions(inputs, index: 1) {
      return [x.with(shape: try Self.shape(of: x.shape, requested: dimensions))]
    }
    if let rank = try inputs.type(1).shape.dimensions?.first?.fixedValue, (0...32).contains(rank) {
      return [x.with(shape: .ranked([Dimension](repeating: .unknown, count: rank)))]
    }
    return [x.with(shape: .unranked)]
  }

  /// The elements of a shape input, from its content or from what shapes tell of it.
  static func requestedDimensions(_ inputs: OperatorInputs, index: Int) throws(ModelError) -> [Dimension]? {
    if let constant = inputs.constant(index) { return try constant.integers().map(Dimension.fixed) }
    return inputs.knownDimensions(index)
  }

  /// The result of a request in which −1 stands for what is left.
  static func shape(of x: Shape, requested: [Dimension]) throws(ModelError) -> Shape {
    var target: [Extent] = []
    var open: [Int: Dimension] = [:]
    for (axis, dimension) in requested.enumerated() {
      switch dimension.fixedValue {
      case -1: target.append(.inferred)
      case let value?: target.append(.fixed(value))
      case nil:
        open[axis] = dimension
        target.append(.fixed(1))
      }
    }
    if open.isEmpty { return try shape(of: x, target: target) }
    // An open extent of the request cancels against the same open extent of the input.
    var dimensions = x.dimensions
    for dimension in open.values {
      if let position = dimensions?.firstIndex(of: dimension) { dimensions?[position] = 1 } else { dimensions = nil }
    }
    let rest: Shape
    if let dimensions {
      rest = try shape(of: .ranked(dimensions), target: target)
    } else {
      rest = .ranked(target.map { if case .fixed(let value) = $0 { .fixed(value) } else { .unknown } })
    }
    guard var result = rest.dimensions else { return .unranked }
    for (axis, dimension) in open { result[axis] = dimension }
    return .ranked(result)
  }

  static func shape(of x: Shape, target: [Extent]) throws(ModelError) -> Shape {
    var result: [Dimension] = []
    var inferredAxis: Int?
    var copied: Set<Int> = []
    for (axis, extent) in target.enumerated() {
      switch extent {
      case .fixed(let value):
        guard value >= 0 else { throw ModelError(.malformed, "an extent of \(value) in a shape") }
        result.append(.fixed(value))
      case .copied(let source):
        guard let dimensions = x.dimensions else {
          result.append(.unknown)
          continue
        }
        guard dimensions.indices.contains(source) else {
          throw ModelError(.malformed, "axis \(source) is copied from \(x), which has no such axis")
        }
        copied.insert(source)
        result.append(dimensions[source])
      case .inferred:
        guard inferredAxis == nil else { throw ModelError(.malformed, "two extents of a shape are left to infer") }
        inferredAxis = axis
        result.append(1)
      }
    }
    guard let dimensions = x.dimensions else {
      if let inferredAxis { result[inferredAxis] = .unknown }
      return .ranked(result)
    }
    // Copied extents cancel on both sides, so that an open batch does not hide the rest.
    let remaining = dimensions.indices.filter { !copied.contains($0) }.map { dimensions[$0] }
    var fixedProduct = 1
    for (axis, extent) in target.enumerated() {
      guard case .fixed(let value) = extent, axis != inferredAxis else { continue }
      let (product, overflow) = fixedProduct.multipliedReportingOverflow(by: value)
      guard !overflow else { throw ModelError(.malformed, "the shape \(Shape.ranked(result)) is too large") }
      fixedProduct = product
    }
    let total = Shape.ranked(remaining).elementCount()
    if let inferredAxis {
      if let total {
        guard fixedProduct > 0, total % fixedProduct == 0 else {
          throw ModelError(.malformed, "\(x) does not divide into the shape that is asked for")
        }
        result[inferredAxis] = .fixed(total / fixedProduct)
      } else {
        let product = remaining.reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
        // Open extents: the quotient is exact whenever the fixed factors alone already divide.
        let open = remaining.filter { $0.fixedValue == nil }
        let closed = Shape.ranked(remaining.filter { $0.fixedValue != nil }).elementCount()
        if let closed, fixedProduct > 0, closed % fixedProduct == 0 {
          result[inferredAxis] = open.reduce(Dimension.fixed(closed / fixedProduct)) { $0.multiplied(by: $1) }
        } else {
          result[inferredAxis] = product.dividedRoundingDown(by: max(fixedProduct, 1))
        }
      }
    } else if let total, total != fixedProduct {
      throw ModelError(.malformed, "\(x) does not have as many elements as \(Shape.ranked(result))")
    }
    return .ranked(result)
  }
}
