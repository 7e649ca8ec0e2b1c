import FormatSupport
import ModelGraph

/// Layers over sequences [N, W, C]: the layers over maps, on a map that is one row high.
enum SequenceLayers {
  /// Where the row axis goes in, and what the layout of the map is then.
  struct Row {
    let layout: Layout

    init(_ call: LayerCall) throws(ModelError) {
      layout = try call.attributes.layout()
    }

    /// The axis that is put in and taken out.
    var axis: Int { layout.heightAxis }
    var expand: ModelLowering.Step { .init(.unsqueeze(Unsqueeze(axes: [axis])), part: "expand") }
    var squeeze: ModelLowering.Step { .init(.squeeze(Squeeze(axes: [axis])), part: "squeeze") }
  }

  static func channels(
    _ input: ValueID, _ layout: Layout, _ lowering: ModelLowering
  ) throws(ModelError) -> Int {
    let dimensions = try lowering.dimensions(input)
    guard dimensions.count == 3 else {
      throw ModelError(.malformed, "the input has \(dimensions.count) axes, expected 3")
    }
    guard let channels = dimensions[layout == .channelsLast ? 2 : 1].fixedValue else {
      throw ModelError(.unsupported, "the number of channels of its input is not known")
    }
    return channels
  }

  /// What convolutions have in common.
  private struct Window {
    var kernel: Int
    var stride: Int
    var dilation: Int
    var padding: Padding2D
    var usesBias: Bool
    var activation: Activation

    init(_ call: LayerCall, version: KerasVersion) throws(ModelError) {
      let attributes = call.attributes
      kernel = try attributes.length("kernel_size")
      stride = try attributes.length("strides", default: 1)
      dilation = try attributes.length("dilation_rate", default: 1)
      if attributes["padding"] == .string("causal") {
        // Only what came before counts: all of the padding stands in front.
        let (reach, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
        guard !overflow else {
          throw ModelError(.malformed, "\(dilation) is out of range").within(.attribute("dilation_rate"))
        }
        padding = .explicit(EdgeInsets(top: 0, left: reach, bottom: 0, right: 0))
      } else {
        padding = try attributes.padding()
      }
      usesBias = try attributes.flag("use_bias", default: true)
      activation = try Activation(attributes["activation"], version: version)
    }

    var strides: Size2D { Size2D(height: 1, width: stride) }
    var dilations: Size2D { Size2D(height: 1, width: dilation) }
  }

  /// The constants of a layer, the kernels [k, …] of them seen as [1, k, …].
  ///
  /// A view of the shape belongs to the file's own tensor, so the node that makes it is the convolution's operand.
  private static func operands(
    _ variables: [ModelLowering.Variable], _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    try lowering.constants(variables, call) { tensor throws(ModelError) in
      tensor.extents.count == 3 ? try tensor.reshaped(to: [1] + tensor.extents) : tensor
    }
  }

  static func conv1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let row = try Row(call)
    let window = try Window(call, version: lowering.version)
    let filters = try call.attributes.positiveInteger("filters")
    let groups = try call.attributes.integer("groups", default: 1)
    let input = try call.input()
    let channels = try channels(input, row.layout, lowering)
    guard groups >= 1, channels % groups == 0 else {
      throw ModelError(.malformed, "\(groups) groups of \(channels) channels").within(.attribute("groups"))
    }
    var variables = [ModelLowering.Variable(name: "kernel", shape: [window.kernel, channels / groups, filters])]
    if window.usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let op = Conv2D(
      strides: window.strides, dilation: window.dilations, padding: window.padding, groups: groups, layout: row.layout,
      filterLayout: .heightWidthInputOutput, outputClamp: window.activation.outputClamp ?? .unbounded)
    let operands = try operands(variables, &lowering, call)
    return [
      try lowering.emit(
        [row.expand, .init(.conv2D(op), operands), row.squeeze], from: input,
        activation: window.activation.behindClamp, call)
    ]
  }

