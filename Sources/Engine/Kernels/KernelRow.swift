import CKernels

/// What the rows of every family's table have in common.
protocol KernelRow {
  var isa: ferry_isa { get }
  var traits: ferry_kernel_traits { get }
}

extension ferry_f32_pointwise_kernel: KernelRow {}
extension ferry_f32_convolution_kernel: KernelRow {}
extension ferry_f32_stem_kernel: KernelRow {}
extension ferry_f32_depthwise_kernel: KernelRow {}
extension ferry_f32_binary_kernel: KernelRow {}
extension ferry_f32_unary_kernel: KernelRow {}
extension ferry_f32_pool_kernel: KernelRow {}
extension ferry_f32_global_pool_kernel: KernelRow {}
extension ferry_f32_fully_connected_kernel: KernelRow {}
extension ferry_f32_softmax_kernel: KernelRow {}
extension ferry_f32_resize_kernel: KernelRow {}
extension ferry_f32_blocks_kernel: KernelRow {}
extension ferry_q8_convolution_kernel: KernelRow {}
extension ferry_q8_depthwise_kernel: KernelRow {}
extension ferry_q8_matmul_kernel: KernelRow {}
extension ferry_q8_table_kernel: KernelRow {}
extension ferry_q8_binary_kernel: KernelRow {}
extension ferry_q8_pool_kernel: KernelRow {}
extension ferry_q8_softmax_kernel: KernelRow {}
extension ferry_q8_arg_kernel: KernelRow {}
extension ferry_q8_resize_kernel: KernelRow {}
extension ferry_f32_quantize_kernel: KernelRow {}
extension ferry_dequantize_kernel: KernelRow {}
extension ferry_f32_quantize_rows_kernel: KernelRow {}
extension ferry_q8_reals_kernel: KernelRow {}
extension ferry_q16_convolution_kernel: KernelRow {}
extension ferry_q16_binary_kernel: KernelRow {}
extension ferry_f32_quantize_dynamic_kernel: KernelRow {}
extension ferry_q16_softmax_kernel: KernelRow {}
