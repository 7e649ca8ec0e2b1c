/// What shape inference sees of a node's inputs.
public struct OperatorInputs: Sendable {
  /// One entry an input; nil where an optional input is absent.
  public let types: [TensorType?]
  /// The content of inputs that are constant.
  public let constants: [Tensor?]
  /// The elements of small integer inputs, as far as they follow from shapes: `Shape → Gather → Concat → Reshape`.
  public let dimensions: [[Dimension]?]

  public init(types: [TensorType?], constants: [Tensor?] = [], dimensions: [[Dimension]?] = []) {
    self.types = types
    self.constants = constants
    self.dimensions = dimensions
  }

  /// What a graph knows of the values that a node reads.
  ///
  /// - Parameter values: the graph's, indexed by identifier.
  init(of values: [Value?], _ inputs: [ValueID?]) {
    var types: [TensorType?] = []
    var constants: [Tensor?] = []
    var dimensions: [[Dimension]?] = []
    for input in inputs {
      let index = input.flatMap { values.indices.contains($0.rawValue) ? $0.rawValue : nil }
      types.append(index.flatMap { values[$0]?.type })
      constants.append(index.flatMap { values[$0]?.constant })
      dimensions.append(index.flatMap { values[$0]?.knownDimensions })
    }
    self.init(types: types, constants: constants, dimensions: dimensions)
  }

  public var count: Int { types.count }

  /// The type of input `index`.
  ///
  /// - Throws: `.malformed` when it is absent.
  public func type(_ index: Int) throws(ModelError) -> TensorType {
    guard let type = optionalType(index) else { throw ModelError(.malformed, "input \(index) is missing") }
    return type
  }

  public func optionalType(_ index: Int) -> TensorType? { types.indices.contains(index) ? types[index] : nil }

  public func constant(_ index: Int) -> Tensor? { constants.indices.contains(index) ? constants[index] : nil }

  public func knownDimensions(_ index: Int) -> [Dimension]? {
    dimensions.indices.contains(index) ? dimensions[index] : nil
  }

  /// The dimensions of input `index`, which must have `rank` axes; unknown ones when the shape is unranked.
  ///
  /// - Throws: `.malformed` when the input is absent or of another rank.
  public func dimensions(_ index: Int, rank: Int, _ role: String) throws(ModelError) -> [Dimension] {
    guard let dimensions = try type(index).shape.dimensions else {
      return [Dimension](repeating: .unknown, count: rank)
    }
    guard dimensions.count == rank else {
      throw ModelError(.malformed, "\(role) has \(dimensions.count) axes, expected \(rank)")
    }
    return dimensions
  }

  /// Checks the number of inputs.
  ///
  /// - Throws: `.malformed` when it lies outside `range`.
  public func expectCount(_ range: ClosedRange<Int>) throws(ModelError) {
    guard range.contains(count) else {
      let expected = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw ModelError(.malformed, "found \(count) inputs, expected \(expected)")
    }
  }

  /// Checks that an optional vector input holds one element for each of `channels`.
  ///
  /// - Throws: `.malformed` when it does not.
  public func expectVector(_ index: Int, of channels: Dimension, _ role: String) throws(ModelError) {
    guard let type = optionalType(index) else { return }
    let dimensions = try self.dimensions(index, rank: 1, role)
    guard dimensions[0].isCompatible(with: channels) else {
      throw ModelError(.malformed, "\(role) has \(dimensions[0]) elements, expected \(channels); its type is \(type)")
    }
  }
}
