/// What is wrong with the models `bad.…` of `quantized.npz` (make_quantized.py), and a part of the message.
public enum QuantizedONNXFaults {
  /// Models that contradict what ONNX says, and a part of the text.
  public static let malformed: [(String, String)] = [
    ("scale_zero", "the scale 0.0 of the output is no positive number"),
    ("scale_negative", "the scale -0.5 of the output is no positive number"),
    ("scale_infinite", "the scale inf of the output is no positive number"),
    ("scale_nan", "the scale nan of the output is no positive number"),
    ("scale_zero_in_channel", "the scale 0.0 of channel 1 of the output"),
    ("scales_too_few", "2 scales for axis 1 of the output"), ("zero_points_too_few", "2 zero points and 3 scales"),
    ("axis_out_of_range", "axis 7 of a tensor with 4 axes"),
    ("dtype_differs", "a zero point of type int8 for counts of type uint8"),
    ("zero_point_type", "a zero point of type int8 for uint8 counts"),
    ("int32_zero_point", "zero points of the input that int32 counts cannot have"),
    ("conv_scales", "5 scales for axis 0 of the filter"),
    ("conv_bias_type", "a bias of type float32, no int32 counts"),
    ("zero_point_out_of_range", "300 in int32_data is no uint8"),
  ]

  /// Models that are right, and that Ferry has no meaning for: they are listed, and not converted.
  public static let unsupported: [(String, String)] = [
    ("blocks", "blocks of 1 in attribute 'block_size'"), ("scale_float16", "a scale of the output of type float16"),
    ("int16_before_21", "counts of type int16"),
    ("scale_computed", "a scale of the output that is computed at run time"),
    ("int4", "counts of type int4"), ("gemm_real_output", "a product of counts as real numbers"),
    ("gemm_alpha", "a factor other than 1 in attribute 'alpha'"),
  ]
}
