import CKernels
import ModelGraph

/// The kernels of one instruction set: of each family the best row that fits.
struct KernelSet: Sendable {
  let limit: ferry_isa

  init(_ instructionSet: InstructionSet) {
    let machine = ferry_machine_isa()
    switch instructionSet {
    case .automatic: limit = machine
    case .scalar: limit = ferry_isa_scalar
    case .avx2: limit = machine.rawValue < ferry_isa_avx2.rawValue ? machine : ferry_isa_avx2
    }
  }

  func pointwise() throws(ModelError) -> ferry_f32_pointwise_kernel {
    try best(ferry_f32_pointwise_kernels) { !$0.skipsZeroes }
  }

  /// The kernel for inputs that are partly zero, where there is one for the best instructions.
  func pointwiseSkippingZeroes() -> ferry_f32_pointwise_kernel? {
    guard let dense = try? pointwise(), let skipping = try? best(ferry_f32_pointwise_kernels, where: \.skipsZeroes),
      skipping.isa == dense.isa
    else { return nil }
    return skipping
  }

  func convolution() throws(ModelError) -> ferry_f32_convolution_kernel {
    try best(ferry_f32_convolution_kernels) { _ in true }
  }

  func stem(stride: Int) throws(ModelError) -> ferry_f32_stem_kernel {
    try best(ferry_f32_stem_kernels) { $0.stride == 0 || Int($0.stride) == stride }
  }

  func depthwise(kernel: Size2D, strides: Size2D, dilation: Size2D) throws(ModelError) -> ferry_f32_depthwise_kernel {
    try best(ferry_f32_depthwise_kernels) { traits in
      traits.kernel == 0
        || (kernel == Size2D(Int(traits.kernel)) && strides == Size2D(Int(traits.stride)) && dilation == .one)
    }
  }

  func binary(_ operation: ferry_binary_operation) throws(ModelError) -> ferry_f32_binary_kernel {
    try best(ferry_f32_binary_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func unary(_ operation: ferry_unary_operation) throws(ModelError) -> ferry_f32_unary_kernel {
    try best(ferry_f32_unary_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func pool(_ operation: ferry_pool_operation) throws(ModelError) -> ferry_f32_pool_kernel {
    try best(ferry_f32_pool_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func globalPool(_ operation: ferry_pool_operation) throws(ModelError) -> ferry_f32_global_pool_kernel {
    try best(ferry_f32_global_pool_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func fullyConnected() throws(ModelError) -> ferry_f32_fully_connected_kernel {
    try best(ferry_f32_fully_connected_kernels) { _ in true }
  }

  func softmax() throws(ModelError) -> ferry_f32_softmax_kernel {
    try best(ferry_f32_softmax_kernels) { _ in true }
  }

  func resize(_ operation: ferry_resize_operation) throws(ModelError) -> ferry_f32_resize_kernel {
    try best(ferry_f32_resize_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  func blocks(_ operation: ferry_blocks_operation) throws(ModelError) -> ferry_f32_blocks_kernel {
    try best(ferry_f32_blocks_kernels) { $0.operation == Int32(operation.rawValue) }
  }

  /// The last fitting row of the best instruction set: a table lists the narrower kernels after the general ones.
  func best<Row: KernelRow>(
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<Row>?, where fits: (ferry_kernel_traits) -> Bool
  ) throws(ModelError) -> Row {
    var count = 0
    let rows = UnsafeBufferPointer(start: table(&count), count: count)
    var best: Row?
    for row in rows where row.isa.rawValue <= limit.rawValue && fits(row.traits) {
      if let held = best, held.isa.rawValue > row.isa.rawValue { continue }
      best = row
    }
    guard let best else { throw ModelError(.internalFault, "no kernel fits \(Row.self)") }
    return best
  }
}

extension ferry_kernel_traits {
  fileprivate var skipsZeroes: Bool { operation == Int32(ferry_pointwise_skips_zeroes.rawValue) }
}
