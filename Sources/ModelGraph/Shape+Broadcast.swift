extension Shape {
  /// The shape of an elementwise result: axes aligned from the last, an extent of one stretched (numpy's rule).
  ///
  /// An open extent against a fixed one greater than one gives the fixed one; two different open ones give an unknown one.
  ///
  /// - Throws: `.malformed` when two fixed extents differ and neither is one.
  public static func broadcast(_ left: Shape, _ right: Shape) throws(ModelError) -> Shape {
    guard let a = left.dimensions, let b = right.dimensions else { return .unranked }
    let rank = max(a.count, b.count)
    var result: [Dimension] = []
    for axis in 0..<rank {
      let x = axis < rank - a.count ? Dimension.fixed(1) : a[axis - (rank - a.count)]
      let y = axis < rank - b.count ? Dimension.fixed(1) : b[axis - (rank - b.count)]
      switch (x.fixedValue, y.fixedValue) {
      case (1, _): result.append(y)
      case (_, 1): result.append(x)
      case (let p?, let q?):
        guard p == q else { throw ModelError(.malformed, "\(left) and \(right) do not broadcast") }
        result.append(x)
      case (.some, nil): result.append(x)
      case (nil, .some): result.append(y)
      case (nil, nil): result.append(x == y ? x : .unknown)
      }
    }
    return .ranked(result)
  }
}
