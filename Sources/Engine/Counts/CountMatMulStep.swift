import CKernels

/// Products of pairs of matrices of counts.
struct CountMatMulStep: Step {
  let kernel: ferry_q8_matmul_kernel
  let left: BufferID
  let right: BufferID
  let output: BufferID
  let extents: MatMulExtents
  let reading: CountReading
  let zeroPoints: ZeroPointSource
  let rightFlip: UInt8
  /// Of the right factor, as its counts lie: one, or one a column.
  let rightZeroPoints: BufferID
  let hasColumnZeroPoints: Bool
  let channels: BufferID
  let channelRows: ChannelRows
  /// Nil where the sums themselves are the result.
  let rescaling: Rescaling?

  var kind: String { "product of counts" }
  var multiplyAccumulates: Int { extents.products.count * extents.rows * extents.depth * extents.columns }
  var stages: [Int] { [extents.products.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    var arguments = ferry_q8_matmul_args()
    (arguments.rows, arguments.depth, arguments.columns) = (extents.rows, extents.depth, extents.columns)
    (arguments.left_row_stride, arguments.left_depth_stride) = (extents.left.line, extents.left.depth)
    (arguments.right_column_stride, arguments.right_depth_stride) = (extents.right.line, extents.right.depth)
    arguments.left_reading = reading.arguments
    zeroPoints.fill(&arguments.left_reading, memory, map: 0)
    arguments.right_flip = rightFlip
    arguments.right_zero_points = UnsafePointer(memory.counts(rightZeroPoints))
    arguments.right_zero_point_step = hasColumnZeroPoints ? 1 : 0
    if let rescaling { arguments.rescaling = rescaling.arguments(channelRows, memory.bytes(channels)) }
    for unit in units {
      arguments.left = UnsafePointer(memory.counts(left) + extents.products[unit].left)
      arguments.right = UnsafePointer(memory.counts(right) + extents.products[unit].right)
      let results = CountResults(
        memory, output, offset: unit * extents.rows * extents.columns, isRescaled: rescaling != nil)
      (arguments.output, arguments.sums) = (results.counts, results.sums)
      kernel.run(&arguments)
    }
  }
}
