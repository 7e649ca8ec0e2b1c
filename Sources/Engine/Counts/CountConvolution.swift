import CKernels
import ModelGraph

/// The extents of a convolution of counts, or of a dense layer as one: every row of features is a map of one pixel.
struct CountConvolution: Sendable {
  let inputMap: MapExtents
  let outputMap: MapExtents
  let window: ConvolutionStep.Window
  let insets: EdgeInsets
  let groups: Int
  let groupInputs: Int

  /// Products in one sum.
  var depth: Int { window.kernel.height * window.kernel.width * groupInputs }
  /// The same in whole pairs.
  var evenDepth: Int { (depth + 1) / 2 * 2 }
  var groupOutputs: Int { outputMap.channels / groups }
  var isDepthwise: Bool { groups > 1 && groups == inputMap.channels && groups == outputMap.channels }

  init(_ convolution: PlanBuilder.Convolution) {
    inputMap = convolution.inputMap
    outputMap = convolution.outputMap
    window = ConvolutionStep.Window(convolution)
    insets = convolution.insets
    groups = convolution.groups
    groupInputs = convolution.groupInputs
  }

  init(
    inputMap: MapExtents, outputMap: MapExtents, window: ConvolutionStep.Window, insets: EdgeInsets, groups: Int,
    groupInputs: Int
  ) {
    self.inputMap = inputMap
    self.outputMap = outputMap
    self.window = window
    self.insets = insets
    self.groups = groups
    self.groupInputs = groupInputs
  }

  /// A dense layer whose rows stand side by side like the pixels of one line, so that threads can share them.
  init(rows: Int, inputs: Int, outputs: Int) throws(ModelError) {
    try self.init(
      dense: MapExtents(batch: 1, height: 1, width: rows, channels: inputs), outputs: outputs)
  }

  /// A dense layer whose rows are maps of one pixel, each with a scale or a zero point of its own.
  init(maps: Int, inputs: Int, outputs: Int) throws(ModelError) {
    try self.init(
      dense: MapExtents(batch: maps, height: 1, width: 1, channels: inputs), outputs: outputs)
  }

  private init(dense map: MapExtents, outputs: Int) throws(ModelError) {
    self.init(
      inputMap: map, outputMap: try map.with(channels: outputs),
      window: ConvolutionStep.Window(kernel: .one, strides: .one, dilation: .one), insets: .zero, groups: 1,
      groupInputs: map.channels)
  }
}

extension ConvolutionStep.Window {
  /// As kernels of counts take it, under a padding.
  func arguments(_ insets: EdgeInsets) -> ferry_window {
    ferry_window(
      kernel_height: kernel.height, kernel_width: kernel.width, stride_y: strides.height, stride_x: strides.width,
      dilation_y: dilation.height, dilation_x: dilation.width, padding_top: insets.top, padding_left: insets.left)
  }
}
