import CKernels
import ModelGraph

/// Counts whose scales and zero points are operands: what ONNX calls dynamic quantization.
extension PlanBuilder {
  /// The same bytes, standing for something else.
  mutating func lowerReinterpret(_ node: Node) throws(ModelError) {
    setPlain(try output(node), try plain(try input(node, 0)))
  }

  mutating func lowerDynamicQuantize(_ node: Node) throws(ModelError) {
    guard node.outputs.count == 3 else { throw ModelError(.internalFault, "a dynamic quantization without zero point") }
    let x = try input(node, 0)
    let kernel = try kernels.quantizeDynamically()
    let source = try plain(x)
    let counts = try newPlain(node.outputs[0]), scale = try newPlain(node.outputs[1])
    let zeroPoint = try newPlain(node.outputs[2])
    let step = QuantizeDynamicallyStep(
      kernel: kernel, input: source, output: counts, scale: scale, zeroPoint: zeroPoint, count: try elementCount(x))
    emit(step, source, counts, scale, zeroPoint)
    expectScale(scale, of: node)
  }

  mutating func lowerCounts(_ op: IntegerConv2D, _ node: Node) throws(ModelError) {
    let convolution = try describe(op.convolution, node, hasBias: false)
    try lowerIntegerProducts(node, CountConvolution(convolution), weights: convolution.filter)
  }

  /// Sums of products in int32; the input has one zero point, or one for each of its maps.
  mutating func lowerIntegerProducts(
    _ node: Node, _ geometry: CountConvolution, weights: Tensor, zeroPoints count: Int = 1
  ) throws(ModelError) {
    let x = try input(node, 0)
    var zeroPoints = ZeroPointSource.reading
    if let id = node.input(2) {
      guard try elementCount(id) == count else {
        throw ModelError(.unsupported, "zero points of extents \(try extents(id)) for counts of \(try extents(x))")
      }
      zeroPoints = .bytes(try plain(id), isShared: count == 1)
    }
    let weightZeros = try optionalConstant(node, 3, "zero points of weights")?.integers() ?? [0]
    try emitProducts(
      geometry, reading: try CountReading(graph[x].type.elementType, zeroPoint: 0),
      weights: CountWeights(
        tensor: weights, zeroPoints: weightZeros.map { Int32(truncatingIfNeeded: $0) }, bias: nil, node: node),
      rescaling: nil, from: try plain(x), to: try newPlain(try output(node)), zeroPoints: zeroPoints)
  }
}
