import Ferry
import FormatSupport
import ModelGraph
import TestSupport
import Testing

/// A fault in a classifier whose softmax hides it.
struct DamagedClassifierTests {
  private static let sample = SharedModels.packageRoot + "Samples/digits.h5"

  /// The sample with two columns of its last dense layer exchanged.
  private static func damaged(in folder: TemporaryFolder) throws -> String {
    let graph = try Model(contentsOf: sample).graph
    let dense = try #require(graph.nodes.last { if case .fullyConnected = $0.op { true } else { false } })
    let kernel = try #require(graph.constant(dense, 1))
    let stored = try kernel.withUnsafeBytes { (bytes) throws(ModelError) in Array(bytes) }
    var bytes = try #require(TemporaryFolder.bytes(of: sample))
    let first = try #require(bytes.indices.first { bytes[$0...].starts(with: stored) })
    let rowBytes = kernel.extents[1] * MemoryLayout<Float>.size
    for row in 0..<kernel.extents[0] {
      for byte in 0..<MemoryLayout<Float>.size {
        let place = first + row * rowBytes + byte
        bytes.swapAt(place + MemoryLayout<Float>.size, place + 3 * MemoryLayout<Float>.size)
      }
    }
    return folder.write(bytes, to: "damaged.h5")
  }

  @Test func exchangedColumnsAreFound() throws {
    let folder = TemporaryFolder()
    let damaged = try Model(contentsOf: Self.damaged(in: folder))
    let result = try damaged.converted().model.verify(against: try Model(contentsOf: Self.sample))
    #expect(result.verdict == .failed)
    #expect(result.firstFailingLayer?.comparison.name == "predictions/fullyConnected")
  }

  @Test func everyLayerOfTheSampleIsCompared() throws {
    let source = try Model(contentsOf: Self.sample)
    let native = try source.converted().model
    let result = try native.verify(against: source)
    #expect(result.verdict == .passed)
    #expect(result.layers.count == native.graph.nodes.count)
    #expect(result.unmatchedNodes.isEmpty)
  }

  /// Layers that are called twice, wrapped, nested, or stand for several operators: each value has a name of its own.
  @Test(arguments: [
    "shared_layer_k3.keras", "shared_twins_k3.h5", "nested_shared_k3.keras", "operators_k3.keras",
    "separable_same_2_k3.h5",
    "time_distributed_k3.h5", "normalization_k3.h5", "merges_k2.h5",
  ])
  func everyWeightOfAKerasModelIsCompared(file: String) throws {
    let source = try Model(contentsOf: SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/golden/" + file)
    let names = source.graph.values.compactMap { $0.constant == nil ? $0.origin?.name : nil }
    #expect(Set(names).count == names.count)
    let result = try source.converted().model.verify(against: source)
    #expect(result.verdict == .passed, "\(result.uncomparedNodes)")
  }
}
