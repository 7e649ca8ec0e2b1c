import FormatSupport
import ModelGraph

/// Convolutions, dense layers and pooling.
extension OperatorImport {
  /// x [N, H, W, I], filter [O, kh, kw, I/groups], bias [O].
  func convolution() throws(ModelError) {
    try expectInputs(2...3)
    let activation = try activationOption()
    let channels = try dimensions(0).last
    let filterChannels = try extent(1, axis: 3)
    // The file has no number of groups: it follows from the channels that the filter reads.
    var groups = 1
    if let channels = channels?.fixedValue, filterChannels > 0, channels != filterChannels {
      guard channels % filterChannels == 0 else {
        throw ModelError(.malformed, "the map has \(channels) channels, the filter reads \(filterChannels)")
      }
      groups = channels / filterChannels
    }
    try emit(
      .conv2D(
        Conv2D(
          strides: try sizeOption(height: "stride_h", width: "stride_w"),
          dilation: try sizeOption(height: "dilation_h_factor", width: "dilation_w_factor", default: 1),
          padding: try paddingOption(), groups: groups, filterLayout: .outputHeightWidthInput,
          outputClamp: activation.clamp,
          inputQuantization: try inputQuantization(isAsymmetric: try convolutionIsAsymmetric(groups: groups)))),
      try layerInputs(), then: activation.function)
  }

  /// x [N, H, W, I], filter [1, kh, kw, I · multiplier], bias [I · multiplier].
  func depthwiseConvolution() throws(ModelError) {
    try expectInputs(2...3)
    let activation = try activationOption()
    let outputs = try extent(1, axis: 3)
    let multiplier = try integerOption("depth_multiplier")
    guard try extent(1, axis: 0) == 1 else {
      throw ModelError(.malformed, "a depthwise filter of shape \(try type(1).shape), expected 1 along its first axis")
    }
    let channels: Int
    if let fixed = try dimensions(0).last?.fixedValue {
      channels = fixed
    } else {
      guard multiplier > 0 else { throw ModelError(.unsupported, "an open number of channels") }
      channels = outputs / multiplier
    }
    guard channels > 0, outputs % channels == 0 else {
      throw ModelError(.malformed, "\(channels) channels do not make \(outputs)")
    }
    if multiplier != outputs / channels {
      // The runtime, too, goes by the shapes; some writers leave the option at zero.
      graph.findings.append(
        Finding(
          .note, code: "depth-multiplier",
          "depth_multiplier is \(multiplier), the shapes say \(outputs / channels), which is used", nodes: [source]))
    }
    try emit(
      .conv2D(
        Conv2D(
          strides: try sizeOption(height: "stride_h", width: "stride_w"),
          dilation: try sizeOption(height: "dilation_h_factor", width: "dilation_w_factor", default: 1),
          padding: try paddingOption(), groups: channels, filterLayout: .oneHeightWidthOutput,
          outputClamp: activation.clamp, inputQuantization: try inputQuantization(isAsymmetric: true))),
      try layerInputs(), then: activation.function)
  }

  /// Output shape, filter [O, kh, kw, I], x [N, H, W, I], bias [O]: the transpose of a convolution whose map had the output
  /// shape and whose padding the option names.
  func transposedConvolution() throws(ModelError) {
    try expectInputs(3...4)
    let activation = try activationOption()
    let padding = try paddingOption()
    let strides = try sizeOption(height: "stride_h", width: "stride_w")
    let shape = try integers(0, "the output shape")
    guard shape.count == 4 else { throw ModelError(.malformed, "an output shape of \(shape.count) axes") }
    let kernel = Size2D(height: try extent(1, axis: 1), width: try extent(1, axis: 2))
    let sane = 1...(1 << 20)
    guard [kernel.height, kernel.width, strides.height, strides.width, shape[1], shape[2]].allSatisfy(sane.contains)
    else { throw ModelError(.malformed, "kernel \(kernel), strides \(strides), output shape \(shape)") }
    let insets = padding.insets(height: shape[1], width: shape[2], kernel: kernel, strides: strides, dilation: .one)
    func ends(_ axis: Int, _ kernel: Int, _ stride: Int, _ before: Int) throws(ModelError) -> (crop: Int, add: Int) {
      let input = try extent(2, axis: axis)
      guard sane.contains(input) else { throw ModelError(.malformed, "an extent of \(input)") }
      let rest = (input - 1) * stride + kernel - before - shape[axis]
      return (max(rest, 0), max(-rest, 0))
    }
    let rows = try ends(1, kernel.height, strides.height, insets.top)
    let columns = try ends(2, kernel.width, strides.width, insets.left)
    var inputs: [ValueID?] = [try input(2), try input(1)]
    if let bias = try optionalInput(3) { inputs.append(bias) }
    try checkBias(3, input: 2)
    try emit(
      .convTranspose2D(
        ConvTranspose2D(
          strides: strides,
          cropping: EdgeInsets(top: insets.top, left: insets.left, bottom: rows.crop, right: columns.crop),
          outputPadding: Size2D(height: rows.add, width: columns.add), filterLayout: .outputHeightWidthInput,
          outputClamp: activation.clamp)),
      inputs, then: activation.function)
  }

  /// x [..., I] or of any shape whose elements divide into rows of I; weights [O, I], bias [O].
  func fullyConnected() throws(ModelError) {
    try expectInputs(2...3)
    let activation = try activationOption()
    guard try enumerationOption("weights_format") == 0 else {
      throw ModelError(.unsupported, "weights in a shuffled order")
    }
    guard try integersOption("quant_spec").isEmpty else {
      throw ModelError(.unsupported, "a quantization specification of its own")
    }
    let keepsLeadingAxes = try boolOption("keep_num_dims")
    let isAsymmetric = try boolOption("asymmetric_quantize_inputs")
    var inputs = try layerInputs()
    let features = try extent(1, axis: 1)
    if !keepsLeadingAxes, let last = try type(0).shape.dimensions?.last, last != .fixed(features) {
      // The runtime cuts the elements into rows of I, wherever the input's own rows end.
      inputs[0] = try step(.reshape(Reshape([.inferred, .fixed(features)])), [inputs[0]], "rows")
    }
    try emit(
      .fullyConnected(
        FullyConnected(
          weightLayout: .outputInput, keepsLeadingAxes: keepsLeadingAxes, outputClamp: activation.clamp,
          inputQuantization: try inputQuantization(isAsymmetric: isAsymmetric))),
      inputs, then: activation.function)
  }

  func batchMatMul() throws(ModelError) {
    try expectInputs(2...2)
    // How the runtime quantizes real numbers that meet an integer matrix; two matrices of one kind do not ask for it.
    options.ignore("asymmetric_quantize_inputs")
    guard try type(0).elementType == type(1).elementType else {
      throw ModelError(.unsupported, "a product of \(try type(0)) and \(try type(1))")
    }
    try emit(
      .matMul(MatMul(transposesA: try boolOption("adj_x"), transposesB: try boolOption("adj_y"))),
      [try input(0), try input(1)])
  }

  func pool(_ kind: Pool2D.Kind) throws(ModelError) {
    try expectInputs(1...1)
    let activation = try activationOption()
    try emit(
      .pool2D(
        Pool2D(
          kind, kernel: try sizeOption(height: "filter_height", width: "filter_width"),
          strides: try sizeOption(height: "stride_h", width: "stride_w"), padding: try paddingOption(),
          outputClamp: activation.clamp)),
      [try input(0)], then: activation.function)
  }
}
