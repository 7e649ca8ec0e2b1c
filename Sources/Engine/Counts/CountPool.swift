import ModelGraph

/// The windows of a pool over maps of counts.
struct CountPool: Sendable {
  /// What becomes of the counts of one window.
  enum Kind: Sendable {
    case average
    case maximum
    case minimum
  }

  let kind: Kind
  let inputMap: MapExtents
  let outputMap: MapExtents
  let window: ConvolutionStep.Window
  let insets: EdgeInsets
  let countsPadding: Bool

  init(_ op: Pool2D, inputMap: MapExtents, outputMap: MapExtents) {
    kind = op.kind == .average ? .average : .maximum
    self.inputMap = inputMap
    self.outputMap = outputMap
    window = ConvolutionStep.Window(kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    insets = op.padding.insets(
      height: inputMap.height, width: inputMap.width, kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    countsPadding = op.countsPadding
  }

  /// A pool over whole maps.
  init(_ kind: Kind, whole map: MapExtents) throws(ModelError) {
    self.kind = kind
    inputMap = map
    outputMap = try map.with(height: 1, width: 1)
    let size = Size2D(height: map.height, width: map.width)
    window = ConvolutionStep.Window(kernel: size, strides: size, dilation: .one)
    insets = .zero
    countsPadding = false
  }

  /// The same windows with weights of one: a depthwise convolution whose sums are those of the windows.
  var sums: CountConvolution {
    CountConvolution(
      inputMap: inputMap, outputMap: outputMap, window: window, insets: insets, groups: inputMap.channels,
      groupInputs: 1)
  }
}
