import ModelGraph
import Passes
import ReferenceInterpreter
import TestSupport
import Testing

@Suite struct PassPipelineTests {
  @Test(arguments: SmallNetwork.Style.allCases)
  func everyFormatBecomesTheSameGraph(_ style: SmallNetwork.Style) throws {
    let reference = CanonicalComparison(try PassPipeline.canonical.run(try SmallNetwork.graph(.onnx)).graph)
    let source = try SmallNetwork.graph(style)
    let result = try PassPipeline.canonical.run(source)
    let canonical = CanonicalComparison(result.graph)
    #expect(canonical.lines == reference.lines)
    #expect(canonical.constants.count == 2 * 8)
    #expect(try canonical.differingElements(from: reference) == 0)
    #expect(try outputDifference(source, result.graph) < 1e-5)
    #expect(
      operators(result.graph) == [
        "conv2d", "conv2d", "conv2d", "conv2d", "conv2d", "conv2d", "binary", "conv2d", "globalPool", "fullyConnected",
      ])
  }

  /// Every value with an origin equals that value of the source, once its axes are put back.
  @Test(arguments: SmallNetwork.Style.allCases)
  func originsNameTheValueThatAValueEquals(_ style: SmallNetwork.Style) throws {
    let source = try SmallNetwork.graph(style)
    let canonical = try PassPipeline.canonical.run(source).graph
    let inputs = try randomInputs(source, seed: 3)
    func values(_ graph: Graph) throws -> [(value: Value, tensor: Tensor)] {
      var result: [(Value, Tensor)] = []
      _ = try ReferenceInterpreter(graph).run(inputs) { (node, tensors) throws(ModelError) in
        for (id, tensor) in zip(node.outputs, tensors) { result.append((graph[id], tensor)) }
      }
      return result
    }
    let expected = Dictionary(try values(source).map { ($0.value.name, $0.tensor) }) { first, _ in first }
    var compared = 0
    for (value, tensor) in try values(canonical) {
      guard let origin = value.origin, let source = expected[origin.name] else { continue }
      let inverse = origin.permutation.map { order in order.indices.map { order.firstIndex(of: $0) ?? $0 } }
      let restored = try inverse.map { try tensor.transposed($0) } ?? tensor
      #expect(restored.extents == source.extents, "\(origin.name)")
      #expect(Difference(try restored.floats(), try source.floats()).relativeToLargest < 1e-5, "\(origin.name)")
      compared += 1
    }
    #expect(compared == canonical.nodes.count)
    for node in canonical.nodes { #expect(!node.origin.isEmpty, "\(node.name)") }
  }

  @Test func theCanonicalFormIsAFixedPoint() throws {
    let once = try PassPipeline.canonical.run(try SmallNetwork.graph(.onnxWithNorms)).graph
    let twice = try PassPipeline.canonical.run(once)
    #expect(twice.reports.allSatisfy { $0.applied == 0 })
    #expect(twice.graph.description == once.description)
  }

  @Test func optionsChooseThePasses() throws {
    let graph = try SmallNetwork.graph(.keras)
    func names(_ options: PassOptions) throws -> [String] {
      try PassPipeline.canonical.run(graph, options: options).reports.map(\.name)
    }
    let all = PassPipeline.canonical.passNames
    #expect(
      all == [
        "remove-identities", "fold-constants", "canonicalize-layout", "fold-padding", "fold-batch-norm", "fuse-clamp",
        "fold-quantize-pairs", "dequantize-constants", "canonicalize-head", "order-operands", "remove-dead",
      ])
    #expect(try names(PassOptions()) == all)
    #expect(
      try names(PassOptions(skipped: ["fuse-clamp", "remove-dead"]))
        == all.filter { $0 != "fuse-clamp" && $0 != "remove-dead" })
    #expect(try names(PassOptions(only: ["fold-batch-norm"])) == ["fold-batch-norm"])
    #expect(try names(PassOptions(stopAfter: "fold-padding")) == Array(all.prefix(4)))
    #expect(try names(PassOptions(skipped: ["fold-padding"], stopAfter: "fold-padding")) == Array(all.prefix(3)))
  }

  @Test func anUnknownNameIsAUsageErrorThatListsTheNames() throws {
    let graph = try SmallNetwork.graph(.onnx)
    let error = #expect(throws: ModelError.self) {
      try PassPipeline.canonical.run(graph, options: PassOptions(skipped: ["fold-everything"]))
    }
    #expect(error?.code == .usage)
    #expect(error?.message == "no pass is named 'fold-everything'")
    #expect(error?.hint?.contains("fold-batch-norm, fuse-clamp") == true)
  }

  @Test func everyPassAloneKeepsWhatTheNetworkComputes() throws {
    for style in SmallNetwork.Style.allCases {
      let graph = try SmallNetwork.graph(style)
      for name in PassPipeline.canonical.passNames {
        let result = try PassPipeline.canonical.run(graph, options: PassOptions(only: [name]))
        #expect(try outputDifference(graph, result.graph) < 1e-5, "\(style) \(name)")
      }
    }
  }
}
