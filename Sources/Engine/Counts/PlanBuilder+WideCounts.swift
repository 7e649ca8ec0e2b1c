import CKernels
import ModelGraph
import ReferenceInterpreter

/// Operators on 16-bit counts, which have no zero point; only LiteRT's arithmetic has them.
extension PlanBuilder {
  /// Whether a node computes with counts of 16 bits.
  func computesWide(_ node: Node) -> Bool {
    guard let x = node.input(0), graph[x].type.quantization != nil, let y = node.outputs.first else { return false }
    return graph[x].type.elementType == .int16 && graph[y].type.elementType == .int16
  }

  /// - Throws: `.unsupported` when the engine has no kernel for what the node asks.
  mutating func lowerWide(_ node: Node) throws(ModelError) {
    guard graph.arithmetic == .liteRT else {
      throw ModelError(
        .unsupported, "the engine has no kernel for \(node.op.name) of \(graph[try input(node, 0)].type)")
    }
    for id in [try input(node, 0), try output(node)] {
      guard try graph[id].type.zeroPoint() == 0 else {
        throw ModelError(.unsupported, "16-bit counts with a zero point: \(graph[id].type)")
      }
    }
    switch node.op {
    case .conv2D(let op):
      let convolution = try describe(op, node)
      let factors = try FixedPointMultiplier.convolution(
        input: graph[convolution.input].type, filter: convolution.filter.type, output: graph[convolution.output].type,
        channels: convolution.outputMap.channels)
      try emitWide(
        node, CountConvolution(convolution), weights: convolution.filter, bias: convolution.bias, factors,
        op.outputClamp)
    case .fullyConnected(let op):
      var weights = try constantTensor(node, 1, "weights")
      if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
      let (outputs, inputs) = (weights.extents[0], weights.extents[1])
      let x = try input(node, 0)
      guard inputs > 0, outputs > 0, try elementCount(x) % inputs == 0 else {
        throw ModelError(.unsupported, "weights \(weights.type) for \(graph[x].type)")
      }
      let (input, output) = (graph[x].type, graph[try self.output(node)].type)
      let scales = weights.type.quantization?.scales ?? []
      guard scales.count == 1 || scales.count == outputs else {
        throw ModelError(.unsupported, "\(scales.count) scales for \(outputs) output channels")
      }
      // Rows of 16 bits are rescaled in float64.
      let (inputScale, outputScale) = (Double(try input.scale()), Double(try output.scale()))
      let factors = (0..<outputs).map { inputScale * Double(scales[scales.count == 1 ? 0 : $0]) / outputScale }
      try emitWide(
        node, try CountConvolution(rows: try elementCount(x) / inputs, inputs: inputs, outputs: outputs),
        weights: weights, bias: try optionalConstant(node, 2, "a bias"), [], op.outputClamp, realFactors: factors)
    case .reduce(let op) where op.function == .mean && op.axes == [1, 2]: try lowerWideMean(node)
    case .binary(let op): try lowerWide(op, node)
    case .softmax(let op): try lowerWide(op, node)
    case .clamp(let op):
      let (x, y) = (graph[try input(node, 0)].type, graph[try output(node)].type)
      let factor = try FixedPointMultiplier(Double(try x.scale() / y.scale()))
      try emitWide(node, ferry_q16_binary_rescaling, factor, factor, factor, op.range)
    case .quantize:
      let factor = try FixedPointMultiplier(
        from: graph[try input(node, 0)].type, to: graph[try output(node)].type)
      try emitWide(node, ferry_q16_binary_rescaling, factor, factor, factor, .unbounded)
    default:
      throw ModelError(
        .unsupported, "the engine has no kernel for \(node.op.name) with \(graph[try input(node, 0)].type)")
    }
  }

  private mutating func lowerWide(_ op: Softmax, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    guard !op.isLogarithm, !op.coversTrailingAxes, let columns = extents.last, op.axis == extents.count - 1,
      columns <= 1 << 15, op.beta > 0
    else { throw ModelError(.unsupported, "a softmax of \(graph[x].type) other than along the last axis") }
    let tables = SoftmaxTables()
    let factor = try FixedPointMultiplier(Double(try graph[x].type.scale() * op.beta) / (10.0 / 65535.0))
    let kernel = try kernels.wideSoftmax()
    let source = try plain(x)
    let exponentials = try constant(
      .table(node.id, part: 0), try Tensor(tables.exponential, type: TensorType(.int32, Shape([513]))))
    let reciprocals = try constant(
      .table(node.id, part: 1), try Tensor(tables.reciprocal, type: TensorType(.int32, Shape([513]))))
    let target = try newPlain(y)
    let step = WideCountSoftmaxStep(
      kernel: kernel, input: source, output: target, exponentials: exponentials, reciprocals: reciprocals,
      rows: try elementCount(x) / columns, columns: columns, factor: factor)
    emit(step, source, exponentials, reciprocals, target)
  }

