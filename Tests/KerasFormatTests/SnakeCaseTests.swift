import Testing

@testable import KerasFormat

@Suite struct SnakeCaseTests {
  /// Expected: keras.src.utils.naming.to_snake_case.
  @Test(arguments: [
    ("Conv2D", "conv2d"), ("DepthwiseConv2D", "depthwise_conv2d"), ("BatchNormalization", "batch_normalization"),
    ("TFOpLambda", "tf_op_lambda"), ("ReLU", "re_lu"), ("PReLU", "p_re_lu"), ("LeakyReLU", "leaky_re_lu"),
    ("GlobalAveragePooling2D", "global_average_pooling2d"), ("ELU", "elu"), ("InputLayer", "input_layer"),
    ("MaxPooling2D", "max_pooling2d"), ("SeparableConv2D", "separable_conv2d"), ("Functional", "functional"),
  ])
  func namesAreKerass(className: String, name: String) {
    #expect(SnakeCase.name(className) == name)
  }
}
