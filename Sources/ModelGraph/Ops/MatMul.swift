/// Matrix product with broadcast leading axes, as numpy.matmul: a [..., M, K] · b [..., K, N] → [..., M, N].
public struct MatMul: Operator {
  public static let name = "matMul"

  /// Whether the last two axes of `a` (or `b`) are exchanged first.
  public var transposesA: Bool
  public var transposesB: Bool

  public init(transposesA: Bool = false, transposesB: Bool = false) {
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public var parameterInputs: [Int] { [0, 1] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...2)
    let type = try inputs.type(0)
    guard var a = type.shape.dimensions, var b = try inputs.type(1).shape.dimensions else {
      return [type.with(shape: .unranked)]
    }
    guard !a.isEmpty, !b.isEmpty else { throw ModelError(.malformed, "a factor is a scalar") }
    // A vector stands for a matrix of one row (left) or one column (right), and that axis is dropped again.
    let dropsRow = a.count == 1
    let dropsColumn = b.count == 1
    if dropsRow { a.insert(1, at: 0) }
    if dropsColumn { b.append(1) }
    if transposesA { a.swapAt(a.count - 1, a.count - 2) }
    if transposesB { b.swapAt(b.count - 1, b.count - 2) }
    guard a[a.count - 1].isCompatible(with: b[b.count - 2]) else {
      throw ModelError(.malformed, "cannot multiply \(Shape.ranked(a)) by \(Shape.ranked(b))")
    }
    let leading = try Shape.broadcast(.ranked(Array(a.dropLast(2))), .ranked(Array(b.dropLast(2))))
    var result = leading.dimensions ?? []
    if !dropsRow { result.append(a[a.count - 2]) }
    if !dropsColumn { result.append(b[b.count - 1]) }
    return [TensorType(type.elementType, .ranked(result))]
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    guard let count = outputs.first?.shape.elementCount(), let a = inputs.optionalType(0)?.shape.dimensions,
      let inner = a.count == 1 ? a[0].fixedValue : a[a.count - (transposesA ? 2 : 1)].fixedValue
    else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: inner)
    return overflow ? nil : product
  }
}
