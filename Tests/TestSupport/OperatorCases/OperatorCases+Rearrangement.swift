import ModelGraph

extension OperatorCases {
  static let rearrangements: [OperatorCase] = [
    OperatorCase("reshape.inferred", .reshape(Reshape([.copied(0), .inferred])), .random([2, 3, 4])),
    OperatorCase(
      "reshape.input", .reshape(Reshape(nil)), .random([2, 3, 4]), .integers([4, -1], [2], isConstant: true)),
    OperatorCase("flatten.axis_2", .flatten(Flatten(axis: 2)), .random([2, 3, 4, 5])),
    OperatorCase("flatten.axis_0", .flatten(Flatten(axis: 0)), .random([2, 3])),
    OperatorCase("squeeze.axes", .squeeze(Squeeze(axes: [0, 2])), .random([1, 3, 1, 4])),
    OperatorCase("unsqueeze.axes", .unsqueeze(Unsqueeze(axes: [0, 3])), .random([3, 4])),
    OperatorCase("identity.integers", .identity(Identity()), .integers([1, 2, 3], [3], as: .uint8)),
    OperatorCase("transpose.to_channels_last", .transpose(Transpose([0, 2, 3, 1])), .random([2, 3, 4, 5])),
    OperatorCase("transpose.three_axes", .transpose(Transpose([2, 0, 1])), .random([2, 3, 4])),
    OperatorCase("transpose.int8", .transpose(Transpose([1, 0])), .integers([1, -2, 3, 4, 5, 6], [2, 3], as: .int8)),
    OperatorCase("concat.channels", .concat(Concat(axis: 3)), .random([1, 2, 2, 3]), .random([1, 2, 2, 5])),
    OperatorCase(
      "concat.first_axis", .concat(Concat(axis: 0, outputClamp: .relu)), .random([1, 4]), .random([2, 4]),
      .random([3, 4])),
    OperatorCase(
      "concat.integers", .concat(Concat(axis: 0)), .integers([1], [1]), .integers([], [0]), .integers([2, 3], [2])),
    OperatorCase("split.uneven", .split(Split(axis: 1, extents: [2, 0, 3])), .random([2, 5, 3])),
    OperatorCase("split.even", .split(Split(axis: 2, extents: [2, 2])), .random([2, 3, 4])),
    OperatorCase(
      "slice.steps", .slice(Slice(axes: [0, 2], starts: [1, -5], ends: [.max, -1], steps: [1, 2])), .random([3, 2, 6])),
    OperatorCase(
      "slice.backwards", .slice(Slice(axes: [1, 0], starts: [-1, 1], ends: [.min, -9], steps: [-2, -1])),
      .random([3, 5])),
    OperatorCase("slice.nothing", .slice(Slice(axes: [0], starts: [3], ends: [1], steps: [1])), .random([4, 2])),
    OperatorCase(
      "gather.negative", .gather(Gather(axis: 1)), .random([2, 4, 3]),
      .integers([0, -1, 2, -4], [2, 2], isConstant: true)
    ),
    OperatorCase("gather.scalar", .gather(Gather(axis: 0)), .integers([5, 6, 7], [3]), .integers([1], [])),
    OperatorCase(
      "gather.int32", .gather(Gather(axis: 0)), .random([4, 2]), .integers([3, 3, 0], [3], as: .int32)),
    OperatorCase(
      "expand.stretched", .expand(Expand()), .random([3, 1]), .integers([2, 1, 4], [3], isConstant: true)),
    OperatorCase("tile.repeated", .tile(Tile([2, 1, 3])), .random([1, 2, 3])),
    OperatorCase("shape_of.all", .shapeOf(ShapeOf()), .random([2, 3, 4])),
    OperatorCase("shape_of.part", .shapeOf(ShapeOf(start: -2, end: 3)), .random([2, 3, 4, 5])),
    OperatorCase("shape_of.int32", .shapeOf(ShapeOf(elementType: .int32)), .random([2, 3, 4])),
    OperatorCase(
      "constant_of_shape.float", .constantOfShape(ConstantOfShape(.floating(1.5), elementType: .float32)),
      .integers([2, 3], [2], isConstant: true)),
    OperatorCase(
      "constant_of_shape.scalar", .constantOfShape(ConstantOfShape(.integer(7), elementType: .int64)),
      .integers([], [0], isConstant: true)),
    OperatorCase(
      "space_to_depth.channels_first", .spaceToDepth(SpaceToDepth(blockSize: 2, layout: .channelsFirst)),
      .random([1, 3, 4, 6])),
    OperatorCase("space_to_depth.channels_last", .spaceToDepth(SpaceToDepth(blockSize: 2)), .random([1, 4, 6, 3])),
    OperatorCase("depth_to_space.channels_last", .depthToSpace(DepthToSpace(blockSize: 2)), .random([1, 2, 3, 12])),
    OperatorCase(
      "depth_to_space.channels_first", .depthToSpace(DepthToSpace(blockSize: 2, layout: .channelsFirst)),
      .random([1, 12, 2, 3])),
    OperatorCase(
      "depth_to_space.pixel_shuffle",
      .depthToSpace(DepthToSpace(blockSize: 2, order: .channelFirst, layout: .channelsFirst)), .random([1, 12, 2, 3])),
    OperatorCase(
      "depth_to_space.pixel_shuffle_channels_last",
      .depthToSpace(DepthToSpace(blockSize: 2, order: .channelFirst)), .random([1, 2, 3, 12])),
  ]

  static let paddings: [OperatorCase] = [
    OperatorCase(
      "pad.constant", .pad(Pad(before: [0, 1, 2, 0], after: [0, 2, 1, 1], mode: .constant(0.5))),
      .random([1, 3, 3, 2])),
    OperatorCase("pad.reflect", .pad(Pad(before: [2, 1], after: [1, 3], mode: .reflect)), .random([3, 4])),
    OperatorCase("pad.symmetric", .pad(Pad(before: [2, 1], after: [1, 4], mode: .symmetric)), .random([3, 4])),
    OperatorCase("pad.edge", .pad(Pad(before: [2, 1], after: [1, 5], mode: .edge)), .random([3, 4])),
    OperatorCase("pad.negative", .pad(Pad(before: [-1, 2], after: [1, -2])), .random([3, 4])),
    OperatorCase(
      "pad.integers", .pad(Pad(before: [1], after: [2], mode: .constant(-3))), .integers([1, 2], [2], as: .int32)),
    OperatorCase(
      "pad.counts", .pad(Pad(before: [1], after: [1], mode: .constant(0.75))),
      .integers([130, 140], [2], as: .uint8, quantization: .perTensor(scale: 0.25, zeroPoint: 128))),
  ]

  static let selections: [OperatorCase] = [
    OperatorCase(
      "select.stretched", .select(Select()), .integers([1, 0, 1], [3, 1], as: .bool), .random([2, 3, 4]), .random([4])),
    OperatorCase(
      "select.integers", .select(Select()), .integers([1, 0, 1], [3], as: .bool), .integers([1, 2, 3], [3]),
      .integers([-1], [1])),
  ]
}
