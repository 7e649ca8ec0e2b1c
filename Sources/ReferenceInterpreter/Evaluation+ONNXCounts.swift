import ModelGraph

/// What ONNX's definitions make of operators on quantized tensors.
///
/// Three kinds. Products of counts and averages are exact sums, rescaled once (``RealRescaling``). Operators that only move
/// counts of one scale move them as they are. All others are what the definitions say in words: DequantizeLinear, the operator
/// on float32, QuantizeLinear, each result rounded to float32 in between.
extension Evaluation {
  /// The results of an operator on quantized tensors; nil where it moves counts and does no arithmetic.
  ///
  /// - Throws: `.unsupported` for operators that ONNX does not define on counts.
  func onCountsByONNX(_ op: Op) throws(ModelError) -> [Tensor]? {
    switch op {
    case .conv2D(let op): return try conv2DByONNX(op)
    case .fullyConnected(let op): return try fullyConnectedByONNX(op)
    case .matMul(let op): return try matMulByONNX(op)
    case .pool2D(let pool) where pool.kind == .average: return try averageByONNX(op, clamp: pool.outputClamp)
    case .globalPool(let pool) where pool.kind == .average: return try averageByONNX(op)
    case .reduce(let reduce) where reduce.function == .mean: return try averageByONNX(op)
    case .quantize: return try input(0).type.quantization == nil ? nil : try throughRealNumbers(op)
    // A maximum comes back as the very count: round(float32(s · k) / s) = k.
    case .pool2D, .globalPool: return try throughRealNumbers(op)
    case .concat, .resize2D: return keepsCounts(op) ? nil : try throughRealNumbers(op)
    case .binary(let binary) where !binary.function.isPredicate: return try throughRealNumbers(op)
    case .unary, .clamp, .prelu, .softmax, .reduce: return try throughRealNumbers(op)
    default: return nil
    }
  }

  /// Whether an operator hands counts on that mean the same before and after, and takes none apart.
  private func keepsCounts(_ op: Op) -> Bool {
    switch op {
    case .resize2D(let op) where op.interpolation != .nearest: return false
    case .concat(let op) where !op.outputClamp.isUnbounded: return false
    default: break
    }
    guard case .perTensor? = outputTypes.first?.quantization else { return false }
    let types = inputs.compactMap { $0?.type } + outputTypes
    // A resize's target is no tensor of counts.
    let counts = types.filter { $0.quantization != nil }
    return counts.allSatisfy {
      $0.quantization == counts[0].quantization && $0.elementType == counts[0].elementType
    }
  }

  // MARK: Sums of products

  /// y = saturate(round((Σ (x − zₓ)(w − z_w) + b) · sₓ s_w / s_y) + z_y); padding holds zₓ.
  ///
  /// Source: ONNX QLinearConv.
  private func conv2DByONNX(_ op: Conv2D) throws(ModelError) -> [Tensor] {
    var conv = op
    conv.outputClamp = .unbounded
    let sums = try exactly(try sumOperands(outputAxis: op.filterLayout.outputAxis)).convolution(conv)
    return try rescaled(sums[0], channelAxis: op.layout.channelAxis, clamp: op.outputClamp)
  }

  /// y = saturate(round((Σ (x − zₓ)(w − z_w) + b) · sₓ s_w / s_y) + z_y).
  ///
  /// Source: com.microsoft QGemm, α = 1.
  private func fullyConnectedByONNX(_ op: FullyConnected) throws(ModelError) -> [Tensor] {
    var dense = op
    dense.outputClamp = .unbounded
    let outputAxis = op.weightLayout == .outputInput ? 0 : 1
    let sums = try exactly(try sumOperands(outputAxis: outputAxis)).fullyConnected(dense)
    return try rescaled(sums[0], channelAxis: sums[0].extents.count - 1, clamp: op.outputClamp)
  }

  /// y = saturate(round(Σ (a − zₐ)(b − z_b) · sₐ s_b / s_y) + z_y), the scale of b for all or by column.
  ///
  /// Source: ONNX QLinearMatMul.
  private func matMulByONNX(_ op: MatMul) throws(ModelError) -> [Tensor] {
    let columns = op.transposesB ? 2 : 1
    let outputAxis = try input(1).extents.count - columns
    let sums = try exactly(try sumOperands(outputAxis: outputAxis)).matrixProduct(op)
    return try rescaled(sums[0], channelAxis: sums[0].extents.count - 1, clamp: .unbounded)
  }

