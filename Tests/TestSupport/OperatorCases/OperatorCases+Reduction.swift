import ModelGraph

extension OperatorCases {
  static let pools: [OperatorCase] = [
    OperatorCase(
      "pool2d.average_same",
      .pool2D(Pool2D(.average, kernel: Size2D(3), strides: Size2D(2), padding: .same(.upper))), .random([1, 6, 7, 3])),
    OperatorCase(
      "pool2d.maximum_same",
      .pool2D(Pool2D(.maximum, kernel: Size2D(3), strides: Size2D(2), padding: .same(.upper), outputClamp: .relu6)),
      .random([1, 6, 7, 3])),
    OperatorCase(
      "pool2d.average_valid", .pool2D(Pool2D(.average, kernel: Size2D(height: 2, width: 3), strides: Size2D(2))),
      .random([2, 6, 7, 3])),
    OperatorCase(
      "pool2d.average_padded",
      .pool2D(
        Pool2D(
          .average, kernel: Size2D(3), strides: Size2D(2),
          padding: .explicit(EdgeInsets(top: 1, left: 0, bottom: 1, right: 2)), layout: .channelsFirst)),
      .random([1, 2, 7, 6])),
    OperatorCase(
      "pool2d.average_counting",
      .pool2D(
        Pool2D(
          .average, kernel: Size2D(3), strides: Size2D(2),
          padding: .explicit(EdgeInsets(top: 1, left: 0, bottom: 1, right: 2)), countsPadding: true,
          layout: .channelsFirst)),
      .random([1, 2, 7, 6])),
    OperatorCase(
      "pool2d.average_rounded_up",
      .pool2D(
        Pool2D(.average, kernel: Size2D(3), strides: Size2D(2), roundsUp: true, layout: .channelsFirst)),
      .random([1, 2, 6, 8])),
    OperatorCase(
      "pool2d.average_rounded_up_counting",
      .pool2D(
        Pool2D(
          .average, kernel: Size2D(3), strides: Size2D(2),
          padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)), countsPadding: true, roundsUp: true,
          layout: .channelsFirst)),
      .random([1, 2, 6, 8])),
    OperatorCase(
      "pool2d.maximum_dilated",
      .pool2D(
        Pool2D(
          .maximum, kernel: Size2D(2), strides: .one, dilation: Size2D(2),
          padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)), layout: .channelsFirst)),
      .random([1, 2, 5, 6], offset: -2)),
    OperatorCase(
      "pool2d.maximum_rounded_up",
      .pool2D(
        Pool2D(
          .maximum, kernel: Size2D(3), strides: Size2D(2),
          padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 0, right: 0)), roundsUp: true, layout: .channelsFirst)
      ),
      .random([1, 2, 6, 6])),
    OperatorCase(
      "global_pool.average", .globalPool(GlobalPool(.average, keepsAxes: true, layout: .channelsFirst)),
      .random([2, 3, 4, 5])),
    OperatorCase(
      "global_pool.maximum", .globalPool(GlobalPool(.maximum, keepsAxes: true, layout: .channelsFirst)),
      .random([2, 3, 4, 5])),
    OperatorCase(
      "global_pool.channels_last", .globalPool(GlobalPool(.average, keepsAxes: false)), .random([2, 7, 7, 3])),
  ]

  static let reductions: [OperatorCase] =
    [
      ("mean", .mean), ("sum", .sum), ("maximum", .maximum), ("minimum", .minimum), ("product", .product),
      ("euclidean_norm", .euclideanNorm), ("sum_of_squares", .sumOfSquares), ("absolute_sum", .absoluteSum),
    ].map { (name: String, function: Reduce.Function) in
      OperatorCase("reduce." + name, .reduce(Reduce(function, axes: [0, 2], keepsAxes: false)), .random([2, 3, 4, 5]))
    } + [
      OperatorCase(
        "reduce.mean_spatial", .reduce(Reduce(.mean, axes: [1, 2], keepsAxes: true)), .random([1, 7, 7, 5])),
      OperatorCase("reduce.all_axes", .reduce(Reduce(.sum, axes: [0, 1], keepsAxes: false)), .random([3, 4])),
      OperatorCase("reduce.no_axes", .reduce(Reduce(.sumOfSquares, axes: [], keepsAxes: true)), .random([3, 4])),
      OperatorCase("reduce.nothing", .reduce(Reduce(.sum, axes: [1], keepsAxes: false)), .random([2, 0, 3])),
      OperatorCase(
        "reduce.maximum_not_a_number", .reduce(Reduce(.maximum, axes: [1], keepsAxes: false)),
        .floats([1, .nan, 2, 3, -.infinity, 5], [2, 3])),
      OperatorCase(
        "reduce.sum_integers", .reduce(Reduce(.sum, axes: [1], keepsAxes: false)),
        .integers([1, 2, 3, -4, 5, 6], [2, 3], as: .int32)),
      OperatorCase(
        "reduce.mean_integers", .reduce(Reduce(.mean, axes: [1], keepsAxes: false)),
        .integers([1, 2, 2, -4, -5, 1], [2, 3], as: .int32)),
      OperatorCase(
        "reduce.product_integers", .reduce(Reduce(.product, axes: [0], keepsAxes: false)), .integers([2, -3, 7], [3])),
      OperatorCase(
        "arg_extremum.maximum", .argExtremum(ArgExtremum(.maximum, axis: 1, keepsAxis: false)), .random([2, 5, 3])),
      OperatorCase(
        "arg_extremum.minimum_last",
        .argExtremum(ArgExtremum(.minimum, axis: 1, keepsAxis: true, takesLast: true, elementType: .int64)),
        .floats([3, 1, 1, 2, 4, 4, 4, 4], [2, 4])),
      OperatorCase(
        "arg_extremum.first_of_equals", .argExtremum(ArgExtremum(.maximum, axis: 1, keepsAxis: false)),
        .floats([3, 1, 3, 2, 4, 4, 4, 4], [2, 4])),
      OperatorCase(
        "arg_extremum.int32", .argExtremum(ArgExtremum(.maximum, axis: 3, keepsAxis: false, elementType: .int32)),
        .random([1, 3, 4, 5])),
      OperatorCase(
        "arg_extremum.integers", .argExtremum(ArgExtremum(.minimum, axis: 0, keepsAxis: false)),
        .integers([5, -2, 7, -2], [4], as: .int32)),
    ]
}