  static func depthwiseConv1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let row = try Row(call)
    let window = try Window(call, version: lowering.version)
    let multiplier = try call.attributes.integer("depth_multiplier", default: 1)
    call.attributes.ignore("groups", "filters", "rank")
    let input = try call.input()
    let channels = try channels(input, row.layout, lowering)
    let outputs = try ConvolutionLayers.outputChannels(channels, multiplier)
    var variables = [
      ModelLowering.Variable(
        name: "depthwise_kernel", otherNames: ["kernel"], shape: [window.kernel, channels, multiplier])
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [outputs])) }
    let op = Conv2D(
      strides: window.strides, dilation: window.dilations, padding: window.padding, groups: channels,
      layout: row.layout, filterLayout: .heightWidthInputMultiplier,
      outputClamp: window.activation.outputClamp ?? .unbounded)
    let operands = try operands(variables, &lowering, call)
    return [
      try lowering.emit(
        [row.expand, .init(.conv2D(op), operands), row.squeeze], from: input,
        activation: window.activation.behindClamp, call)
    ]
  }

  static func separableConv1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let row = try Row(call)
    let window = try Window(call, version: lowering.version)
    let filters = try call.attributes.positiveInteger("filters")
    let multiplier = try call.attributes.integer("depth_multiplier", default: 1)
    call.attributes.ignore("groups", "rank")
    let input = try call.input()
    let channels = try channels(input, row.layout, lowering)
    let inner = try ConvolutionLayers.outputChannels(channels, multiplier)
    var variables: [ModelLowering.Variable] = [
      .init(name: "depthwise_kernel", shape: [window.kernel, channels, multiplier]),
      .init(name: "pointwise_kernel", shape: [1, inner, filters]),
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let depthwise = Conv2D(
      strides: window.strides, dilation: window.dilations, padding: window.padding, groups: channels,
      layout: row.layout, filterLayout: .heightWidthInputMultiplier)
    let pointwise = Conv2D(
      padding: .valid, layout: row.layout, filterLayout: .heightWidthInputOutput,
      outputClamp: window.activation.outputClamp ?? .unbounded)
    let operands = try operands(variables, &lowering, call)
    return [
      try lowering.emit(
        [
          row.expand, .init(.conv2D(depthwise), [operands[0]], part: "depthwise"),
          .init(.conv2D(pointwise), Array(operands.dropFirst())), row.squeeze,
        ], from: input, activation: window.activation.behindClamp, call)
    ]
  }

  static func maximum1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try pool1D(.maximum, &lowering, call)
  }

  static func average1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try pool1D(.average, &lowering, call)
  }

  private static func pool1D(
    _ kind: Pool2D.Kind, _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let row = try Row(call)
    let kernel = try call.attributes.length("pool_size")
    let stride = try call.attributes.length("strides", default: kernel)
    let op = Pool2D(
      kind, kernel: Size2D(height: 1, width: kernel), strides: Size2D(height: 1, width: stride),
      padding: try call.attributes.padding(), layout: row.layout)
    return [try lowering.emit([row.expand, .init(.pool2D(op)), row.squeeze], from: try call.input(), call)]
  }

  static func globalAverage1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try globalPool1D(.mean, &lowering, call)
  }

  static func globalMaximum1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try globalPool1D(.maximum, &lowering, call)
  }

  private static func globalPool1D(
    _ function: Reduce.Function, _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let axis = try call.attributes.layout() == .channelsLast ? 1 : 2
    let op = Reduce(function, axes: [axis], keepsAxes: try call.attributes.flag("keepdims", default: false))
    return [try lowering.emit(.reduce(op), [try call.input()], call)]
  }

  static func zeroPadding1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let isLast = try call.attributes.layout() == .channelsLast
    let sides = try call.attributes.integers("padding", count: 2)
    guard sides.allSatisfy((0...(1 << 24)).contains) else {
      throw ModelError(.malformed, "\(sides) is out of range").within(.attribute("padding"))
    }
    let pad =
      isLast
      ? Pad(before: [0, sides[0], 0], after: [0, sides[1], 0])
      : Pad(before: [0, 0, sides[0]], after: [0, 0, sides[1]])
    return [try lowering.emit(.pad(pad), [try call.input()], call)]
  }

  static func cropping1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let axis = try call.attributes.layout() == .channelsLast ? 1 : 2
    let sides = try call.attributes.integers("cropping", count: 2)
    return [
      try lowering.emit(
        .slice(try ShapeLayers.crop(axes: [axis], sides: [(sides[0], sides[1])])), [try call.input()], call)
    ]
  }

  static func upSampling1D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let factor = try call.attributes.length("size")
    let resize = Resize2D(
      .scales(height: 1, width: Float(factor)), interpolation: .nearest, coordinates: .asymmetric,
      nearestRounding: .floor)
    return [
      try lowering.emit(
        [
          .init(.unsqueeze(Unsqueeze(axes: [1])), part: "expand"), .init(.resize2D(resize)),
          .init(.squeeze(Squeeze(axes: [1])), part: "squeeze"),
        ], from: try call.input(), call)
    ]
  }

  static func repeatVector(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let count = try call.attributes.positiveInteger("n")
    return [
      try lowering.emit(
        [.init(.unsqueeze(Unsqueeze(axes: [1])), part: "expand"), .init(.tile(Tile([1, count, 1])))],
        from: try call.input(), call)
    ]
  }
}