  /// The operands of a sum of products, less their zero points, and the bias.
  ///
  /// - Parameter outputAxis: the axis of the weights along which their scales may change; nil: none.
  private func sumOperands(outputAxis: Int?) throws(ModelError) -> [Tensor?] {
    let x = try input(0)
    let w = try input(1)
    for operand in [x.type, w.type, try outputType()] {
      guard operand.elementType == .int8 || operand.elementType == .uint8, operand.quantization != nil else {
        throw ModelError(.unsupported, "sums of products with a tensor of type \(operand)")
      }
    }
    switch w.type.quantization {
    case .perTensor?: break
    case .perAxis(let axis, _, _)? where axis == outputAxis: break
    default: throw ModelError(.unsupported, "weights of type \(w.type), whose scales do not go by output channel")
    }
    var operands: [Tensor?] = [try x.centeredCounts(), try w.centeredCounts()]
    if let bias = optionalInput(2) {
      try bias.requireBias(input: x.type, weights: w.type)
      operands.append(try bias.centeredCounts())
    }
    return operands
  }

  /// Sums, wrapped around to the 32 bits that ONNX allows them, as counts of the output.
  private func rescaled(_ sums: Tensor, channelAxis: Int, clamp: ClampRange) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    guard sums.extents.indices.contains(channelAxis) else { throw ModelError(.unsupported, "a sum without channels") }
    let channels = sums.extents[channelAxis]
    let rescaling = try RealRescaling.products(
      input: try input(0).type, weights: try input(1).type, output: type, channels: channels, clamp: clamp)
    let inner = try Self.product(sums.extents[(channelAxis + 1)...])
    var counts: [Int] = []
    for (index, sum) in try sums.doubles().enumerated() {
      let whole = Int32(truncatingIfNeeded: Int(saturating: sum))
      counts.append(Int(rescaling.count(of: Float(whole), channel: index / inner % channels)))
    }
    return [try Tensor(wrapping: counts, type: type)]
  }

  // MARK: Averages

  /// y = saturate(round(a · sₓ / s_y) + z_y), a the average of x − zₓ rounded to float32.
  ///
  /// Averaging counts instead of real numbers makes the result independent of the order of the summands.
  /// Source: com.microsoft QLinearAveragePool, QLinearGlobalAveragePool, QLinearReduceMean.
  private func averageByONNX(_ op: Op, clamp: ClampRange = .unbounded) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    let x = try input(0)
    guard x.type.quantization != nil, type.quantization != nil else { return try throughRealNumbers(op) }
    let rescaling = try RealRescaling.average(input: x.type, output: type, clamp: clamp)
    var unclamped = op
    if case .pool2D(var pool) = op {
      pool.outputClamp = .unbounded
      unclamped = .pool2D(pool)
    }
    let averages = try exactly([try x.centeredCounts()]).result(of: unclamped)
    return [
      try Tensor(
        wrapping: try averages[0].doubles().map { Int(rescaling.count(of: Float($0), channel: 0)) }, type: type)
    ]
  }

  // MARK: Everything else

  /// DequantizeLinear → the operator on float32 → QuantizeLinear.
  ///
  /// Source: com.microsoft QLinearAdd, QLinearMul, QLinearConcat, QLinearLeakyRelu, QLinearSigmoid, QLinearSoftmax.
  private func throughRealNumbers(_ op: Op) throws(ModelError) -> [Tensor] {
    var operands: [Tensor?] = []
    for input in inputs {
      guard let input, input.type.quantization != nil else {
        operands.append(input)
        continue
      }
      let real = TensorType(.float32, input.type.shape)
      operands.append(try with(inputs: [input], outputTypes: [real]).dequantize()[0])
    }
    let types = outputTypes.map { $0.quantization == nil ? $0 : TensorType(.float32, $0.shape) }
    let results: [Tensor]
    if case .quantize = op {
      results = [try with(inputs: operands, outputTypes: types).input(0)]
    } else {
      results = try with(inputs: operands, outputTypes: types).result(of: op)
    }
    var counts: [Tensor] = []
    for (result, type) in zip(results, outputTypes) {
      guard let quantization = type.quantization else {
        counts.append(result)
        continue
      }
      let step = Quantize(to: type.elementType, quantization, roundsHalfToEven: true)
      counts += try with(inputs: [result], outputTypes: [type]).quantize(step)
    }
    return counts
  }
}

extension Tensor {
  /// count − zero point, exactly, as float64.
  ///
  /// - Throws: `.malformed` when the quantization does not fit the shape; `.unsupported` for a tensor that has none.
  func centeredCounts() throws(ModelError) -> Tensor {
    guard let quantization = type.quantization else { throw ModelError(.unsupported, "no counts: \(type)") }
    let parameters = try Evaluation.parameterIndices(quantization, extents)
    let zeroPoints = quantization.zeroPoints
    let values = zip(try integers(), parameters).map { Double($0 - Int(zeroPoints[$1])) }
    return try Tensor(values, type: TensorType(.float64, type.shape))
  }
}
