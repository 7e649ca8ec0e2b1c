public import ModelGraph

extension MobileNetV2 {
  /// The network as a graph in Keras's style: channels last, batch norms and ReLU6 of their own, paddings of their own in
  /// front of strided convolutions where the variant pads explicitly.
  ///
  /// - Parameter parameter: hands over one tensor of the given shape: kernels as [kh, kw, I, O] (depthwise [kh, kw, I, 1],
  ///   classifier [I, O]), the rest as vectors.
  /// - Throws: what `parameter` throws; `.malformed` when a tensor has another shape.
  public func graph(
    parameter: (MobileNetV2Layer, MobileNetV2Layer.Parameter, [Int]) throws(ModelError) -> Tensor
  ) throws(ModelError) -> Graph {
    var assembly = MobileNetV2Assembly(architecture: self)
    return try assembly.assemble(parameter: parameter)
  }
}

/// Puts one ``MobileNetV2`` together.
struct MobileNetV2Assembly {
  let architecture: MobileNetV2
  private var builder: GraphBuilder

  typealias ParameterSource = (MobileNetV2Layer, MobileNetV2Layer.Parameter, [Int]) throws(ModelError) -> Tensor

  init(architecture: MobileNetV2) {
    self.architecture = architecture
    builder = GraphBuilder(name: "mobilenet_v2")
  }

  mutating func assemble(parameter: ParameterSource) throws(ModelError) -> Graph {
    let type = TensorType(
      .float32,
      [
        .symbolic("batch"), .fixed(architecture.inputHeight), .fixed(architecture.inputWidth),
        .fixed(architecture.inputChannels),
      ])
    var value = builder.input(name: "input", type: type, origin: ValueOrigin(name: "input"))
    value = try convolution(
      .stem, value, filter: [3, 3, architecture.inputChannels, architecture.stemChannels], stride: 2, parameter)
    value = try relu6("Conv1_relu", value)
    for block in architecture.blocks {
      let input = value
      let prefix = MobileNetV2Layer.prefix(block.index)
      if block.expansion != 1 {
        let filter = [1, 1, block.inputChannels, block.expandedChannels]
        value = try convolution(.expand(block: block.index), value, filter: filter, stride: 1, parameter)
        value = try relu6("\(prefix)expand_relu", value)
      }
      value = try convolution(
        .depthwise(block: block.index), value, filter: [3, 3, block.expandedChannels, 1], stride: block.stride,
        parameter)
      value = try relu6("\(prefix)depthwise_relu", value)
      let projection = [1, 1, block.expandedChannels, block.outputChannels]
      value = try convolution(.project(block: block.index), value, filter: projection, stride: 1, parameter)
      if block.hasSkip {
        value = try add(.binary(Binary(.add)), "\(prefix)add", "Add", [input, value])
      }
    }
    let channels = architecture.blocks.last?.outputChannels ?? 0
    value = try convolution(
      .last, value, filter: [1, 1, channels, architecture.lastChannels], stride: 1, parameter)
    value = try relu6("out_relu", value)
    value = try head(value, parameter)
    builder.output(value, name: "output")
    return try builder.build()
  }

  private mutating func head(_ map: ValueID, _ parameter: ParameterSource) throws(ModelError) -> ValueID {
    guard architecture.head != .featureMap else { return map }
    let pooled = try add(
      .globalPool(GlobalPool(.average, keepsAxes: false)), "global_average_pooling2d", "GlobalAveragePooling2D", [map])
    guard case .classifier(let classes, let softmax) = architecture.head else { return pooled }
    let kernel = try constant(.classifier, .kernel, [architecture.lastChannels, classes], parameter)
    let bias = try constant(.classifier, .bias, [classes], parameter)
    let logits = try add(
      .fullyConnected(FullyConnected(weightLayout: .inputOutput)), "predictions", "Dense", [pooled, kernel, bias])
    guard softmax else { return logits }
    return try add(.softmax(Softmax(axis: 1)), "predictions_softmax", "Dense", [logits])
  }

