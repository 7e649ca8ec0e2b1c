/// The extents of axes `start ..< end` of x, as an integer vector. ONNX Shape; TensorFlow Lite SHAPE.
public struct ShapeOf: Operator {
  public static let name = "shapeOf"

  public var elementType: ElementType
  public var start: Int
  /// Nil: to the last axis.
  public var end: Int?

  public init(elementType: ElementType = .int64, start: Int = 0, end: Int? = nil) {
    self.elementType = elementType
    self.start = start
    self.end = end
  }

  /// The listed axes of a tensor with `rank` axes; negative bounds count from the end.
  public func axes(rank: Int) -> Range<Int> {
    func clamped(_ bound: Int) -> Int { min(max(bound < 0 ? bound + rank : bound, 0), rank) }
    let first = clamped(start)
    return first..<max(first, clamped(end ?? rank))
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let count: Dimension = try inputs.type(0).shape.rank.map { .fixed(axes(rank: $0).count) } ?? .unknown
    return [TensorType(elementType, [count])]
  }
}
