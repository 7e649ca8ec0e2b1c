import Ferry
import TestSupport
import Testing

/// A native file against its source: every layer, and the outputs end to end.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct LayerVerificationTests {
  @Test(arguments: RealModel.imageNet + RealModel.others + RealModel.randomOnly)
  func engineAgreesWithTheReferenceInterpreter(real: RealModel) throws {
    let folder = TemporaryFolder()
    let native = try real.nativeModel(in: folder)
    let source = try Model(contentsOf: real.path)
    let input = NamedTensor(try SharedModels.reference(real.references, "\(real.inputs[0])_input"))
    let result = try native.verify(against: source, inputs: [input])
    #expect(result.isPassed)
    #expect(!result.layers.isEmpty)
    for output in result.outputs {
      #expect(output.metrics.relativeToLargest <= 1e-5, "\(output.name): \(output.metrics.relativeToLargest)")
    }
    for layer in result.layers {
      #expect(
        layer.comparison.metrics.relativeToLargest <= real.layerLimit(layer, in: native.graph),
        "\(layer.node): \(layer.comparison.metrics.relativeToLargest)")
    }
  }

  /// 53 convolutions and dense layers, ten additions and the pooling answer for a value of every source file.
  @Test(arguments: RealModel.imageNet)
  func everyNodeOfTheNetworkIsCompared(real: RealModel) throws {
    let folder = TemporaryFolder()
    let native = try real.nativeModel(in: folder)
    let result = try native.verify(
      against: try Model(contentsOf: real.path),
      options: VerificationOptions(candidate: .engine, isCumulative: true))
    #expect(result.isPassed)
    #expect(result.layers.count + result.unmatchedNodes.count == native.graph.nodes.count)
    #expect(result.unmatchedNodes.isEmpty, "\(result.unmatchedNodes)")
  }
}
