internal import ModelGraph

/// Conv and ConvTranspose.
enum ConvolutionLowering {
  static let entries: [String: OperatorEntry] = [
    "Conv": OperatorEntry(inputs: 3, convolution),
    "ConvTranspose": OperatorEntry(inputs: 3, transposedConvolution),
  ]

  @Sendable private static func convolution(_ node: NodeLowering) throws(ModelError) {
    let inputs = [try node.input(0), try node.input(1), node.optionalInput(2)]
    let op = try operation(node, filter: 1)
    try node.finish(.conv2D(op), inputs[2] == nil ? Array(inputs.dropLast()) : inputs)
  }

  /// The convolution that the attributes and the filter's shape describe.
  ///
  /// - Parameter filter: which input is the filter.
  static func operation(_ node: NodeLowering, filter: Int) throws(ModelError) -> Conv2D {
    try checkKernel(node, filter: filter)
    let window = try WindowAttributes(node)
    return Conv2D(
      strides: window.strides, dilation: window.dilation, padding: window.padding,
      groups: try node.attributes.int("group", default: 1), layout: .channelsFirst,
      filterLayout: .outputInputHeightWidth)
  }

  /// The filter's kernel: four axes, and the extents that `kernel_shape` repeats where it is present.
  @discardableResult
  private static func checkKernel(_ node: NodeLowering, filter index: Int = 1) throws(ModelError) -> Size2D? {
    let stated = try node.attributes.ints("kernel_shape")
    let filter = try node.dimensions(index)
    guard filter.count == 4 else {
      throw ModelError(.unsupported, "a convolution over \(filter.count - 2) spatial axes")
    }
    guard let height = filter[2].fixedValue, let width = filter[3].fixedValue else {
      throw ModelError(.unsupported, "a filter whose kernel size is not known")
    }
    guard stated == nil || stated == [] || stated == [height, width] else {
      throw ModelError(
        .malformed, "the filter's kernel is \(height)×\(width), stated are \(stated ?? [])",
        context: [.attribute("kernel_shape")])
    }
    return Size2D(height: height, width: width)
  }

  @Sendable private static func transposedConvolution(_ node: NodeLowering) throws(ModelError) {
    let inputs = [try node.input(0), try node.input(1), node.optionalInput(2)]
    guard let kernel = try checkKernel(node) else { return }
    let window = try WindowAttributes(node)
    var outputPadding = Size2D(0)
    if let values = try node.attributes.ints("output_padding"), !values.isEmpty {
      outputPadding = try WindowAttributes.pair(values, "output_padding")
    }
    guard outputPadding.height >= 0, outputPadding.width >= 0 else {
      throw ModelError(.malformed, "an output padding of \(outputPadding)", context: [.attribute("output_padding")])
    }
    let outputShape = try node.attributes.ints("output_shape") ?? []
    let op = ConvTranspose2D(
      strides: window.strides, dilation: window.dilation,
      cropping: try cropping(node, window, kernel, outputPadding, outputShape), outputPadding: outputPadding,
      groups: try node.attributes.int("group", default: 1), layout: .channelsFirst,
      filterLayout: .inputOutputHeightWidth)
    try node.finish(.convTranspose2D(op), inputs[2] == nil ? Array(inputs.dropLast()) : inputs)
  }

  /// What is taken off the full result, by the rule of ONNX ConvTranspose: the difference to the output that is asked for,
  /// the odd one at the end for SAME_UPPER and at the beginning otherwise.
  private static func cropping(
    _ node: NodeLowering, _ window: WindowAttributes, _ kernel: Size2D, _ added: Size2D, _ outputShape: [Int]
  ) throws(ModelError) -> EdgeInsets {
    var placement = Padding2D.SamePlacement.lower
    switch window.padding {
    case .explicit(let insets) where outputShape.isEmpty: return insets
    case .valid where outputShape.isEmpty: return .zero
    case .same(let same): placement = same
    case .explicit, .valid: break
    }
    var map: [Dimension] = [.unknown, .unknown]
    if !outputShape.isEmpty {
      map = Array(try node.dimensions(0).dropFirst(2))
      // Some writers list batch and channels too.
      guard outputShape.count == 2 || outputShape.count == 4, map.count == 2 else {
        throw ModelError(.unsupported, "\(outputShape.count) extents", context: [.attribute("output_shape")])
      }
    }
    let asked = Array(outputShape.suffix(2))
    func total(_ axis: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ added: Int) throws(ModelError) -> Int {
      let bound = 0...(1 << 20)
      guard bound.contains(kernel), bound.contains(stride), bound.contains(dilation), bound.contains(added) else {
        throw ModelError(.malformed, "kernel \(kernel), stride \(stride), dilation \(dilation) or padding \(added)")
      }
      let reach = (kernel - 1) * dilation + 1 + added
      // SAME asks for input · stride.
      guard !asked.isEmpty else { return reach - stride }
      guard let extent = map[axis].fixedValue, extent < 1 << 40 else {
        throw ModelError(.unsupported, "a map whose size is not known", context: [.attribute("output_shape")])
      }
      let (result, overflow) = (stride * (extent - 1) + reach).subtractingReportingOverflow(asked[axis])
      guard !overflow else { throw ModelError(.malformed, "\(asked)", context: [.attribute("output_shape")]) }
      return result
    }
    let rows = try total(0, kernel.height, window.strides.height, window.dilation.height, added.height)
    let columns = try total(1, kernel.width, window.strides.width, window.dilation.width, added.width)
    guard rows >= 0, columns >= 0 else {
      throw ModelError(.unsupported, "an output larger than the windows reach")
    }
    return placement == .upper
      ? EdgeInsets(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
      : EdgeInsets(top: rows - rows / 2, left: columns - columns / 2, bottom: rows / 2, right: columns / 2)
  }
}
