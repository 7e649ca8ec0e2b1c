import FormatSupport
import ModelGraph

/// Conv2D, DepthwiseConv2D, SeparableConv2D.
enum ConvolutionLayers {
  /// What the layers have in common.
  struct Window {
    var kernel: Size2D
    var strides: Size2D
    var dilation: Size2D
    var padding: Padding2D
    var layout: Layout
    var usesBias: Bool
    var activation: Activation

    init(_ call: LayerCall, version: KerasVersion) throws(ModelError) {
      let attributes = call.attributes
      kernel = try attributes.size("kernel_size")
      strides = try attributes.size("strides", default: .one)
      dilation = try attributes.size("dilation_rate", default: .one)
      padding = try attributes.padding()
      layout = try attributes.layout()
      usesBias = try attributes.flag("use_bias", default: true)
      activation = try Activation(attributes["activation"], version: version)
    }
  }

  static func channels(
    _ input: ValueID, _ layout: Layout, _ lowering: ModelLowering
  ) throws(ModelError) -> Int {
    let dimensions = try lowering.dimensions(input)
    guard dimensions.count == 4 else {
      throw ModelError(.malformed, "the input has \(dimensions.count) axes, expected 4")
    }
    guard let channels = dimensions[layout.channelAxis].fixedValue else {
      throw ModelError(.unsupported, "the number of channels of its input is not known")
    }
    return channels
  }

  static func conv2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let window = try Window(call, version: lowering.version)
    let filters = try call.attributes.positiveInteger("filters")
    let groups = try call.attributes.integer("groups", default: 1)
    let input = try call.input()
    let channels = try channels(input, window.layout, lowering)
    guard groups >= 1, channels % groups == 0 else {
      throw ModelError(.malformed, "\(groups) groups of \(channels) channels").within(.attribute("groups"))
    }
    var variables = [
      ModelLowering.Variable(
        name: "kernel", shape: [window.kernel.height, window.kernel.width, channels / groups, filters])
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let constants = try lowering.constants(variables, call)
    let op = Conv2D(
      strides: window.strides, dilation: window.dilation, padding: window.padding, groups: groups,
      layout: window.layout, filterLayout: .heightWidthInputOutput,
      outputClamp: window.activation.outputClamp ?? .unbounded)
    return [
      try lowering.emit(
        [.init(.conv2D(op), constants)], from: input, activation: window.activation.behindClamp, call)
    ]
  }

  static func depthwiseConv2D(
    _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let window = try Window(call, version: lowering.version)
    let multiplier = try call.attributes.integer("depth_multiplier", default: 1)
    // Written by the base class, without a meaning for this one.
    call.attributes.ignore("groups", "filters", "rank")
    let input = try call.input()
    let channels = try channels(input, window.layout, lowering)
    let outputs = try outputChannels(channels, multiplier)
    var variables = [
      ModelLowering.Variable(
        name: "depthwise_kernel", otherNames: ["kernel"],
        shape: [window.kernel.height, window.kernel.width, channels, multiplier])
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [outputs])) }
    let constants = try lowering.constants(variables, call)
    let op = Conv2D(
      strides: window.strides, dilation: window.dilation, padding: window.padding, groups: channels,
      layout: window.layout, filterLayout: .heightWidthInputMultiplier,
      outputClamp: window.activation.outputClamp ?? .unbounded)
    return [
      try lowering.emit(
        [.init(.conv2D(op), constants)], from: input, activation: window.activation.behindClamp, call)
    ]
  }

  static func outputChannels(_ channels: Int, _ multiplier: Int) throws(ModelError) -> Int {
    let (outputs, overflow) = channels.multipliedReportingOverflow(by: multiplier)
    guard multiplier >= 1, !overflow else {
      throw ModelError(.malformed, "\(multiplier) is out of range").within(.attribute("depth_multiplier"))
    }
    return outputs
  }

  static func separableConv2D(
    _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let window = try Window(call, version: lowering.version)
    let filters = try call.attributes.positiveInteger("filters")
    let multiplier = try call.attributes.integer("depth_multiplier", default: 1)
    call.attributes.ignore("groups", "rank")
    let input = try call.input()
    let channels = try channels(input, window.layout, lowering)
    let inner = try outputChannels(channels, multiplier)
    var variables: [ModelLowering.Variable] = [
      .init(name: "depthwise_kernel", shape: [window.kernel.height, window.kernel.width, channels, multiplier]),
      .init(name: "pointwise_kernel", shape: [1, 1, inner, filters]),
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let constants = try lowering.constants(variables, call)
    let depthwise = Conv2D(
      strides: window.strides, dilation: window.dilation, padding: window.padding, groups: channels,
      layout: window.layout, filterLayout: .heightWidthInputMultiplier)
    let pointwise = Conv2D(
      padding: .valid, layout: window.layout, filterLayout: .heightWidthInputOutput,
      outputClamp: window.activation.outputClamp ?? .unbounded)
    return [
      try lowering.emit(
        [
          .init(.conv2D(depthwise), [constants[0]], part: "depthwise"),
          .init(.conv2D(pointwise), Array(constants.dropFirst())),
        ], from: input, activation: window.activation.behindClamp, call)
    ]
  }
}
