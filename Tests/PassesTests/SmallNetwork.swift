import ModelGraph
import TestSupport

/// A small MobileNetV2-like network, written as each format's converters write it: the same weights, four graphs.
struct SmallNetwork {
  enum Style: String, CaseIterable {
    /// Channels-first, norms folded by the exporter, open batch.
    case onnx
    /// Channels-first, norms kept.
    case onnxWithNorms
    /// Channels-last, norms kept, padding as nodes, [kh, kw, I, O].
    case keras
    /// Channels-last, norms folded, same padding and fused clamps, one Mean.
    case tflite
  }

  private struct Layer {
    var name: String
    var filter: [Int]
    var stride = 1
    var isDepthwise = false
    var isClamped = true
  }

  private struct Parameters {
    var filter: Tensor
    var gamma: [Float]
    var beta: [Float]
    var mean: [Float]
    var variance: [Float]
  }

  private static let epsilon: Float = 1e-3
  private let style: Style
  private var sketch: Sketch
  private var random = SeededGenerator(seed: 99)

  init(_ style: Style) {
    self.style = style
    sketch = Sketch(seed: 0)
  }

  static func graph(_ style: Style) throws -> Graph {
    var network = SmallNetwork(style)
    return try network.build()
  }

  private var isChannelsFirst: Bool { style == .onnx || style == .onnxWithNorms }

  private mutating func build() throws -> Graph {
    let batch: Dimension = style == .tflite ? 1 : .symbolic("N")
    var x = sketch.input(isChannelsFirst ? [batch, 3, 9, 9] : [batch, 9, 9, 3], "image")
    x = try layer(x, Layer(name: "stem", filter: [8, 3, 3, 3], stride: 2))
    x = try layer(x, Layer(name: "depth", filter: [8, 3, 3, 1], isDepthwise: true))
    x = try layer(x, Layer(name: "project", filter: [6, 1, 1, 8], isClamped: false))
    let skipped = x
    x = try layer(x, Layer(name: "expand", filter: [12, 1, 1, 6]))
    x = try layer(x, Layer(name: "depth2", filter: [12, 3, 3, 1], isDepthwise: true))
    x = try layer(x, Layer(name: "project2", filter: [6, 1, 1, 12], isClamped: false))
    x =
      style == .keras
      ? try sketch.add(.binary(Binary(.add)), x, skipped, name: "add")
      : try sketch.add(.binary(Binary(.add)), skipped, x, name: "add")
    x = try layer(x, Layer(name: "last", filter: [10, 1, 1, 6]))
    return try sketch.graph(try head(x))
  }

