/// Two-dimensional transposed convolution: the gradient of a convolution with respect to its map.
///
/// Inputs: x [N, H, W, I] (or channels first), filter (axes by `filterLayout`), bias [O] (optional). Each input element adds
/// x · w to the window of outputs that a forward convolution of these strides would have read; `cropping` rows and columns
/// are taken off the full result ((in − 1) · stride + (kernel − 1) · dilation + 1 + outputPadding). ONNX ConvTranspose.
public struct ConvTranspose2D: Operator {
  public static let name = "convTranspose2d"

  public var strides: Size2D
  public var dilation: Size2D
  public var cropping: EdgeInsets
  public var outputPadding: Size2D
  public var groups: Int
  public var layout: Layout
  public var filterLayout: FilterLayout
  public var outputClamp: ClampRange

  public init(
    strides: Size2D = .one, dilation: Size2D = .one, cropping: EdgeInsets = .zero,
    outputPadding: Size2D = Size2D(0), groups: Int = 1, layout: Layout = .channelsLast,
    filterLayout: FilterLayout = .outputHeightWidthInput, outputClamp: ClampRange = .unbounded
  ) {
    self.strides = strides
    self.dilation = dilation
    self.cropping = cropping
    self.outputPadding = outputPadding
    self.groups = groups
    self.layout = layout
    self.filterLayout = filterLayout
    self.outputClamp = outputClamp
  }

  public var parameterInputs: [Int] { [1, 2] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...3)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    let filter = try inputs.dimensions(1, rank: 4, "the filter")
    let axes = filterLayout.kernelAxes
    guard let height = filter[axes.height].fixedValue, let width = filter[axes.width].fixedValue else {
      throw ModelError(.unsupported, "a filter whose kernel size is not known")
    }
    let kernel = Size2D(height: height, width: width)
    try kernel.expectPositive("kernel")
    try strides.expectPositive("stride")
    try dilation.expectPositive("dilation")
    try cropping.expectValid()
    guard groups >= 1 else { throw ModelError(.malformed, "\(groups) groups") }
    let channels = map[layout.channelAxis]
    let expected = filterLayout.inputChannels(filter, groups: groups)
    guard channels.isCompatible(with: expected) else {
      throw ModelError(.malformed, "the map has \(channels) channels, the filter reads \(expected)")
    }
    let outputChannels = filterLayout.outputChannels(filter, groups: groups)
    try inputs.expectVector(2, of: outputChannels, "the bias")
    func extent(_ input: Dimension, _ kernel: Int, _ stride: Int, _ dilation: Int, _ added: Int) -> Dimension {
      input.adding(-1).multiplied(by: stride).adding((kernel - 1) * dilation + 1 + added)
    }
    let outputHeight = extent(
      map[layout.heightAxis], height, strides.height, dilation.height,
      outputPadding.height - cropping.top - cropping.bottom)
    let outputWidth = extent(
      map[layout.widthAxis], width, strides.width, dilation.width,
      outputPadding.width - cropping.left - cropping.right)
    for value in [outputHeight.fixedValue, outputWidth.fixedValue].compactMap({ $0 }) where value < 1 {
      throw ModelError(.malformed, "the cropping leaves no output")
    }
    return [
      TensorType(
        x.elementType,
        layout.shape(batch: map[0], height: outputHeight, width: outputWidth, channels: outputChannels))
    ]
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    guard let inputCount = inputs.optionalType(0)?.shape.elementCount(),
      let filter = inputs.optionalType(1), let filterCount = filter.shape.elementCount(),
      let dimensions = filter.shape.dimensions,
      let channels = filterLayout.inputChannels(dimensions, groups: groups).fixedValue, channels > 0
    else { return nil }
    let (product, overflow) = inputCount.multipliedReportingOverflow(by: filterCount / channels)
    return overflow ? nil : product
  }
}
