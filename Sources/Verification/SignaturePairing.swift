public import ModelGraph

/// Which input and output of a reference each of the candidate's is compared with.
public struct SignaturePairing: Hashable, Sendable {
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// Both sides have the same names.
    case names
    /// The names differ: the first with the first.
    case positions
  }

  public var inputRule: Rule
  public var outputRule: Rule
  /// The position in the reference of each of the candidate's inputs.
  public var inputs: [Int]
  public var outputs: [Int]

  /// Pairs by name where the sets of names are equal, and by position otherwise.
  ///
  /// - Throws: `.usage` where the counts differ, an input is paired with one of another element type or shape, or an output
  ///   is by its position.
  public init(candidate: Graph, reference: Graph) throws(ModelError) {
    (inputRule, inputs) = try Self.paired(candidate.inputs, reference.inputs, "inputs")
    (outputRule, outputs) = try Self.paired(candidate.outputs, reference.outputs, "outputs")
    try requireEqualTypes(candidate: candidate, reference: reference)
  }

  private static func paired(
    _ candidate: [GraphPort], _ reference: [GraphPort], _ role: String
  ) throws(ModelError) -> (Rule, [Int]) {
    guard candidate.count == reference.count else {
      throw ModelError(.usage, "one model has \(candidate.count) \(role), the other \(reference.count)")
    }
    var places: [String: Int] = [:]
    for (place, port) in reference.enumerated() { places[port.name] = place }
    let named = candidate.compactMap { places[$0.name] }
    guard places.count == reference.count, Set(named).count == candidate.count else {
      return (.positions, Array(candidate.indices))
    }
    return (.names, named)
  }

  /// Once shapes are fixed, the pairs' have to agree still.
  public func requireEqualTypes(candidate: Graph, reference: Graph) throws(ModelError) {
    func require(_ pairs: some Sequence<(GraphPort, Int)>, _ others: [GraphPort], _ role: String) throws(ModelError) {
      for (port, place) in pairs where others.indices.contains(place) {
        let (type, other) = (candidate.signatureType(port), reference.signatureType(others[place]))
        guard type.elementType == other.elementType, type.shape.isCompatible(with: other.shape) else {
          throw ModelError(
            .usage,
            "the \(role) '\(port.name)' is \(type.elementType.name)\(type.shape), '\(others[place].name)' of the other "
              + "model is \(other.elementType.name)\(other.shape)")
        }
      }
    }
    try require(zip(candidate.inputs, inputs), reference.inputs, "input")
    if outputRule == .positions { try require(zip(candidate.outputs, outputs), reference.outputs, "output") }
  }

  /// The candidate's inputs in the reference's order.
  func referenceInputs(_ tensors: [Tensor]) throws(ModelError) -> [Tensor] {
    try Self.inverted(inputs).map { (place) throws(ModelError) -> Tensor in
      guard tensors.indices.contains(place) else {
        throw ModelError(.usage, "\(tensors.count) inputs are given, the model has \(inputs.count)")
      }
      return tensors[place]
    }
  }

  /// The reference's outputs in the candidate's order.
  func candidateOutputs(_ tensors: [Tensor]) -> [Tensor?] {
    outputs.map { tensors.indices.contains($0) ? tensors[$0] : nil }
  }

  /// The shapes of the reference's inputs.
  public func referenceShapes(_ shapes: [[Int]?]) -> [[Int]?] {
    Self.inverted(inputs).map { shapes.indices.contains($0) ? shapes[$0] : nil }
  }

  private static func inverted(_ places: [Int]) -> [Int] {
    places.indices.sorted { places[$0] < places[$1] }
  }
}
