import FormatSupport
import ModelGraph
import ONNXFormat
import Testing

/// What becomes of single operators, version by version. Every file states its outputs' types, so that a finding would
/// tell of a wrong shape.
@Suite struct OperatorTests {
  static func convolution(
    _ padding: Padding2D, strides: Int = 1, dilation: Int = 1, groups: Int = 1
  ) -> Op {
    .conv2D(
      Conv2D(
        strides: Size2D(strides), dilation: Size2D(dilation), padding: padding, groups: groups,
        layout: .channelsFirst, filterLayout: .outputInputHeightWidth))
  }

  static let one = Padding2D.explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1))

  static func resize(
    _ target: Resize2D.Target, _ interpolation: Resize2D.Interpolation, _ coordinates: Resize2D.Coordinates,
    _ rounding: Resize2D.NearestRounding
  ) -> Op {
    .resize2D(
      Resize2D(
        target, interpolation: interpolation, coordinates: coordinates, nearestRounding: rounding,
        layout: .channelsFirst))
  }

  /// File and the operator of its last node.
  static let expected: [(String, Op)] = [
    ("clip_6", .clamp(Clamp(.relu6))), ("clip_6_none", .clamp(Clamp(.unbounded))),
    ("clip_11_scalars", .clamp(Clamp(.relu6))), ("clip_12_vectors", .clamp(Clamp(.relu6))),
    ("clip_13_constants", .clamp(Clamp(.relu6))), ("clip_13_none", .clamp(Clamp(.unbounded))),
    ("clip_13_no_minimum", .clamp(Clamp(ClampRange(upper: 6)))), ("clip_13_computed", .binary(Binary(.minimum))),
    ("conv_plain", convolution(.none)),
    ("conv_pads", convolution(.explicit(EdgeInsets(top: 0, left: 0, bottom: 1, right: 1)), strides: 2)),
    ("conv_same_upper", convolution(.same(.upper), strides: 2)),
    ("conv_same_lower", convolution(.same(.lower), strides: 2)), ("conv_valid", convolution(.valid, dilation: 2)),
    ("conv_notset", convolution(one)), ("conv_depthwise", convolution(one, groups: 2)),
    ("ir_3", convolution(.none)), ("external", convolution(.none)), ("external_no_length", convolution(.none)),
    (
      "conv_transpose",
      .convTranspose2D(
        ConvTranspose2D(
          strides: Size2D(2), cropping: EdgeInsets(top: 1, left: 1, bottom: 1, right: 1), outputPadding: .one,
          layout: .channelsFirst, filterLayout: .inputOutputHeightWidth))
    ),
    (
      "conv_transpose_output_shape",
      .convTranspose2D(
        ConvTranspose2D(
          strides: Size2D(2), cropping: EdgeInsets(top: 1, left: 1, bottom: 0, right: 0),
          layout: .channelsFirst, filterLayout: .inputOutputHeightWidth))
    ),
    ("batch_norm_6", .batchNorm(BatchNorm(epsilon: 1e-3, axis: 1))),
    ("batch_norm_9", .batchNorm(BatchNorm(epsilon: 1e-3, axis: 1))),
    ("batch_norm_15", .batchNorm(BatchNorm(epsilon: 1e-5, axis: 1))),
    ("reduce_mean_11", .reduce(Reduce(.mean, axes: [2, 3], keepsAxes: false))),
    ("reduce_mean_18", .reduce(Reduce(.mean, axes: [2, 3], keepsAxes: false))),
    ("reduce_mean_18_all", .reduce(Reduce(.mean, axes: [0, 1, 2, 3], keepsAxes: true))),
    ("reduce_mean_18_noop", .identity(Identity())),
    ("softmax_11", .softmax(Softmax(axis: 1, coversTrailingAxes: true))), ("softmax_13", .softmax(Softmax(axis: 3))),
    ("softmax_11_last", .softmax(Softmax(axis: 3))),
    ("squeeze_11", .squeeze(Squeeze(axes: [2, 3]))), ("squeeze_13", .squeeze(Squeeze(axes: [2, 3]))),
    ("squeeze_13_all", .squeeze(Squeeze(axes: [0, 2, 3]))),
    ("unsqueeze_11", .unsqueeze(Unsqueeze(axes: [0, 3]))), ("unsqueeze_13", .unsqueeze(Unsqueeze(axes: [0, 3]))),
    ("split_11", .split(Split(axis: 1, extents: [1, 1]))), ("split_11_sizes", .split(Split(axis: 2, extents: [2, 4]))),
    ("split_13", .split(Split(axis: 2, extents: [2, 4]))), ("split_18", .split(Split(axis: 2, extents: [3, 3]))),
    ("split_18_uneven", .split(Split(axis: 0, extents: [3, 2]))),
    ("slice_9", .slice(Slice(axes: [2, 3], starts: [1, -3], ends: [3, Int.max], steps: [1, 1]))),
    ("slice_13", .slice(Slice(axes: [2, 3], starts: [1, -1], ends: [3, Int.min], steps: [1, -2]))),
    ("pad_2", .pad(Pad(before: [0, 0, 1, 0], after: [0, 0, 1, 1], mode: .reflect))),
    ("pad_11", .pad(Pad(before: [0, 0, 1, 0], after: [0, 0, 1, 1], mode: .constant(2.5)))),
    ("pad_18_axes", .pad(Pad(before: [0, 0, 1, 0], after: [0, 0, 1, 1], mode: .edge))),
    ("upsample_7", resize(.scales(height: 2, width: 2), .nearest, .asymmetric, .floor)),
    ("upsample_9", resize(.scales(height: 2, width: 2), .bilinear, .asymmetric, .floor)),
    ("resize_10", resize(.scales(height: 2, width: 2), .nearest, .asymmetric, .floor)),
    ("resize_11", resize(.size(height: 12, width: 12), .bilinear, .alignCorners, .halfDown)),
    ("resize_13", resize(.scales(height: 2, width: 2), .nearest, .asymmetric, .floor)),
    ("resize_19_axes", resize(.size(height: 12, width: 9), .bilinear, .halfPixel, .halfDown)),
    ("reshape_zero", .reshape(Reshape([.copied(0), .fixed(2), .inferred]))),
    ("reshape_zero_allowed", .reshape(Reshape([.fixed(0), .fixed(2), .fixed(36)]))),
    ("flatten_by_shape", .reshape(Reshape([.copied(0), .inferred]))),
    ("dropout_6", .identity(Identity())), ("dropout_7_mask", .identity(Identity())),
    ("dropout_13", .identity(Identity())),
    ("add_6_broadcast", .binary(Binary(.add))), ("sum_mean", .binary(Binary(.maximum))),
    (
      "max_pool_ceil",
      .pool2D(Pool2D(.maximum, kernel: Size2D(3), strides: Size2D(2), roundsUp: true, layout: .channelsFirst))
    ),
    (
      "average_pool_19",
      .pool2D(
        Pool2D(
          .average, kernel: Size2D(2), strides: .one, dilation: Size2D(2), padding: one, countsPadding: true,
          layout: .channelsFirst))
    ),
    ("gemm_head", .fullyConnected(FullyConnected(weightLayout: .outputInput))),
    ("gemm_general", .binary(Binary(.add))), ("function_call", .binary(Binary(.multiply))),
    ("constant_of_shape", .binary(Binary(.add))),
  ]

  @Test(arguments: expected) func lastNode(_ name: String, _ op: Op) throws {
    let program = try Fixtures.read(name)
    #expect(program.mainGraph.nodes.last?.op == op)
    #expect(program.findings == [])
    try program.mainGraph.validate()
  }

  /// Files whose node has no meaning here, and a part of the reason.
  static let refused: [(String, String)] = [
    ("conv_unknown_auto_pad", "auto_pad = \"SAME_SOMETHING\" in attribute 'auto_pad'"),
    ("conv_unknown_attribute", "unknown attribute 'dilation_mode'"), ("conv_1d", "1 spatial axes"),
    ("batch_norm_6_training", "training mode"), ("batch_norm_7_not_spatial", "'spatial'"),
    ("batch_norm_14_training", "training mode"), ("dropout_13_mask_used", "the output 1, 'mask', is used"),
    ("max_pool_indices", "the output 1, 'i', is used"), ("resize_18_antialias", "'antialias'"),
    ("upsample_rank_5", "5 axes"), ("branches", "unknown operator"),
  ]

  @Test(arguments: refused) func opaqueNode(_ name: String, _ reason: String) throws {
    let graph = try Fixtures.graph(name)
    let node = try #require(graph.nodes.last)
    guard case .opaque(let op) = node.op else {
      Issue.record("\(node.op) is not opaque")
      return
    }
    #expect(op.reason.contains(reason))
    let error = #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(reason) == true)
    if let source = node.origin.first { #expect(error?.message.contains(source.operatorName) == true) }
  }

  /// Files that are refused as a whole: code, and a part of the text with its context.
  static let malformed: [(String, ModelError.Code, String)] = [
    ("conv_wrong_kernel_shape", .malformed, "node 'the_node' (Conv, #0) › attribute 'kernel_shape'"),
    ("opset_99", .unsupported, "operator set version 99"), ("opset_5", .unsupported, "operator set version 5"),
    ("undefined_value", .malformed, "reads 'nothing'"), ("defined_twice", .malformed, "'y' is computed twice"),
    ("external_missing", .noInput, "'not_there.bin' is missing"),
    ("external_above", .malformed, "own folder"), ("external_absolute", .malformed, "own folder"),
    ("external_self", .malformed, "own folder"), ("external_short", .malformed, "outside 'external.bin'"),
    ("external_length", .malformed, "takes 576 bytes"), ("external_negative", .malformed, "'-8'"),
  ]

  @Test(arguments: malformed) func refusedFile(_ name: String, _ code: ModelError.Code, _ text: String) {
    let error = #expect(throws: ModelError.self) { try Fixtures.read(name) }
    #expect(error?.code == code)
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    #expect(error?.context.first == .file(Fixtures.path(name + ".onnx")))
  }
}
