import ModelGraph

/// The matrices of a product a [..., M, K] · b [..., K, N], leading axes broadcast; a vector is one row or one column.
struct MatMulExtents: Sendable {
  /// Elements from one summand to the next, and from one row of the left factor or column of the right one.
  struct Strides: Sendable {
    let depth: Int
    let line: Int
  }

  let rows: Int
  let depth: Int
  let columns: Int
  let left: Strides
  let right: Strides
  /// Where the two matrices of each product begin.
  let products: [(left: Int, right: Int)]

  /// - Throws: `.unsupported` for factors that do not fit.
  init(_ op: MatMul, left a: [Int], right b: [Int]) throws(ModelError) {
    guard !a.isEmpty, !b.isEmpty else { throw ModelError(.unsupported, "a product of \(a) by \(b)") }
    let (a, b) = (a.count == 1 ? [1] + a : a, b.count == 1 ? b + [1] : b)
    let (aRows, aColumns) = (a[a.count - 2], a[a.count - 1])
    let (bRows, bColumns) = (b[b.count - 2], b[b.count - 1])
    (rows, depth) = op.transposesA ? (aColumns, aRows) : (aRows, aColumns)
    columns = op.transposesB ? bRows : bColumns
    left = op.transposesA ? Strides(depth: aColumns, line: 1) : Strides(depth: 1, line: aColumns)
    right = op.transposesB ? Strides(depth: 1, line: bColumns) : Strides(depth: bColumns, line: 1)
    let leading = try Shape.broadcast(Shape(a.dropLast(2)), Shape(b.dropLast(2))).extents
    guard depth == (op.transposesB ? bColumns : bRows), let leading else {
      throw ModelError(.unsupported, "a product of \(a) by \(b)")
    }
    var products = [(left: 0, right: 0)]
    var (leftSize, rightSize) = (aRows * aColumns, bRows * bColumns)
    // From the innermost axis outwards, each position of an axis before all of those further in.
    for (distance, extent) in leading.reversed().enumerated() {
      let leftExtent = distance < a.count - 2 ? a[a.count - 3 - distance] : 1
      let rightExtent = distance < b.count - 2 ? b[b.count - 3 - distance] : 1
      let (leftStep, rightStep) = (leftExtent == 1 ? 0 : leftSize, rightExtent == 1 ? 0 : rightSize)
      products = (0..<extent).flatMap { index in
        products.map { ($0.left + index * leftStep, $0.right + index * rightStep) }
      }
      (leftSize, rightSize) = (leftSize * leftExtent, rightSize * rightExtent)
    }
    self.products = products
  }
}
