/// How a window operator pads its map.
public enum Padding2D: Hashable, Sendable {
  /// Rows and columns that are added on each side.
  case explicit(EdgeInsets)
  /// As much as gives ⌈input / stride⌉ outputs; an odd remainder goes to the end (`upper`) or the beginning (`lower`).
  case same(SamePlacement)
  /// None: windows lie wholly inside the map.
  case valid

  public static let none = Padding2D.explicit(.zero)

  public enum SamePlacement: String, Hashable, Sendable, CaseIterable {
    /// ONNX's SAME_UPPER; TensorFlow's and Keras's SAME.
    case upper
    /// ONNX's SAME_LOWER.
    case lower
  }

  /// The extent of one output axis.
  ///
  /// Explicit: ⌊(input + before + after − ((kernel − 1) · dilation + 1)) / stride⌋ + 1, ONNX Conv;
  /// same: ⌈input / stride⌉; valid: as explicit with no padding.
  func outputExtent(
    _ input: Dimension, before: Int, after: Int, kernel: Int, stride: Int, dilation: Int, roundsUp: Bool = false
  ) -> Dimension {
    let reach = (kernel - 1) * dilation + 1
    switch self {
    case .same: return input.dividedRoundingUp(by: stride)
    case .explicit, .valid:
      let (pads, overflow) = before.addingReportingOverflow(after)
      if overflow { return .unknown }
      let free = input.adding(pads - reach)
      if let value = free.fixedValue, value < 0 { return .fixed(0) }
      guard roundsUp else { return free.dividedRoundingDown(by: stride).adding(1) }
      let rounded = free.dividedRoundingUp(by: stride).adding(1)
      // A window that would start beyond the input and its leading padding does not count (ONNX pooling, ceil_mode).
      if let value = rounded.fixedValue, let extent = input.fixedValue, (value - 1) * stride >= extent + before {
        return .fixed(value - 1)
      }
      return rounded
    }
  }

  /// Output height and width of a window operator.
  func outputExtents(
    height: Dimension, width: Dimension, kernel: Size2D, strides: Size2D, dilation: Size2D, roundsUp: Bool = false
  ) throws(ModelError) -> (height: Dimension, width: Dimension) {
    try kernel.expectPositive("kernel")
    try strides.expectPositive("stride")
    try dilation.expectPositive("dilation")
    var insets = EdgeInsets.zero
    if case .explicit(let given) = self { insets = given }
    let result = (
      height: outputExtent(
        height, before: insets.top, after: insets.bottom, kernel: kernel.height, stride: strides.height,
        dilation: dilation.height, roundsUp: roundsUp),
      width: outputExtent(
        width, before: insets.left, after: insets.right, kernel: kernel.width, stride: strides.width,
        dilation: dilation.width, roundsUp: roundsUp)
    )
    for (extent, role) in [(result.height, "height"), (result.width, "width")] {
      if let value = extent.fixedValue, value < 1 {
        throw ModelError(.malformed, "the window does not fit into the padded map: no output \(role) is left")
      }
    }
    return result
  }

  /// The padding in rows and columns for a map of a known size.
  ///
  /// Same padding: total = max((⌈input / stride⌉ − 1) · stride + (kernel − 1) · dilation + 1 − input, 0), of which
  /// ⌊total / 2⌋ goes first for `upper`.
  public func insets(
    height: Int, width: Int, kernel: Size2D, strides: Size2D, dilation: Size2D
  ) -> EdgeInsets {
    switch self {
    case .explicit(let insets): return insets
    case .valid: return .zero
    case .same(let placement):
      func split(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> (before: Int, after: Int) {
        let outputs = (extent + stride - 1) / stride
        let total = max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
        return placement == .upper ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
      }
      let rows = split(height, kernel.height, strides.height, dilation.height)
      let columns = split(width, kernel.width, strides.width, dilation.width)
      return EdgeInsets(top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
    }
  }
}

extension Padding2D: CustomStringConvertible {
  public var description: String {
    switch self {
    case .explicit(let insets): insets.description
    case .same(let placement): "same-\(placement.rawValue)"
    case .valid: "valid"
    }
  }
}