  /// A convolution without bias and the batch norm behind it.
  private mutating func convolution(
    _ layer: MobileNetV2Layer, _ input: ValueID, filter: [Int], stride: Int, _ parameter: ParameterSource
  ) throws(ModelError) -> ValueID {
    var value = input
    var padding: Padding2D = filter[0] == 1 ? .valid : .same(.upper)
    if filter[0] > 1, let insets = explicitPadding(of: value, layer: layer, stride: stride) {
      let pad = Pad(before: [0, insets.top, insets.left, 0], after: [0, insets.bottom, insets.right, 0])
      value = try add(.pad(pad), "\(layer.kerasName)_pad", "ZeroPadding2D", [value])
      padding = .valid
    }
    var isDepthwise = false
    if case .depthwise = layer { isDepthwise = true }
    let channels = isDepthwise ? filter[2] : filter[3]
    let conv = Conv2D(
      strides: Size2D(stride), padding: padding, groups: isDepthwise ? channels : 1,
      filterLayout: isDepthwise ? .heightWidthInputMultiplier : .heightWidthInputOutput)
    let kernel = try constant(layer, .kernel, filter, parameter)
    value = try add(.conv2D(conv), layer.kerasName, isDepthwise ? "DepthwiseConv2D" : "Conv2D", [value, kernel])
    var operands: [ValueID?] = [value]
    for name in [MobileNetV2Layer.Parameter.gamma, .beta, .movingMean, .movingVariance] {
      operands.append(try constant(layer, name, [channels], parameter))
    }
    return try add(
      .batchNorm(BatchNorm(epsilon: architecture.batchNormEpsilon, axis: 3)), layer.kerasBatchNormName,
      "BatchNormalization", operands)
  }

  /// The rows and columns that the variant pads before a 3×3 convolution; nil where the convolution pads by itself.
  ///
  /// torchvision pads one on each side, everywhere. Keras pads strided depthwise maps itself, (0, 1) for an even extent and
  /// (1, 1) for an odd one, and leaves the stem and slim leaves everything to SAME.
  private func explicitPadding(of value: ValueID, layer: MobileNetV2Layer, stride: Int) -> EdgeInsets? {
    switch architecture.variant {
    case .torchvision: return EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)
    case .slim: return nil
    case .keras:
      guard stride == 2, layer != .stem, let map = builder.type(value)?.shape.dimensions else { return nil }
      let top = (map[1].fixedValue ?? 0) % 2
      let left = (map[2].fixedValue ?? 0) % 2
      return EdgeInsets(top: top, left: left, bottom: 1, right: 1)
    }
  }

  private mutating func relu6(_ name: String, _ value: ValueID) throws(ModelError) -> ValueID {
    try add(.clamp(Clamp(.relu6)), name, "ReLU", [value])
  }

  private mutating func add(
    _ op: Op, _ name: String, _ operatorName: String, _ inputs: [ValueID?]
  ) throws(ModelError) -> ValueID {
    let source = SourceNode(name: name, operatorName: operatorName)
    let output = OutputSpecification(name: name, origin: ValueOrigin(name: name))
    let outputs = try within(source.frame) { () throws(ModelError) in
      try builder.add(op, name: name, inputs: inputs, outputs: [output], origin: [source])
    }
    return outputs[0]
  }

  private mutating func constant(
    _ layer: MobileNetV2Layer, _ name: MobileNetV2Layer.Parameter, _ shape: [Int], _ parameter: ParameterSource
  ) throws(ModelError) -> ValueID {
    let tensor = try parameter(layer, name, shape)
    guard tensor.extents == shape else {
      throw ModelError(
        .malformed, "\(layer.kerasName) \(name.rawValue) has shape \(tensor.type.shape), expected \(Shape(shape))")
    }
    let isOfBatchNorm = name != .kernel && name != .bias
    let owner = isOfBatchNorm ? layer.kerasBatchNormName : layer.kerasName
    return builder.constant(name: "\(owner)/\(name.rawValue)", tensor, isTrainable: name.isTrainable)
  }
}
