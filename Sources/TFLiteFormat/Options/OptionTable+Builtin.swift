extension OptionTable {
  /// The tables of the schema's union `BuiltinOptions`, in the order of their type numbers, from 1.
  package static let builtin: [OptionTable] = [
    OptionTable(
      1, "Conv2DOptions",
      [
        .enumeration(0, "padding", .padding), .int32(1, "stride_w"), .int32(2, "stride_h"),
        .enumeration(3, "fused_activation_function", .activation), .int32(4, "dilation_w_factor", default: 1),
        .int32(5, "dilation_h_factor", default: 1), .enumeration(6, "quantized_bias_type", .elementType),
      ]),
    OptionTable(
      2, "DepthwiseConv2DOptions",
      [
        .enumeration(0, "padding", .padding), .int32(1, "stride_w"), .int32(2, "stride_h"),
        .int32(3, "depth_multiplier"), .enumeration(4, "fused_activation_function", .activation),
        .int32(5, "dilation_w_factor", default: 1), .int32(6, "dilation_h_factor", default: 1),
      ]),
    OptionTable(
      3, "ConcatEmbeddingsOptions",
      [
        .int32(0, "num_channels"), .int32s(1, "num_columns_per_channel"), .int32s(2, "embedding_dim_per_channel"),
      ]),
    OptionTable(4, "LSHProjectionOptions", [.enumeration(0, "type", .lshProjection)]),
    OptionTable(
      5, "Pool2DOptions",
      [
        .enumeration(0, "padding", .padding), .int32(1, "stride_w"), .int32(2, "stride_h"), .int32(3, "filter_width"),
        .int32(4, "filter_height"), .enumeration(5, "fused_activation_function", .activation),
      ]),
    OptionTable(
      6, "SVDFOptions",
      [
        .int32(0, "rank"), .enumeration(1, "fused_activation_function", .activation),
        .bool(2, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(
      7, "RNNOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .bool(1, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(
      8, "FullyConnectedOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .enumeration(1, "weights_format", .weightsFormat),
        .bool(2, "keep_num_dims"), .bool(3, "asymmetric_quantize_inputs"),
        .enumeration(4, "quantized_bias_type", .elementType), .bytes(5, "quant_spec"),
      ]),
    OptionTable(9, "SoftmaxOptions", [.float(0, "beta")]),
    OptionTable(
      10, "ConcatenationOptions",
      [
        .int32(0, "axis"), .enumeration(1, "fused_activation_function", .activation),
      ]),
    OptionTable(
      11, "AddOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .bool(1, "pot_scale_int16", default: true),
      ]),
    OptionTable(12, "L2NormOptions", [.enumeration(0, "fused_activation_function", .activation)]),
    OptionTable(
      13, "LocalResponseNormalizationOptions",
      [
        .int32(0, "radius"), .float(1, "bias"), .float(2, "alpha"), .float(3, "beta"),
      ]),
    OptionTable(
      14, "LSTMOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .float(1, "cell_clip"), .float(2, "proj_clip"),
        .enumeration(3, "kernel_type", .lstmKernel), .bool(4, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(15, "ResizeBilinearOptions", [.bool(2, "align_corners"), .bool(3, "half_pixel_centers")]),
    OptionTable(16, "CallOptions", [.uint32(0, "subgraph")]),
    OptionTable(17, "ReshapeOptions", [.int32s(0, "new_shape")]),
    OptionTable(
      18, "SkipGramOptions",
      [
        .int32(0, "ngram_size"), .int32(1, "max_skip_size"), .bool(2, "include_all_ngrams"),
      ]),
    OptionTable(19, "SpaceToDepthOptions", [.int32(0, "block_size")]),
    OptionTable(20, "EmbeddingLookupSparseOptions", [.enumeration(0, "combiner", .combiner)]),
    OptionTable(21, "MulOptions", [.enumeration(0, "fused_activation_function", .activation)]),
    OptionTable(22, "PadOptions"),
    OptionTable(23, "GatherOptions", [.int32(0, "axis"), .int32(1, "batch_dims")]),
    OptionTable(24, "BatchToSpaceNDOptions"),
    OptionTable(25, "SpaceToBatchNDOptions"),
    OptionTable(26, "TransposeOptions"),
    OptionTable(27, "ReducerOptions", [.bool(0, "keep_dims")]),
    OptionTable(
      28, "SubOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .bool(1, "pot_scale_int16", default: true),
      ]),
    OptionTable(29, "DivOptions", [.enumeration(0, "fused_activation_function", .activation)]),
    OptionTable(30, "SqueezeOptions", [.int32s(0, "squeeze_dims")]),
    OptionTable(
      31, "SequenceRNNOptions",
      [
        .bool(0, "time_major"), .enumeration(1, "fused_activation_function", .activation),
        .bool(2, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(
      32, "StridedSliceOptions",
      [
        .int32(0, "begin_mask"), .int32(1, "end_mask"), .int32(2, "ellipsis_mask"), .int32(3, "new_axis_mask"),
        .int32(4, "shrink_axis_mask"), .bool(5, "offset"),
      ]),
    OptionTable(33, "ExpOptions"),
    OptionTable(34, "TopKV2Options"),
    OptionTable(35, "SplitOptions", [.int32(0, "num_splits")]),
    OptionTable(36, "LogSoftmaxOptions"),
    OptionTable(
      37, "CastOptions",
      [
        .enumeration(0, "in_data_type", .elementType), .enumeration(1, "out_data_type", .elementType),
      ]),
    OptionTable(38, "DequantizeOptions"),
    OptionTable(39, "MaximumMinimumOptions"),
    OptionTable(40, "ArgMaxOptions", [.enumeration(0, "output_type", .elementType)]),
    OptionTable(41, "LessOptions"),
    OptionTable(42, "NegOptions"),
    OptionTable(43, "PadV2Options"),
    OptionTable(44, "GreaterOptions"),
    OptionTable(45, "GreaterEqualOptions"),
    OptionTable(46, "LessEqualOptions"),
    OptionTable(47, "SelectOptions"),
    OptionTable(48, "SliceOptions"),
    OptionTable(
      49, "TransposeConvOptions",
      [
        .enumeration(0, "padding", .padding), .int32(1, "stride_w"), .int32(2, "stride_h"),
        .enumeration(3, "fused_activation_function", .activation),
        .enumeration(4, "quantized_bias_type", .elementType),
      ]),
    OptionTable(50, "SparseToDenseOptions", [.bool(0, "validate_indices")]),
    OptionTable(51, "TileOptions"),
    OptionTable(52, "ExpandDimsOptions"),
    OptionTable(53, "EqualOptions"),
    OptionTable(54, "NotEqualOptions"),
    OptionTable(55, "ShapeOptions", [.enumeration(0, "out_type", .elementType)]),
    OptionTable(56, "PowOptions"),
    OptionTable(57, "ArgMinOptions", [.enumeration(0, "output_type", .elementType)]),
    OptionTable(
      58, "FakeQuantOptions",
      [
        .float(0, "min"), .float(1, "max"), .int32(2, "num_bits"), .bool(3, "narrow_range"),
      ]),
    OptionTable(59, "PackOptions", [.int32(0, "values_count"), .int32(1, "axis")]),
    OptionTable(60, "LogicalOrOptions"),
    OptionTable(61, "OneHotOptions", [.int32(0, "axis")]),
    OptionTable(62, "LogicalAndOptions"),
    OptionTable(63, "LogicalNotOptions"),
    OptionTable(64, "UnpackOptions", [.int32(0, "num"), .int32(1, "axis")]),
    OptionTable(65, "FloorDivOptions"),
    OptionTable(66, "SquareOptions"),
    OptionTable(67, "ZerosLikeOptions"),
    OptionTable(68, "FillOptions"),
    OptionTable(
      69, "BidirectionalSequenceLSTMOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .float(1, "cell_clip"), .float(2, "proj_clip"),
        .bool(3, "merge_outputs"), .bool(4, "time_major", default: true), .bool(5, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(
      70, "BidirectionalSequenceRNNOptions",
      [
        .bool(0, "time_major"), .enumeration(1, "fused_activation_function", .activation), .bool(2, "merge_outputs"),
        .bool(3, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(
      71, "UnidirectionalSequenceLSTMOptions",
      [
        .enumeration(0, "fused_activation_function", .activation), .float(1, "cell_clip"), .float(2, "proj_clip"),
        .bool(3, "time_major"), .bool(4, "asymmetric_quantize_inputs"), .bool(5, "diagonal_recurrent_tensors"),
      ]),
    OptionTable(72, "FloorModOptions"),
    OptionTable(73, "RangeOptions"),
    OptionTable(74, "ResizeNearestNeighborOptions", [.bool(0, "align_corners"), .bool(1, "half_pixel_centers")]),
    OptionTable(75, "LeakyReluOptions", [.float(0, "alpha")]),
    OptionTable(76, "SquaredDifferenceOptions"),
    OptionTable(77, "MirrorPadOptions", [.enumeration(0, "mode", .mirrorPadMode)]),
    OptionTable(78, "AbsOptions"),
    OptionTable(79, "SplitVOptions", [.int32(0, "num_splits")]),
    OptionTable(80, "UniqueOptions", [.enumeration(0, "idx_out_type", .elementType, default: 2)]),
    OptionTable(81, "ReverseV2Options"),
    OptionTable(82, "AddNOptions"),
    OptionTable(83, "GatherNdOptions"),
    OptionTable(84, "CosOptions"),
    OptionTable(85, "WhereOptions"),
    OptionTable(86, "RankOptions"),
    OptionTable(87, "ReverseSequenceOptions", [.int32(0, "seq_dim"), .int32(1, "batch_dim")]),
    OptionTable(88, "MatrixDiagOptions"),
    OptionTable(89, "QuantizeOptions"),
    OptionTable(90, "MatrixSetDiagOptions"),
    OptionTable(91, "HardSwishOptions"),
    OptionTable(92, "IfOptions", [.int32(0, "then_subgraph_index"), .int32(1, "else_subgraph_index")]),
    OptionTable(93, "WhileOptions", [.int32(0, "cond_subgraph_index"), .int32(1, "body_subgraph_index")]),
    OptionTable(94, "DepthToSpaceOptions", [.int32(0, "block_size")]),
    OptionTable(95, "NonMaxSuppressionV4Options"),
    OptionTable(96, "NonMaxSuppressionV5Options"),
    OptionTable(97, "ScatterNdOptions"),
    OptionTable(98, "SelectV2Options"),
    OptionTable(99, "DensifyOptions"),
    OptionTable(100, "SegmentSumOptions"),
    OptionTable(
      101, "BatchMatMulOptions",
      [
        .bool(0, "adj_x"), .bool(1, "adj_y"), .bool(2, "asymmetric_quantize_inputs"),
      ]),
    OptionTable(102, "CumsumOptions", [.bool(0, "exclusive"), .bool(1, "reverse")]),
    OptionTable(103, "CallOnceOptions", [.int32(0, "init_subgraph_index")]),
    OptionTable(104, "BroadcastToOptions"),
    OptionTable(105, "Rfft2dOptions"),
    OptionTable(
      106, "Conv3DOptions",
      [
        .enumeration(0, "padding", .padding), .int32(1, "stride_d"), .int32(2, "stride_w"), .int32(3, "stride_h"),
        .enumeration(4, "fused_activation_function", .activation), .int32(5, "dilation_d_factor", default: 1),
        .int32(6, "dilation_w_factor", default: 1), .int32(7, "dilation_h_factor", default: 1),
      ]),
    OptionTable(
      107, "HashtableOptions",
      [
        .int32(0, "table_id"), .enumeration(1, "key_dtype", .elementType),
        .enumeration(2, "value_dtype", .elementType),
      ]),
    OptionTable(108, "HashtableFindOptions"),
    OptionTable(109, "HashtableImportOptions"),
    OptionTable(110, "HashtableSizeOptions"),
    OptionTable(111, "VarHandleOptions", [.string(0, "container"), .string(1, "shared_name")]),
    OptionTable(112, "ReadVariableOptions"),
    OptionTable(113, "AssignVariableOptions"),
    OptionTable(114, "RandomOptions", [.int64(0, "seed"), .int64(1, "seed2")]),
    OptionTable(115, "BucketizeOptions", [.floats(0, "boundaries")]),
    OptionTable(116, "GeluOptions", [.bool(0, "approximate")]),
    OptionTable(117, "DynamicUpdateSliceOptions"),
    OptionTable(118, "UnsortedSegmentProdOptions"),
    OptionTable(119, "UnsortedSegmentMaxOptions"),
    OptionTable(120, "UnsortedSegmentMinOptions"),
    OptionTable(121, "UnsortedSegmentSumOptions"),
    OptionTable(122, "ATan2Options"),
    OptionTable(123, "SignOptions"),
    OptionTable(124, "BitcastOptions"),
    OptionTable(125, "BitwiseXorOptions"),
    OptionTable(126, "RightShiftOptions"),
  ]

  /// The table with the given type number; `nil` for 0 and for numbers of a newer schema.
  package static func builtin(type: Int) -> OptionTable? {
    builtin.indices.contains(type - 1) ? builtin[type - 1] : nil
  }
}
