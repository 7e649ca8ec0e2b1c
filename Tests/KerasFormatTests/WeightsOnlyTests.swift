import FormatSupport
import KerasFormat
import ModelGraph
import Passes
import TestSupport
import Testing

@Suite struct WeightsOnlyTests {
  /// What makes two graphs the same network: operators and inputs of their canonical forms in order, constants bit for
  /// bit.
  static func fingerprint(_ imported: Graph) throws -> [String] {
    let graph = try PassPipeline.canonical.run(imported).graph
    var order: [ValueID: Int] = [:]
    for port in graph.inputs { order[port.value] = order.count }
    return try graph.nodes.map { node in
      var text = "\(node.op)"
      for input in node.inputs {
        guard let input else {
          text += " -"
          continue
        }
        if let constant = graph[input].constant {
          let hash = try constant.densified().withUnsafeBytes { bytes throws(ModelError) in ContentHash.xxh3(bytes) }
          text += " \(constant.type)#\(hash)"
        } else {
          text += " \(order[input] ?? -1)"
        }
      }
      for output in node.outputs { order[output] = order.count }
      return text
    }
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func theTorchvisionNetworkIsRecovered() throws {
    var options = ImportOptions.standard
    options.architecture = ArchitectureHints(inputHeight: 224, inputWidth: 224, variant: "torchvision")
    let weights = try MappedFile(path: SharedModels.path("imagenet/mobilenetv2_torchvision.weights.h5"))
    let program = try KerasFormat.read(weights, options: options)
    #expect(program.findings.map(\.code) == ["architecture-recovered"])
    #expect(program.mainGraph.parameterCount().total == 3_538_984)
    let whole = try KerasFormat.read(
      try MappedFile(path: SharedModels.path("imagenet/mobilenetv2_torchvision.h5")), options: .standard)
    #expect(try Self.fingerprint(program.mainGraph) == Self.fingerprint(whole.mainGraph))
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func otherWeightsAreAnInventory() throws {
    let file = try MappedFile(path: SharedModels.path("keras/fyp_my_model_weights.h5"))
    let program = try KerasFormat.read(file, options: .standard)
    #expect(program.findings.map(\.code) == ["weights-only"])
    let graph = program.mainGraph
    #expect(graph.nodes.map(\.name) == ["7", "9", "11"])
    #expect(graph.parameterCount().total == 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10)
    #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
  }
}
