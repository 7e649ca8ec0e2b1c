import CKernels
import ModelGraph

/// A 3×3 convolution of a three-channel image: what stays the same for all rows.
struct StemLayer: Sendable {
  struct Strides: Sendable {
    let image: Int
    let row: Int
    let pixel: Int
    let channel: Int

    /// From strides of [N, H, W, C].
    init(_ strides: [Int]) { (image, row, pixel, channel) = (strides[0], strides[1], strides[2], strides[3]) }
  }

  let kernel: ferry_f32_stem_kernel
  let input: BufferID
  let inputStrides: Strides
  let weights: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let stride: Int
  let insets: EdgeInsets
  let bounds: Bounds

  /// Scratch memory of one lane: three padded rows, in whole cache lines.
  var scratchFloats: Int { (9 * ((outputMap.width - 1) * stride + 3) + 15) / 16 * 16 }

  /// Arguments for one image; the caller adds the rows and their place.
  func arguments(
    _ memory: Memory, image: Int, scratch: UnsafeMutablePointer<Float>
  ) -> ferry_f32_stem_args {
    var arguments = ferry_f32_stem_args()
    arguments.input = UnsafePointer(memory[input] + image * inputStrides.image)
    arguments.input_row_stride = inputStrides.row
    arguments.input_pixel_stride = inputStrides.pixel
    arguments.input_channel_stride = inputStrides.channel
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    (arguments.padding_top, arguments.padding_left) = (insets.top, insets.left)
    arguments.stride = stride
    arguments.weights = UnsafePointer(memory[weights])
    (arguments.output_width, arguments.output_blocks) = (outputMap.width, outputMap.blocks)
    arguments.scratch = scratch
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    return arguments
  }
}
