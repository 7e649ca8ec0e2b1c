import Glibc
import ModelGraph

extension Evaluation {
  /// y = clamp(γ · (x − μ) / √(σ² + ε) + β), the parameters by channel; γ is 1 and β is 0 where absent.
  ///
  /// Source: arXiv:1502.03167, algorithm 2; ONNX BatchNormalization.
  func batchNorm(_ op: BatchNorm) throws(ModelError) -> [Tensor] {
    let x = try reals(0)
    let extents = try input(0).extents
    let channels = extents[op.axis]
    let scale = try optionalReals(1) ?? [Double](repeating: 1, count: channels)
    let shift = try optionalReals(2) ?? [Double](repeating: 0, count: channels)
    let mean = try reals(3)
    let variance = try reals(4)
    guard [scale, shift, mean, variance].allSatisfy({ $0.count == channels }) else {
      throw ModelError(.malformed, "parameters of a batch normalization that do not match \(channels) channels")
    }
    let inner = try Self.product(extents[(op.axis + 1)...])
    var y = x
    for index in y.indices {
      let c = index / inner % channels
      y[index] = scale[c] * (x[index] - mean[c]) / (variance[c] + Double(op.epsilon)).squareRoot() + shift[c]
    }
    return try result(y, clamp: op.outputClamp)
  }

  /// y = γ · (x − m) / √(v + ε) + β, m and v = mean((x − m)²) over all axes from `axis` on.
  ///
  /// Source: arXiv:1607.06450; ONNX LayerNormalization.
  func layerNorm(_ op: LayerNorm) throws(ModelError) -> [Tensor] {
    var y = try reals(0)
    let count = try Self.product(try input(0).extents[op.axis...])
    let scale = try optionalReals(1) ?? [Double](repeating: 1, count: count)
    let shift = try optionalReals(2) ?? [Double](repeating: 0, count: count)
    for start in stride(from: 0, to: y.count, by: count) {
      let row = y[start..<(start + count)]
      let mean = row.reduce(0, +) / Double(count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      let deviation = (variance + Double(op.epsilon)).squareRoot()
      for index in 0..<count {
        y[start + index] = scale[index] * (y[start + index] - mean) / deviation + shift[index]
      }
    }
    return try result(y)
  }

  /// yᵢ = e^(β(xᵢ − m)) / Σⱼ e^(β(xⱼ − m)) with m = max x, which cancels and keeps the powers finite; its logarithm is
  /// β(xᵢ − m) − ln Σⱼ e^(β(xⱼ − m)).
  ///
  /// Source: ONNX Softmax and LogSoftmax (opset 13; opset 1 for `coversTrailingAxes`); TensorFlow Lite SOFTMAX for β.
  func softmax(_ op: Softmax) throws(ModelError) -> [Tensor] {
    var y = try reals(0)
    let extents = try input(0).extents
    let covered = extents.isEmpty ? [] : op.coversTrailingAxes ? extents[op.axis...] : extents[op.axis...op.axis]
    let count = try Self.product(covered)
    let inner = op.coversTrailingAxes || extents.isEmpty ? 1 : try Self.product(extents[(op.axis + 1)...])
    let beta = Double(op.beta)
    for outer in 0..<(y.count / (count * inner)) {
      for offset in 0..<inner {
        let first = outer * count * inner + offset
        let positions = stride(from: first, to: first + count * inner, by: inner)
        var largest = -Double.infinity
        for position in positions { largest = max(largest, beta * y[position]) }
        var sum = 0.0
        for position in positions { sum += exp(beta * y[position] - largest) }
        for position in positions {
          let shifted = beta * y[position] - largest
          y[position] = op.isLogarithm ? shifted - log(sum) : exp(shifted) / sum
        }
      }
    }
    return try result(y)
  }
}
