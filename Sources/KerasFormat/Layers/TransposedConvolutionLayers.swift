import FormatSupport
import ModelGraph

/// Conv2DTranspose and Conv1DTranspose.
enum TransposedConvolutionLayers {
  static func conv2DTranspose(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let window = try ConvolutionLayers.Window(call, version: lowering.version)
    let filters = try call.attributes.positiveInteger("filters")
    call.attributes.ignore("groups", "rank")
    var outputPadding: [Int]?
    if !(call.attributes["output_padding"]?.isNull ?? true) {
      outputPadding = try call.attributes.integers("output_padding", count: 2)
    }
    let input = try call.input()
    let channels = try ConvolutionLayers.channels(input, window.layout, lowering)
    var variables = [
      ModelLowering.Variable(
        name: "kernel", shape: [window.kernel.height, window.kernel.width, filters, channels])
    ]
    if window.usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let rows = try Extent(
      kernel: window.kernel.height, stride: window.strides.height, dilation: window.dilation.height,
      isSame: window.padding != .valid, outputPadding: outputPadding?[0])
    let columns = try Extent(
      kernel: window.kernel.width, stride: window.strides.width, dilation: window.dilation.width,
      isSame: window.padding != .valid, outputPadding: outputPadding?[1])
    let op = ConvTranspose2D(
      strides: window.strides, dilation: window.dilation,
      cropping: EdgeInsets(top: rows.before, left: columns.before, bottom: rows.after, right: columns.after),
      outputPadding: Size2D(height: rows.added, width: columns.added), layout: window.layout,
      filterLayout: .heightWidthOutputInput, outputClamp: window.activation.outputClamp ?? .unbounded)
    let constants = try lowering.constants(variables, call)
    return [
      try lowering.emit(
        [.init(.convTranspose2D(op), constants)], from: input, activation: window.activation.behindClamp, call)
    ]
  }

  static func conv1DTranspose(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let row = try SequenceLayers.Row(call)
    let attributes = call.attributes
    let kernel = try attributes.length("kernel_size")
    let stride = try attributes.length("strides", default: 1)
    let dilation = try attributes.length("dilation_rate", default: 1)
    let padding = try attributes.padding()
    let usesBias = try attributes.flag("use_bias", default: true)
    let activation = try Activation(attributes["activation"], version: lowering.version)
    let filters = try attributes.positiveInteger("filters")
    attributes.ignore("groups", "rank")
    var outputPadding: Int?
    if !(attributes["output_padding"]?.isNull ?? true) {
      outputPadding = try attributes.integers("output_padding", count: 1)[0]
    }
    let input = try call.input()
    let channels = try SequenceLayers.channels(input, row.layout, lowering)
    var variables = [ModelLowering.Variable(name: "kernel", shape: [kernel, filters, channels])]
    if usesBias { variables.append(.init(name: "bias", shape: [filters])) }
    let columns = try Extent(
      kernel: kernel, stride: stride, dilation: dilation, isSame: padding != .valid, outputPadding: outputPadding)
    let op = ConvTranspose2D(
      strides: Size2D(height: 1, width: stride), dilation: Size2D(height: 1, width: dilation),
      cropping: EdgeInsets(top: 0, left: columns.before, bottom: 0, right: columns.after),
      outputPadding: Size2D(height: 0, width: columns.added), layout: row.layout,
      filterLayout: .heightWidthOutputInput, outputClamp: activation.outputClamp ?? .unbounded)
    let constants = try lowering.constants(variables, call) { tensor throws(ModelError) in
      tensor.extents.count == 3 ? try tensor.reshaped(to: [1] + tensor.extents) : tensor
    }
    return [
      try lowering.emit(
        [row.expand, .init(.convTranspose2D(op), constants), row.squeeze], from: input,
        activation: activation.behindClamp, call)
    ]
  }

  /// What is cut off or added along one axis, so that the output has Keras's length.
  ///
  /// Length (keras `deconv_output_length`): same n · s, valid n · s + max(k − s, 0); with output padding p
  /// (n − 1) · s + k − 2 · ⌊k / 2⌋ (same) or (n − 1) · s + k (valid), plus p. The full result is (n − 1) · s + k long;
  /// what is too much goes half in front, the odd one behind, as in the gradient of a padded convolution.
  private struct Extent {
    var before = 0
    var after = 0
    var added = 0

    init(kernel: Int, stride: Int, dilation: Int, isSame: Bool, outputPadding: Int?) throws(ModelError) {
      let (span, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
      guard !overflow, span < 1 << 30 else { throw ModelError(.malformed, "the kernel reaches too far") }
      let reach = span + 1
      // The output's length less n · s, and the full result's.
      let wanted: Int
      if let outputPadding {
        guard (0...(1 << 20)).contains(outputPadding) else {
          throw ModelError(.malformed, "\(outputPadding) is out of range").within(.attribute("output_padding"))
        }
        wanted = reach - stride - (isSame ? 2 * (reach / 2) : 0) + outputPadding
      } else {
        wanted = isSame ? 0 : max(reach - stride, 0)
      }
      let excess = reach - stride - wanted
      // A same convolution of the output's length pads this much, half of it in front.
      before = isSame ? max(excess, 0) / 2 : 0
      let rest = excess - before
      after = max(rest, 0)
      added = max(-rest, 0)
    }
  }
}
