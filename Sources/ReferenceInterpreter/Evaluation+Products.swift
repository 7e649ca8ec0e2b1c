import ModelGraph

extension Evaluation {
  /// y[r, o] = clamp(b[o] + Σᵢ x[r, i] · w[o, i]), r over all leading axes.
  ///
  /// Source: TensorFlow Lite FULLY_CONNECTED; ONNX Gemm with α = β = 1.
  func fullyConnected(_ op: FullyConnected) throws(ModelError) -> [Tensor] {
    let x = try reals(0)
    var weights = try input(1)
    if op.weightLayout == .outputInput { weights = try weights.transposed([1, 0]) }
    let features = weights.extents[0]
    let outputs = weights.extents[1]
    let count = try Self.product(try outputExtents())
    var y = try startingFromBias(2, channels: outputs, count: count)
    guard x.count == count / outputs * features else {
      throw ModelError(.internalFault, "\(x.count) elements for \(features) features")
    }
    Self.addProduct(x, try realElements(weights), to: &y, inner: features, columns: outputs)
    return try result(y, clamp: op.outputClamp)
  }

  /// y[..., m, n] = Σₖ a[..., m, k] · b[..., k, n], leading axes broadcast.
  ///
  /// Source: `numpy.matmul`; ONNX MatMul; TensorFlow Lite BATCH_MATMUL.
  func matrixProduct(_ op: MatMul) throws(ModelError) -> [Tensor] {
    var a = try input(0)
    var b = try input(1)
    // A vector on the left is a row, on the right a column.
    if a.extents.count == 1 { a = try a.reshaped(to: [1] + a.extents) }
    if b.extents.count == 1 { b = try b.reshaped(to: b.extents + [1]) }
    if op.transposesA { a = try a.transposed(Self.exchangingLastTwo(a.extents.count)) }
    if op.transposesB { b = try b.transposed(Self.exchangingLastTwo(b.extents.count)) }
    let rows = a.extents[a.extents.count - 2]
    let inner = a.extents[a.extents.count - 1]
    let columns = b.extents[b.extents.count - 1]
    let leading = try Shape.broadcast(Shape(a.extents.dropLast(2)), Shape(b.extents.dropLast(2))).extents ?? []
    a = try a.broadcast(to: leading + [rows, inner])
    b = try b.broadcast(to: leading + [inner, columns])
    let batches = try Self.product(leading)
    if a.elementType.isFloatingPoint {
      let left = try realElements(a)
      let right = try realElements(b)
      var y: [Double] = []
      for batch in 0..<batches {
        var part = [Double](repeating: 0, count: rows * columns)
        Self.addProduct(
          Array(left[(batch * rows * inner)..<((batch + 1) * rows * inner)]),
          Array(right[(batch * inner * columns)..<((batch + 1) * inner * columns)]), to: &part, inner: inner,
          columns: columns)
        y += part
      }
      return try result(y)
    }
    let left = try a.integers()
    let right = try b.integers()
    var y = [Int](repeating: 0, count: batches * rows * columns)
    for batch in 0..<batches {
      for m in 0..<rows {
        for k in 0..<inner {
          for n in 0..<columns {
            let product = left[(batch * rows + m) * inner + k] &* right[(batch * inner + k) * columns + n]
            y[(batch * rows + m) * columns + n] &+= product
          }
        }
      }
    }
    return try result(y)
  }

  /// y[m, n] += Σₖ a[m, k] · b[k, n].
  private static func addProduct(_ a: [Double], _ b: [Double], to y: inout [Double], inner: Int, columns: Int) {
    guard columns > 0 else { return }
    let rows = y.count / columns
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        y.withUnsafeMutableBufferPointer { y in
          guard let a = a.baseAddress, let b = b.baseAddress, let y = y.baseAddress else { return }
          for m in 0..<rows { addDense(a + m * inner, b, to: y + m * columns, inputs: inner, outputs: columns) }
        }
      }
    }
  }

  private static func exchangingLastTwo(_ rank: Int) -> [Int] {
    var permutation = Array(0..<rank)
    permutation.swapAt(rank - 1, rank - 2)
    return permutation
  }
}
