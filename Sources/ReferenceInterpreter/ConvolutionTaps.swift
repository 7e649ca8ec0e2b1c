import ModelGraph

/// The walk of a convolution over its output pixels and, for each, over the taps of the kernel that lie inside the map.
///
/// Maps are [N, H, W, C]. What lies outside contributes nothing: zero, or in counts less their zero point, zero again.
struct ConvolutionTaps {
  private let batch: Int
  private let map: Size2D
  private let output: Size2D
  private let kernel: Size2D
  private let strides: Size2D
  private let dilation: Size2D
  private let insets: EdgeInsets

  /// - Parameters:
  ///   - input: the extents of the map [N, H, W, I].
  ///   - output: the extents of the result [N, P, Q, O].
  ///   - filter: the extents of the filter [O, kh, kw, I/G].
  init(_ op: Conv2D, input: [Int], output: [Int], filter: [Int]) {
    batch = output[0]
    map = Size2D(height: input[1], width: input[2])
    self.output = Size2D(height: output[1], width: output[2])
    kernel = Size2D(height: filter[1], width: filter[2])
    strides = op.strides
    dilation = op.dilation
    insets = op.padding.insets(
      height: input[1], width: input[2], kernel: kernel, strides: op.strides, dilation: op.dilation)
  }

  /// Hands over the number of the output pixel, of the input pixel and of the tap, each counted from zero in row-major order.
  @inline(__always)
  func forEach(_ body: (_ pixel: Int, _ source: Int, _ tap: Int) -> Void) {
    for n in 0..<batch {
      for p in 0..<output.height {
        for q in 0..<output.width {
          let pixel = (n * output.height + p) * output.width + q
          for i in 0..<kernel.height {
            let row = p * strides.height + i * dilation.height - insets.top
            guard (0..<map.height).contains(row) else { continue }
            for j in 0..<kernel.width {
              let column = q * strides.width + j * dilation.width - insets.left
              guard (0..<map.width).contains(column) else { continue }
              body(pixel, (n * map.height + row) * map.width + column, i * kernel.width + j)
            }
          }
        }
      }
    }
  }

  /// A filter [O, kh, kw, I/G] as [kh, kw, G, I/G, O/G], so that the innermost loop runs over neighbours.
  static func outputsInnermost<Element: Numeric>(_ filter: [Element], _ extents: [Int], groups: Int) -> [Element] {
    let taps = extents[1] * extents[2]
    let inputs = extents[3]
    let outputs = extents[0] / groups
    var result = [Element](repeating: 0, count: filter.count)
    var source = 0
    for g in 0..<groups {
      for o in 0..<outputs {
        for tap in 0..<taps {
          for c in 0..<inputs {
            result[((tap * groups + g) * inputs + c) * outputs + o] = filter[source]
            source += 1
          }
        }
      }
    }
    return result
  }
}
