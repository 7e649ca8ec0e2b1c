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
    let (x, y) = (graph[try input(node, 0)].type, graph[try output(node)].type)
    switch node.op {
    case .conv2D(let op):
      try expectNoZeroPoints([x, y])
      let convolution = try describe(op, node)
      let factors = try FixedPointMultiplier.convolution(
        input: x, filter: convolution.filter.type, output: y, channels: convolution.outputMap.channels)
      try emitWide(
        node, CountConvolution(convolution), weights: convolution.filter, bias: convolution.bias,
        try Rescaling(fixed: factors, output: y, clamp: op.outputClamp), from: try plain(convolution.input),
        to: try newPlain(convolution.output))
    case .fullyConnected(let op):
      try expectNoZeroPoints([x, y])
      var weights = try constantTensor(node, 1, "weights")
      if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
      let (outputs, inputs) = (weights.extents[0], weights.extents[1])
      let count = try elementCount(try input(node, 0))
      guard inputs > 0, outputs > 0, count % inputs == 0 else {
        throw ModelError(.unsupported, "weights \(weights.type) for \(x)")
      }
      try emitWide(
        node, try CountConvolution(rows: count / inputs, inputs: inputs, outputs: outputs), weights: weights,
        bias: try optionalConstant(node, 2, "a bias"),
        try Rescaling(float64Dense: x, weights: weights.type, output: y, channels: outputs, clamp: op.outputClamp),
        from: try plain(try input(node, 0)), to: try newPlain(try output(node)))
    case .binary(let op): try lowerWide(op, node)
    case .softmax(let op): try lowerWide(op, node)
    case .clamp, .unary, .quantize: try lowerTable(node)
    case .pool2D(let op): try lowerCounts(op, node)
    case .reduce(let op): try lowerCounts(op, node)
    case .resize2D(let op): try lowerCounts(op, node)
    case .concat(let op): try lowerCounts(op, node)
    default: throw ModelError(.unsupported, "the engine has no kernel for \(node.op.name) with \(x)")
    }
  }

  /// - Throws: `.unsupported` where 16-bit counts have a zero point, which kernels that multiply them take none of.
  func expectNoZeroPoints(_ types: [TensorType]) throws(ModelError) {
    for type in types {
      guard try type.zeroPoint() == 0 else {
        throw ModelError(.unsupported, "16-bit counts with a zero point: \(type)")
      }
    }
  }

  private mutating func lowerWide(_ op: Softmax, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    guard !op.isLogarithm, !op.coversTrailingAxes, let columns = extents.last, op.axis == extents.count - 1,
      columns <= 1 << 15, op.beta > 0
    else { throw ModelError(.unsupported, "a softmax of \(graph[x].type) other than along the last axis") }
    try expectNoZeroPoints([graph[x].type, graph[y].type])
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

  private mutating func lowerWide(_ op: Binary, _ node: Node) throws(ModelError) {
    let (first, second) = (graph[try input(node, 0)].type, graph[try input(node, 1)].type)
    let output = graph[try output(node)].type
    guard second.elementType == .int16 else {
      throw ModelError(.unsupported, "\(op.function.rawValue) of \(first) and \(second)")
    }
    let none = try FixedPointMultiplier(0)
    switch op.function {
    case .add, .subtract:
      try expectNoZeroPoints([first, second, output])
      let sum = try SumRescaling(first, second, output: output, leftShift: 15)
      try emitWide(
        node, op.function == .add ? ferry_q16_binary_sum : ferry_q16_binary_difference, sum.first, sum.second,
        sum.output, op.outputClamp)
    case .multiply:
      try expectNoZeroPoints([first, second, output])
      let factor = try FixedPointMultiplier(Double(try first.scale() * second.scale() / output.scale()))
      try emitWide(node, ferry_q16_binary_product, none, none, factor, op.outputClamp)
    case .maximum, .minimum:
      guard first.quantization == output.quantization, second.quantization == output.quantization else {
        throw ModelError(.unsupported, "\(op.function.rawValue) of \(first) and \(second) as \(output)")
      }
      try emitWide(
        node, op.function == .maximum ? ferry_q16_binary_maximum : ferry_q16_binary_minimum, none, none, none,
        op.outputClamp)
    default:
      throw ModelError(.unsupported, "the engine has no kernel for \(op.function.rawValue) of 16-bit counts")
    }
  }

  private mutating func emitWide(
    _ node: Node, _ operation: ferry_q16_binary_operation, _ first: FixedPointMultiplier,
    _ second: FixedPointMultiplier, _ result: FixedPointMultiplier, _ clamp: ClampRange
  ) throws(ModelError) {
    let a = try input(node, 0), b = try input(node, 1), y = try output(node)
    let kernel = try kernels.wideBinary(operation)
    let left = try plain(a), right = try plain(b)
    let target = try newPlain(y)
    let step = WideCountBinaryStep(
      kernel: kernel, left: left, right: right, output: target,
      loop: BroadcastLoop(left: try extents(a), right: try extents(b), result: try extents(y)), leftFactor: first,
      rightFactor: second, outputFactor: result, range: try clamp.counts(of: graph[y].type))
    emit(step, left, right, target)
  }

  /// Adds the step of a sum of products of 16-bit counts; `summands` of a mean, whose weights are ones.
  mutating func emitWide(
    _ node: Node, _ geometry: CountConvolution, weights: Tensor, bias: Tensor?, _ rescaling: Rescaling,
    from source: BufferID, to target: BufferID, summands: Int = 0
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
    let operation: ferry_q16_sum_operation
    switch rescaling.factors {
    case .fixed(let factors):
      operation = isWide ? ferry_q16_wide : ferry_q16_narrow
      if isWide { for factor in factors { _ = try factor.forWideSums() } }
    case .float64:
      operation = ferry_q16_real
      // Sums of 32 bits wrap around, which one in 64 bits would not.
      guard isWide || geometry.depth <= 256 else {
        throw ModelError(.unsupported, "sums of 32 bits over \(geometry.depth) 16-bit counts")
      }
    case .real: throw ModelError(.unsupported, "sums of 16-bit counts under ONNX's arithmetic")
    }
    let kernel = try kernels.wideConvolution(operation)
    let rows = ChannelRows(groups: 1, groupOutputs: channels, panel: 1)
    let packed = try constant(
      .countPanels(node.id, panel: 1, summands: summands), weights.with(quantization: nil))
    let biases = try constant(
      .table(node.id, part: 1), try Tensor(sums, type: TensorType(.int64, Shape([channels]))))
    let channelRows = try constant(.channelRows(node.id, panel: 1, summands: summands)) { () throws(ModelError) in
      try rows.packed(bias: nil, rescaling)
    }
    let step = WideCountConvolutionStep(
      kernel: kernel, input: source, weights: packed, bias: biases, channels: channelRows, output: target,
      geometry: geometry, rows: rows, rescaling: rescaling, lanes: lanes)
    emit(step, source, packed, biases, channelRows, target)
  }
}
