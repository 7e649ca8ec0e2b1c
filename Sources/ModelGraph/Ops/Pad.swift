/// Adds elements around a tensor.
public struct Pad: Operator {
  public static let name = "pad"

  public enum Mode: Hashable, Sendable {
    /// A real number; in a quantized tensor the count that stands for it.
    case constant(Float)
    /// Mirrors without repeating the edge: 3 2 | 1 2 3 | 2 1.
    case reflect
    /// Mirrors with the edge repeated: 2 1 | 1 2 3 | 3 2.
    case symmetric
    /// Repeats the edge.
    case edge
  }

  /// Elements added in front of each axis.
  public var before: [Int]
  /// Elements added behind each axis.
  public var after: [Int]
  public var mode: Mode

  public init(before: [Int], after: [Int], mode: Mode = .constant(0)) {
    self.before = before
    self.after = after
    self.mode = mode
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard before.count == after.count else {
      throw ModelError(.malformed, "\(before.count) paddings in front, \(after.count) behind")
    }
    let dimensions = try inputs.dimensions(0, rank: before.count, "the tensor")
    var result: [Dimension] = []
    for (axis, dimension) in dimensions.enumerated() {
      let bound = -(1 << 40)...(1 << 40)
      guard bound.contains(before[axis]), bound.contains(after[axis]) else {
        throw ModelError(.malformed, "padding of \(before[axis]) and \(after[axis]) elements on axis \(axis)")
      }
      let padded = dimension.adding(before[axis] + after[axis])
      if let extent = padded.fixedValue, extent < 0 {
        throw ModelError(.malformed, "a negative padding leaves nothing of axis \(axis)")
      }
      if let extent = dimension.fixedValue, mode == .reflect || mode == .symmetric {
        let reach = mode == .reflect ? extent - 1 : extent
        guard max(before[axis], after[axis]) <= max(reach, 0) else {
          throw ModelError(.malformed, "mirroring needs more elements than axis \(axis) has")
        }
      }
      result.append(padded)
    }
    return [x.with(shape: .ranked(result))]
  }
}
