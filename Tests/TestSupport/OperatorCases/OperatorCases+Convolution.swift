import ModelGraph

extension OperatorCases {
  static let convolutions: [OperatorCase] = [
    OperatorCase(
      "conv2d.dense", .conv2D(Conv2D(padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)))),
      .random([2, 7, 6, 3]), .weights([4, 3, 3, 3]), .weights([4])),
    OperatorCase(
      "conv2d.strided_dilated",
      .conv2D(
        Conv2D(
          strides: Size2D(height: 2, width: 1), dilation: Size2D(height: 1, width: 2),
          padding: .explicit(EdgeInsets(top: 1, left: 0, bottom: 2, right: 1)))),
      .random([1, 9, 8, 3]), .weights([5, 3, 2, 3]), .weights([5])),
    OperatorCase(
      "conv2d.grouped", .conv2D(Conv2D(groups: 2)), .random([1, 5, 5, 4]), .weights([6, 3, 3, 2]), .weights([6])),
    OperatorCase(
      "conv2d.depthwise_relu6",
      .conv2D(
        Conv2D(
          strides: Size2D(2), padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)), groups: 4,
          outputClamp: .relu6)),
      .random([1, 8, 8, 4], scale: 4), .weights([4, 3, 3, 1]), .weights([4])),
    OperatorCase(
      "conv2d.depthwise_multiplier",
      .conv2D(
        Conv2D(strides: Size2D(2), padding: .same(.upper), groups: 2, filterLayout: .oneHeightWidthOutput)),
      .random([1, 8, 7, 2]), .weights([1, 3, 3, 6]), .weights([6])),
    OperatorCase(
      "conv2d.channels_first",
      .conv2D(
        Conv2D(
          padding: .explicit(EdgeInsets(top: 0, left: 1, bottom: 1, right: 2)), layout: .channelsFirst,
          filterLayout: .outputInputHeightWidth)),
      .random([2, 3, 6, 5]), .weights([4, 3, 3, 3])),
    OperatorCase(
      "conv2d.same_upper",
      .conv2D(Conv2D(strides: Size2D(2), padding: .same(.upper), outputClamp: .relu)),
      .random([1, 6, 7, 3]), .weights([4, 3, 3, 3]), .weights([4])),
    OperatorCase(
      "conv2d.same_lower",
      .conv2D(
        Conv2D(
          strides: Size2D(2), padding: .same(.lower), layout: .channelsFirst, filterLayout: .outputInputHeightWidth)),
      .random([1, 3, 6, 7]), .weights([4, 3, 3, 3]), .weights([4])),
    OperatorCase(
      "conv2d.dilated_same", .conv2D(Conv2D(dilation: Size2D(2), padding: .same(.upper))), .random([1, 8, 8, 2]),
      .weights([3, 3, 3, 2]), .weights([3])),
    OperatorCase(
      "conv2d.keras", .conv2D(Conv2D(padding: .valid, filterLayout: .heightWidthInputOutput)), .random([1, 5, 6, 3]),
      .weights([3, 2, 3, 4]), .weights([4])),
    OperatorCase(
      "conv2d.keras_depthwise",
      .conv2D(Conv2D(padding: .valid, groups: 3, filterLayout: .heightWidthInputMultiplier)), .random([1, 5, 6, 3]),
      .weights([3, 3, 3, 2]), .weights([6])),
    OperatorCase("conv2d.pointwise", .conv2D(Conv2D()), .random([1, 4, 4, 8]), .weights([16, 1, 1, 8])),
    OperatorCase(
      "conv2d.float16", .conv2D(Conv2D()), .random([1, 4, 4, 3], as: .float16), .weights([2, 3, 3, 3], as: .float16),
      .weights([2], as: .float16)),
    OperatorCase(
      "conv_transpose2d.output_padding",
      .convTranspose2D(
        ConvTranspose2D(
          strides: Size2D(2), cropping: EdgeInsets(top: 1, left: 1, bottom: 1, right: 1), outputPadding: .one,
          layout: .channelsFirst, filterLayout: .inputOutputHeightWidth)),
      .random([1, 3, 4, 5]), .weights([3, 2, 3, 3]), .weights([2])),
    OperatorCase(
      "conv_transpose2d.grouped",
      .convTranspose2D(
        ConvTranspose2D(
          strides: Size2D(height: 1, width: 2), dilation: Size2D(height: 2, width: 1),
          cropping: EdgeInsets(top: 1, left: 0, bottom: 2, right: 1), groups: 2, layout: .channelsFirst,
          filterLayout: .inputOutputHeightWidth)),
      .random([2, 4, 4, 3]), .weights([4, 3, 3, 2])),
    OperatorCase(
      "conv_transpose2d.canonical_grouped",
      .convTranspose2D(ConvTranspose2D(strides: Size2D(2), groups: 2)), .random([1, 3, 4, 4]), .weights([6, 2, 3, 2]),
      .weights([6])),
    OperatorCase(
      "conv_transpose2d.same",
      .convTranspose2D(
        ConvTranspose2D(strides: Size2D(2), cropping: EdgeInsets(top: 0, left: 0, bottom: 1, right: 1))),
      .random([1, 3, 4, 2]), .weights([3, 3, 3, 2]), .weights([3])),
  ]

  static let products: [OperatorCase] = [
    OperatorCase(
      "fully_connected.plain", .fullyConnected(FullyConnected()), .random([3, 8]), .weights([5, 8]), .weights([5])),
    OperatorCase(
      "fully_connected.leading_axes", .fullyConnected(FullyConnected()), .random([2, 3, 4]), .weights([5, 4])),
    OperatorCase(
      "fully_connected.flattened_relu",
      .fullyConnected(FullyConnected(weightLayout: .inputOutput, keepsLeadingAxes: false, outputClamp: .relu)),
      .random([2, 3, 4]), .weights([4, 5]), .weights([5])),
    OperatorCase("mat_mul.batched", .matMul(MatMul()), .random([2, 1, 3, 4]), .random([5, 4, 2])),
    OperatorCase("mat_mul.vectors", .matMul(MatMul()), .random([4]), .random([4])),
    OperatorCase("mat_mul.row", .matMul(MatMul()), .random([4]), .random([2, 4, 3])),
    OperatorCase("mat_mul.column", .matMul(MatMul()), .random([2, 3, 4]), .random([4])),
    OperatorCase(
      "mat_mul.transposed", .matMul(MatMul(transposesA: true, transposesB: true)), .random([2, 4, 3]),
      .random([2, 5, 4])),
    OperatorCase(
      "mat_mul.integers", .matMul(MatMul()), .integers([1, -2, 3, 4, 5, -6], [2, 3], as: .int32),
      .integers([7, 8, 9, -10, 11, 12], [3, 2], as: .int32)),
  ]

  static let normalizations: [OperatorCase] = [
    OperatorCase(
      "batch_norm.channels_first", .batchNorm(BatchNorm(epsilon: 1e-3, axis: 1)), .random([2, 3, 4, 2]),
      .weights([3]), .weights([3]), .weights([3]), .weights([3], scale: 0.5, offset: 1)),
    OperatorCase(
      "batch_norm.no_scale_relu6", .batchNorm(BatchNorm(epsilon: 1e-5, axis: 3, outputClamp: .relu6)),
      .random([2, 3, 2, 4], scale: 4), .absent, .weights([4]), .weights([4]), .weights([4], scale: 0.5, offset: 1)),
    OperatorCase(
      "layer_norm.last_axis", .layerNorm(LayerNorm(epsilon: 1e-5, axis: 2)), .random([2, 3, 8]), .weights([8]),
      .weights([8])),
    OperatorCase(
      "layer_norm.two_axes", .layerNorm(LayerNorm(epsilon: 1e-3, axis: 1)), .random([2, 3, 4]), .weights([3, 4])),
    OperatorCase("softmax.last_axis", .softmax(Softmax(axis: 1)), .random([3, 7], scale: 5)),
    OperatorCase("softmax.middle_axis", .softmax(Softmax(axis: 1)), .random([2, 3, 4], scale: 5)),
    OperatorCase(
      "softmax.trailing_axes", .softmax(Softmax(axis: 1, coversTrailingAxes: true)), .random([2, 3, 4], scale: 5)),
    OperatorCase("softmax.logarithm", .softmax(Softmax(axis: 2, isLogarithm: true)), .random([2, 3, 4], scale: 5)),
    OperatorCase("softmax.beta", .softmax(Softmax(axis: 1, beta: 0.5)), .random([3, 7], scale: 5)),
    OperatorCase("softmax.large", .softmax(Softmax(axis: 0)), .floats([1000, 1001, -1000, 998.5], [4])),
  ]
}
