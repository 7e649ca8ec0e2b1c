public import ModelGraph

/// One tensor beside its reference, and the verdict.
public struct TensorComparison: Hashable, Sendable {
  /// The output's name, or the name of a value of the source file.
  public var name: String
  public var type: TensorType
  public var referenceType: TensorType
  public var metrics: ComparisonMetrics
  public var tolerance: Tolerance
  /// Elements farther from the reference than the tolerance allows.
  public var outsideCount: Int
  /// The differences in counts, where both tensors are quantized alike.
  public var counts: CountDifference?
  /// The elements at the largest difference, where both tensors hold integers or Booleans.
  public var worstIntegers: IntegerPair?
  /// Where the tolerance is the default and too wide for most elements.
  public var wideTolerance: WideTolerance?

  public var isWithin: Bool { outsideCount == 0 }

  /// Whether the reference has another shape or other elements: it is compared element by element all the same.
  public var isReferenceOfAnotherType: Bool {
    type.shape != referenceType.shape || type.elementType != referenceType.elementType
  }

  /// The indices of the largest difference, an axis each.
  public var worstIndices: [Int]? {
    guard let index = metrics.worstIndex, let extents = type.shape.extents else { return nil }
    var rest = index
    var indices: [Int] = []
    for extent in extents.reversed() where extent > 0 {
      indices.append(rest % extent)
      rest /= extent
    }
    return indices.reversed()
  }

  /// Compares a tensor with its reference.
  ///
  /// Shapes that differ only by axes of one element, or by how the same elements are grouped, are compared in row-major
  /// order. Quantized tensors are compared as the real numbers that they stand for, integers as integers.
  ///
  /// - Parameter ranksRows: whether the largest elements of each row are compared too, as for class scores.
  /// - Throws: `.malformed` when the element counts differ; `.unsupported` for elements that are no numbers.
  public init(
    name: String, _ tensor: Tensor, reference: Tensor, tolerances: Tolerances = .standard, ranksRows: Bool = false
  ) throws(ModelError) {
    guard tensor.elementCount == reference.elementCount else {
      throw ModelError(
        .malformed, "the reference is \(reference.type.shape), the result is \(tensor.type.shape)",
        context: [.tensor(name)])
    }
    let (values, expected, integers) = try within(.tensor(name)) { () throws(ModelError) in
      (try tensor.realNumbers(), try reference.realNumbers(), try IntegerPair.pairs(tensor, reference))
    }
    let differences =
      integers.map { $0.map { Double($0.difference) } } ?? zip(values, expected).map(ComparisonMetrics.difference)
    let metrics = ComparisonMetrics(
      values, reference: expected, differences: differences, rowLength: ranksRows ? reference.extents.last : nil)
    let tolerance = tolerances.tolerance(
      for: name, largestReference: metrics.largestReference, isExact: tensor.type.holdsIntegers)
    var outside = 0
    if metrics.maximumAbsolute > 0 {
      for (difference, reference) in zip(differences, expected) where difference > 0 {
        // Beside an infinite reference every difference is infinite or zero.
        if difference == .infinity || !tolerance.allows(difference, reference: reference) { outside += 1 }
      }
    }
    self.name = name
    self.type = tensor.type
    self.referenceType = reference.type
    self.metrics = metrics
    self.tolerance = tolerance
    self.outsideCount = outside
    counts = try CountDifference(tensor, reference: reference)
    worstIntegers = metrics.worstIndex.flatMap { integers?[$0] }
    wideTolerance =
      tolerances.statedAbsolute(for: name) == nil && metrics.maximumAbsolute > 0
      ? WideTolerance(tolerance, references: expected, differences: differences) : nil
  }
}