  /// A sum with weights of one, the number of summands in the multiplier.
  private mutating func lowerWideMean(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let map = try MapExtents(try extents(x))
    let size = Size2D(height: map.height, width: map.width)
    let factor = try FixedPointMultiplier(from: graph[x].type, to: graph[y].type).divided(by: map.pixels)
    let ones = try Tensor(
      type: TensorType(
        .int8, Shape([map.channels, map.height, map.width, 1]), quantization: .perTensor(scale: 1, zeroPoint: 0)),
      splat: .integer(1)
    ).densified()
    let none = try Tensor(type: TensorType(.int32, Shape([map.channels])), splat: .integer(0)).densified()
    try emitWide(
      node,
      CountConvolution(
        inputMap: map, outputMap: try map.with(height: 1, width: 1),
        window: ConvolutionStep.Window(kernel: size, strides: size, dilation: .one), insets: .zero,
        groups: map.channels, groupInputs: 1),
      weights: ones, bias: none, [FixedPointMultiplier](repeating: factor, count: map.channels), .unbounded,
      summands: map.pixels)
  }

  private mutating func lowerWide(_ op: Binary, _ node: Node) throws(ModelError) {
    let (first, second) = (graph[try input(node, 0)].type, graph[try input(node, 1)].type)
    let output = graph[try output(node)].type
    guard second.elementType == .int16, try second.zeroPoint() == 0 else {
      throw ModelError(.unsupported, "\(op.function.rawValue) of \(first) and \(second)")
    }
    switch op.function {
    case .add, .subtract:
      let sum = try SumRescaling(first, second, output: output, leftShift: 15)
      try emitWide(
        node, op.function == .add ? ferry_q16_binary_sum : ferry_q16_binary_difference, sum.first, sum.second,
        sum.output, op.outputClamp)
    case .multiply:
      let factor = try FixedPointMultiplier(Double(try first.scale() * second.scale() / output.scale()))
      try emitWide(node, ferry_q16_binary_product, factor, factor, factor, op.outputClamp)
    default:
      throw ModelError(.unsupported, "the engine has no kernel for \(op.function.rawValue) of 16-bit counts")
    }
  }

  private mutating func emitWide(
    _ node: Node, _ operation: ferry_q16_binary_operation, _ first: FixedPointMultiplier,
    _ second: FixedPointMultiplier, _ result: FixedPointMultiplier, _ clamp: ClampRange
  ) throws(ModelError) {
    let a = try input(node, 0), b = node.input(1) ?? a, y = try output(node)
    let kernel = try kernels.wideBinary(operation)
    let left = try plain(a), right = try plain(b)
    let target = try newPlain(y)
    let step = WideCountBinaryStep(
      kernel: kernel, left: left, right: right, output: target,
      loop: BroadcastLoop(left: try extents(a), right: try extents(b), result: try extents(y)), leftFactor: first,
      rightFactor: second, outputFactor: result, range: try clamp.counts(of: graph[y].type))
    emit(step, left, right, target)
  }

  private mutating func emitWide(
    _ node: Node, _ geometry: CountConvolution, weights: Tensor, bias: Tensor?, _ factors: [FixedPointMultiplier],
    _ clamp: ClampRange, summands: Int = 0, realFactors: [Double]? = nil
  ) throws(ModelError) {
    let channels = geometry.outputMap.channels
    guard weights.elementType == .int8, let quantization = weights.type.quantization,
      quantization.axis ?? 0 == 0, quantization.zeroPoints.allSatisfy({ $0 == 0 }),
      bias?.elementCount ?? channels == channels
    else { throw ModelError(.unsupported, "weights of type \(weights.type) for 16-bit counts") }
    // The bias says how wide sums are; without one they are wide.
    var sums = [Int64](repeating: 0, count: channels)
    var isWide = true
    switch bias?.elementType {
    case nil: break
    case .int64?: sums = try bias?.elements(as: Int64.self) ?? sums
    case .int32?:
      sums = try bias?.elements(as: Int32.self).map { Int64($0) } ?? sums
      isWide = false
    case let type?: throw ModelError(.unsupported, "a bias of \(type.name) elements")
    }
    if isWide { for factor in factors { _ = try factor.forWideSums() } }
    let x = try input(node, 0), y = try output(node)
    let rescaling = try Rescaling(fixed: factors, output: graph[y].type, clamp: clamp)
    let rows = ChannelRows(groups: 1, groupOutputs: channels, panel: 1)
    var realRow: BufferID?
    if let realFactors {
      // Sums of 32 bits wrap around, which one in 64 bits would not.
      guard isWide || geometry.depth <= 256 else {
        throw ModelError(.unsupported, "sums of 32 bits over \(geometry.depth) 16-bit counts")
      }
      let bits = realFactors.map { Int64(bitPattern: $0.bitPattern) }
      realRow = try constant(
        .table(node.id, part: 2), try Tensor(bits, type: TensorType(.int64, Shape([channels]))))
    }
    let kernel = try kernels.wideConvolution(
      realRow != nil ? ferry_q16_real : isWide ? ferry_q16_wide : ferry_q16_narrow)
    let source = try plain(x)
    let packed = try constant(
      .countPanels(node.id, panel: 1, summands: summands), weights.with(quantization: nil))
    let biases = try constant(
      .table(node.id, part: 1), try Tensor(sums, type: TensorType(.int64, Shape([channels]))))
    let channelRows = try constant(.channelRows(node.id, panel: 1, summands: summands)) { () throws(ModelError) in
      try rows.packed(bias: nil, realFactors == nil ? rescaling : nil)
    }
    let target = try newPlain(y)
    let step = WideCountConvolutionStep(
      kernel: kernel, input: source, weights: packed, bias: biases, channels: channelRows, output: target,
      realFactors: realRow, geometry: geometry, rows: rows, rescaling: rescaling, lanes: lanes)
    emit(step, source, packed, biases, channelRows, realRow, target)
  }
}
