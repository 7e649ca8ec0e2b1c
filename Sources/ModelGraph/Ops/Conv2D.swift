/// Two-dimensional convolution, dense, grouped or depthwise.
///
/// Inputs: x [N, H, W, I] (or [N, I, H, W]), filter (axes by `filterLayout`), bias [O] (optional).
/// y[n, p, q, o] = clamp(b[o] + Σ x[n, p·sh + i·dh − top, q·sw + j·dw − left, g·I/G + c] · w[o, i, j, c]), g the group of o;
/// cross-correlation, as in ONNX Conv and TensorFlow conv2d. Positions outside the map are zero (in counts, the
/// zero point).
public struct Conv2D: Operator {
  public static let name = "conv2d"

  public var strides: Size2D
  public var dilation: Size2D
  public var padding: Padding2D
  public var groups: Int
  public var layout: Layout
  public var filterLayout: FilterLayout
  public var outputClamp: ClampRange
  /// How real numbers meet a filter of counts.
  public var inputQuantization: InputQuantization

  public init(
    strides: Size2D = .one, dilation: Size2D = .one, padding: Padding2D = .none, groups: Int = 1,
    layout: Layout = .channelsLast, filterLayout: FilterLayout = .outputHeightWidthInput,
    outputClamp: ClampRange = .unbounded, inputQuantization: InputQuantization = .symmetric
  ) {
    self.strides = strides
    self.dilation = dilation
    self.padding = padding
    self.groups = groups
    self.layout = layout
    self.filterLayout = filterLayout
    self.outputClamp = outputClamp
    self.inputQuantization = inputQuantization
  }

  public var parameterInputs: [Int] { [1, 2] }

  /// Kernel height and width of a filter in this layout; nil when they are open.
  public func kernel(filter: TensorType) -> Size2D? {
    guard let dimensions = filter.shape.dimensions, dimensions.count == 4 else { return nil }
    let axes = filterLayout.kernelAxes
    guard let height = dimensions[axes.height].fixedValue, let width = dimensions[axes.width].fixedValue else {
      return nil
    }
    return Size2D(height: height, width: width)
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...3)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    let filterDimensions = try inputs.dimensions(1, rank: 4, "the filter")
    guard let kernel = kernel(filter: try inputs.type(1)) else {
      throw ModelError(.unsupported, "a filter whose kernel size is not known")
    }
    guard groups >= 1 else { throw ModelError(.malformed, "\(groups) groups") }
    if case .explicit(let insets) = padding { try insets.expectValid() }
    let channels = map[layout.channelAxis]
    let expected = filterLayout.inputChannels(filterDimensions, groups: groups)
    guard channels.isCompatible(with: expected) else {
      throw ModelError(.malformed, "the map has \(channels) channels, the filter reads \(expected)")
    }
    let outputChannels = filterLayout.outputChannels(filterDimensions, groups: groups)
    if let count = outputChannels.fixedValue {
      guard count >= 1, count % groups == 0 else {
        throw ModelError(.malformed, "\(count) output channels do not divide into \(groups) groups")
      }
    }
    try inputs.expectVector(2, of: outputChannels, "the bias")
    let extents = try padding.outputExtents(
      height: map[layout.heightAxis], width: map[layout.widthAxis], kernel: kernel, strides: strides,
      dilation: dilation)
    let shape = layout.shape(
      batch: map[0], height: extents.height, width: extents.width, channels: outputChannels)
    return [TensorType(x.elementType, shape)]
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    guard let outputCount = outputs.first?.shape.elementCount(),
      let filter = inputs.optionalType(1), let filterCount = filter.shape.elementCount(),
      let dimensions = filter.shape.dimensions,
      let outputChannels = filterLayout.outputChannels(dimensions, groups: groups).fixedValue, outputChannels > 0
    else { return nil }
    let (product, overflow) = outputCount.multipliedReportingOverflow(by: filterCount / outputChannels)
    return overflow ? nil : product
  }
}
