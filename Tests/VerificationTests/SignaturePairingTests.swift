import ModelGraph
import Testing
import Verification

/// Inputs and outputs of two graphs that belong together.
struct SignaturePairingTests {
  /// A graph that hands its inputs on.
  private static func graph(_ ports: [(String, TensorType)]) throws(ModelError) -> Graph {
    var builder = GraphBuilder(name: "graph")
    for (name, type) in ports {
      let input = builder.input(name: "in \(name)", type: type)
      builder.output(input, name: name)
    }
    return try builder.build()
  }

  private static func pairing(
    _ candidate: [(String, TensorType)], _ reference: [(String, TensorType)]
  ) throws(ModelError) -> SignaturePairing {
    try SignaturePairing(candidate: graph(candidate), reference: graph(reference))
  }

  private static let floats = TensorType(.float32, [1, 4])
  private static let others = TensorType(.float32, [1, 3])
  private static let integers = TensorType(.int64, [1, 4])

  @Test func equalNamesInAnotherOrder() throws {
    let pairing = try Self.pairing(
      [("a", Self.floats), ("b", Self.integers), ("c", Self.others)],
      [("c", Self.others), ("a", Self.floats), ("b", Self.integers)])
    #expect(pairing.inputRule == .names)
    #expect(pairing.outputRule == .names)
    #expect(pairing.inputs == [1, 2, 0])
    #expect(pairing.outputs == [1, 2, 0])
    #expect(pairing.referenceShapes([[1], [2], [3]]) == [[3], [1], [2]])
  }

  @Test func otherNames() throws {
    let pairing = try Self.pairing([("a", Self.floats), ("b", Self.others)], [("x", Self.floats), ("a", Self.others)])
    #expect(pairing.outputRule == .positions)
    #expect(pairing.outputs == [0, 1])
  }

  @Test func signaturesThatDiffer() throws {
    for (candidate, reference) in [
      ([("a", Self.floats)], [("x", Self.integers)]), ([("a", Self.floats)], [("x", Self.others)]),
      ([("a", Self.floats)], [("a", Self.others)]), ([("a", Self.floats)], [("a", Self.floats), ("b", Self.floats)]),
    ] {
      let error = #expect(throws: ModelError.self) { try Self.pairing(candidate, reference) }
      #expect(error?.code == .usage)
    }
  }
}