  private mutating func head(_ x: ValueID) throws -> ValueID {
    let weights = try Tensor(random.floats(50), shape: [5, 10])
    let bias = sketch.builder.constant(name: "bias", try Tensor(random.floats(5), shape: [5]))
    switch style {
    case .onnx, .onnxWithNorms:
      let pooled = try sketch.add(
        .globalPool(GlobalPool(.average, keepsAxes: true, layout: .channelsFirst)), x, name: "pool")
      let flat = try sketch.add(.flatten(Flatten(axis: 1)), pooled, name: "flat")
      let dropped = try sketch.add(.identity(Identity()), flat, name: "dropout")
      let w = sketch.builder.constant(name: "weights", weights)
      return try sketch.add(.fullyConnected(FullyConnected(keepsLeadingAxes: false)), dropped, w, bias, name: "logits")
    case .keras:
      let pooled = try sketch.add(.globalPool(GlobalPool(.average, keepsAxes: false)), x, name: "pool")
      let w = sketch.builder.constant(name: "weights", try weights.transposed([1, 0]))
      return try sketch.add(
        .fullyConnected(FullyConnected(weightLayout: .inputOutput)), pooled, w, bias, name: "logits")
    case .tflite:
      let pooled = try sketch.add(.reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)), x, name: "pool")
      let w = sketch.builder.constant(name: "weights", weights)
      return try sketch.add(.fullyConnected(FullyConnected(keepsLeadingAxes: false)), pooled, w, bias, name: "logits")
    }
  }

  private mutating func parameters(_ layer: Layer) throws -> Parameters {
    let channels = layer.filter[0]
    let count = layer.filter.reduce(1, *)
    return Parameters(
      filter: try Tensor(random.floats(count), shape: layer.filter), gamma: random.floats(channels).map { $0 + 1.5 },
      beta: random.floats(channels), mean: random.floats(channels),
      variance: random.floats(channels).map { $0 * $0 + 0.05 })
  }

  private mutating func layer(_ input: ValueID, _ layer: Layer) throws -> ValueID {
    let parameters = try parameters(layer)
    switch style {
    case .onnx, .onnxWithNorms: return try onnxLayer(input, layer, parameters)
    case .keras: return try kerasLayer(input, layer, parameters)
    case .tflite: return try tfliteLayer(input, layer, parameters)
    }
  }

  private func insets(_ layer: Layer) -> EdgeInsets {
    let border = layer.filter[1] / 2
    return EdgeInsets(top: border, left: border, bottom: border, right: border)
  }

  private mutating func onnxLayer(_ x: ValueID, _ layer: Layer, _ parameters: Parameters) throws -> ValueID {
    let op = Op.conv2D(
      Conv2D(
        strides: Size2D(layer.stride), padding: .explicit(insets(layer)),
        groups: layer.isDepthwise ? layer.filter[0] : 1, layout: .channelsFirst,
        filterLayout: .outputInputHeightWidth))
    var result: ValueID
    if style == .onnx {
      let (filter, bias) = try folded(parameters)
      let w = sketch.builder.constant(name: layer.name + ".w", try filter.transposed([0, 3, 1, 2]))
      let b = sketch.builder.constant(name: layer.name + ".b", bias)
      result = try sketch.add(op, x, w, b, name: layer.name)
    } else {
      let w = sketch.builder.constant(name: layer.name + ".w", try parameters.filter.transposed([0, 3, 1, 2]))
      result = try norm(try sketch.add(op, x, w, name: layer.name), layer, parameters, axis: 1)
    }
    if layer.isClamped { result = try sketch.add(.clamp(Clamp(.relu6)), result, name: layer.name + ".clip") }
    return result
  }

  private mutating func kerasLayer(_ input: ValueID, _ layer: Layer, _ parameters: Parameters) throws -> ValueID {
    var x = input
    let border = layer.filter[1] / 2
    if border > 0 {
      let pad = Pad(before: [0, border, border, 0], after: [0, border, border, 0])
      x = try sketch.add(.pad(pad), x, name: layer.name + "_pad")
    }
    let order = layer.isDepthwise ? [1, 2, 0, 3] : [1, 2, 3, 0]
    let op = Op.conv2D(
      Conv2D(
        strides: Size2D(layer.stride), padding: .valid, groups: layer.isDepthwise ? layer.filter[0] : 1,
        filterLayout: layer.isDepthwise ? .heightWidthInputMultiplier : .heightWidthInputOutput))
    let w = sketch.builder.constant(name: layer.name + "/kernel:0", try parameters.filter.transposed(order))
    var result = try norm(try sketch.add(op, x, w, name: layer.name), layer, parameters, axis: 3)
    if layer.isClamped { result = try sketch.add(.clamp(Clamp(.relu6)), result, name: layer.name + "_relu") }
    return result
  }

  private mutating func tfliteLayer(_ x: ValueID, _ layer: Layer, _ parameters: Parameters) throws -> ValueID {
    let (filter, bias) = try folded(parameters)
    let op = Op.conv2D(
      Conv2D(
        strides: Size2D(layer.stride), padding: .same(.upper), groups: layer.isDepthwise ? layer.filter[0] : 1,
        filterLayout: layer.isDepthwise ? .oneHeightWidthOutput : .outputHeightWidthInput,
        outputClamp: layer.isClamped ? .relu6 : .unbounded))
    let w = sketch.builder.constant(
      name: layer.name + "/w", layer.isDepthwise ? try filter.transposed([3, 1, 2, 0]) : filter)
    let b = sketch.builder.constant(name: layer.name + "/b", bias)
    return try sketch.add(op, x, w, b, name: layer.name)
  }

  private mutating func norm(
    _ x: ValueID, _ layer: Layer, _ parameters: Parameters, axis: Int
  ) throws -> ValueID {
    func vector(_ elements: [Float], _ name: String) throws -> ValueID {
      sketch.builder.constant(name: layer.name + name, try Tensor(elements, shape: [elements.count]))
    }
    return try sketch.add(
      .batchNorm(BatchNorm(epsilon: Self.epsilon, axis: axis)), x, try vector(parameters.gamma, ".gamma"),
      try vector(parameters.beta, ".beta"), try vector(parameters.mean, ".mean"),
      try vector(parameters.variance, ".variance"), name: layer.name + ".bn")
  }

  /// Filter and bias as PyTorch's exporter folds them.
  private func folded(_ parameters: Parameters) throws -> (filter: Tensor, bias: Tensor) {
    let channels = parameters.gamma.count
    let scales = (0..<channels).map {
      parameters.gamma[$0] / (parameters.variance[$0] + Self.epsilon).squareRoot()
    }
    let elements = try parameters.filter.floats()
    let row = elements.count / channels
    let filter = elements.enumerated().map { $0.element * scales[$0.offset / row] }
    let bias = (0..<channels).map { channel -> Float in
      let product = (0 - parameters.mean[channel]) * scales[channel]
      return parameters.beta[channel] + product
    }
    return (try Tensor(filter, shape: parameters.filter.extents), try Tensor(bias, shape: [channels]))
  }
}
