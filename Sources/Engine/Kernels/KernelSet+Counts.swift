import CKernels
import ModelGraph

extension KernelSet {
  func countConvolution() throws(ModelError) -> ferry_q8_convolution_kernel {
    try best(ferry_q8_convolution_kernels) { _ in true }
  }

  func countDepthwise() throws(ModelError) -> ferry_q8_depthwise_kernel {
    try best(ferry_q8_depthwise_kernels) { _ in true }
  }

  func countMatMul() throws(ModelError) -> ferry_q8_matmul_kernel {
    try best(ferry_q8_matmul_kernels) { _ in true }
  }

  func countTable(_ operation: ferry_table_operation) throws(ModelError) -> ferry_q8_table_kernel {
    try best(ferry_q8_table_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func countBinary(_ operation: ferry_q8_binary_operation) throws(ModelError) -> ferry_q8_binary_kernel {
    try best(ferry_q8_binary_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func countPool(_ operation: ferry_q8_pool_operation) throws(ModelError) -> ferry_q8_pool_kernel {
    try best(ferry_q8_pool_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func countSoftmax(_ operation: ferry_q8_softmax_operation) throws(ModelError) -> ferry_q8_softmax_kernel {
    try best(ferry_q8_softmax_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func countArg(_ operation: ferry_arg_operation) throws(ModelError) -> ferry_q8_arg_kernel {
    try best(ferry_q8_arg_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func countResize(_ operation: ferry_q8_resize_operation) throws(ModelError) -> ferry_q8_resize_kernel {
    try best(ferry_q8_resize_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func quantize(_ operation: ferry_quantize_operation) throws(ModelError) -> ferry_f32_quantize_kernel {
    try best(ferry_f32_quantize_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func dequantize(_ operation: ferry_dequantize_operation) throws(ModelError) -> ferry_dequantize_kernel {
    try best(ferry_dequantize_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func quantizeRows(_ operation: ferry_quantize_rows_operation) throws(ModelError) -> ferry_f32_quantize_rows_kernel {
    try best(ferry_f32_quantize_rows_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func reals() throws(ModelError) -> ferry_q8_reals_kernel {
    try best(ferry_q8_reals_kernels) { _ in true }
  }

  func wideConvolution(_ operation: ferry_q16_sum_operation) throws(ModelError) -> ferry_q16_convolution_kernel {
    try best(ferry_q16_convolution_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func wideBinary(_ operation: ferry_q16_binary_operation) throws(ModelError) -> ferry_q16_binary_kernel {
    try best(ferry_q16_binary_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func quantizeDynamically() throws(ModelError) -> ferry_f32_quantize_dynamic_kernel {
    try best(ferry_f32_quantize_dynamic_kernels) { _ in true }
  }

  func wideSoftmax() throws(ModelError) -> ferry_q16_softmax_kernel {
    try best(ferry_q16_softmax_kernels) { _ in true }
  }
}
