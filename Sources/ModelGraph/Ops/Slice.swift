/// Elements `start, start + step, …` up to but not including `end` along each listed axis (numpy's rule, negative steps too).
///
/// Negative starts and ends count from the end of the axis; both are cut to the axis. ONNX Slice.
public struct Slice: Operator {
  public static let name = "slice"

  public var axes: [Int]
  public var starts: [Int]
  public var ends: [Int]
  public var steps: [Int]

  public init(axes: [Int], starts: [Int], ends: [Int], steps: [Int]) {
    self.axes = axes
    self.starts = starts
    self.ends = ends
    self.steps = steps
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let count = axes.count
    guard starts.count == count, ends.count == count, steps.count == count, Set(axes).count == count else {
      throw ModelError(.malformed, "axes \(axes), starts \(starts), ends \(ends) and steps \(steps) do not agree")
    }
    guard var dimensions = x.shape.dimensions else { return [x] }
    for (position, axis) in axes.enumerated() {
      guard dimensions.indices.contains(axis) else { throw ModelError(.malformed, "axis \(axis) of \(x.shape)") }
      guard steps[position] != 0, steps[position] > Int.min else { throw ModelError(.malformed, "a step of zero") }
      let isWhole =
        starts[position] == 0 && steps[position] == 1 && ends[position] >= Int(Int32.max)
      if let extent = dimensions[axis].fixedValue {
        dimensions[axis] = .fixed(elements(position, extent: extent).count)
      } else if !isWhole {
        dimensions[axis] = .unknown
      }
    }
    return [x.with(shape: .ranked(dimensions))]
  }

  /// First index, step and number of the elements taken from an axis of `extent` elements.
  public func elements(_ position: Int, extent: Int) -> (first: Int, step: Int, count: Int) {
    let step = steps[position]
    func clamped(_ index: Int, _ range: ClosedRange<Int>) -> Int {
      let absolute = index < 0 ? index.addingReportingOverflow(extent).partialValue : index
      return min(max(index < 0 && index < -extent ? range.lowerBound : absolute, range.lowerBound), range.upperBound)
    }
    if step > 0 {
      let first = clamped(starts[position], 0...extent)
      let end = clamped(ends[position], 0...extent)
      return (first, step, end > first ? (end - first - 1) / step + 1 : 0)
    }
    guard extent > 0 else { return (0, step, 0) }
    let first = clamped(starts[position], -1...(extent - 1))
    let end = clamped(ends[position], -1...(extent - 1))
    return (first, step, first > end ? (first - end - 1) / -step + 1 : 0)
  }
}
