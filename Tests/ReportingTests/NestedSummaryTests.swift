import ModelGraph
import Reporting
import Testing

struct NestedSummaryTests {
  /// a, then two layers in the model `outer/inner`, one in `outer`, then b.
  private static func summary() throws(ModelError) -> ModelSummary {
    var builder = GraphBuilder(name: "main")
    var value = builder.input(name: "x", type: TensorType(.float32, .ranked([.symbolic("N"), .fixed(4)])))
    let places: [(name: String, scope: [String])] = [
      ("a", []), ("outer/inner/p", ["outer", "inner"]), ("outer/inner/q", ["outer", "inner"]), ("outer/r", ["outer"]),
      ("b", []),
    ]
    for place in places {
      let weights = builder.constant(
        name: "\(place.name)/kernel", try Tensor([Float](repeating: 1, count: 16), shape: [4, 4]))
      value = try builder.add(
        .fullyConnected(FullyConnected()), name: place.name, inputs: [value, weights],
        origin: [SourceNode(name: place.name, operatorName: "Dense", scope: place.scope)])[0]
    }
    builder.output(value, name: "y")
    var program = try Program(graphs: [try builder.build()], source: "Test 1")
    program.auxiliaryParameters = ParameterCount(nonTrainable: 3)
    return ModelSummary(program, name: "model.test")
  }

  @Test func layersOfNestedModelsAreIndented() throws {
    let lines = try Self.summary().text(.plain).split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("    p ") })
    #expect(lines.contains { $0.hasPrefix("  r ") })
    #expect(lines.contains { $0.hasPrefix("a ") })
  }

  @Test func depthFoldsModels() throws {
    let summary = try Self.summary()
    #expect(summary.collapsed(depth: 2).layers.map(\.name) == summary.layers.map(\.name))
    let one = summary.collapsed(depth: 1)
    #expect(one.layers.map(\.name) == ["a", "outer/inner", "outer/r", "b"])
    #expect(one.layers[1].parameters.total == 32)
    #expect(one.layers[1].multiplyAccumulates == 32)
    let none = summary.collapsed(depth: 0)
    #expect(none.layers.map(\.name) == ["a", "outer", "b"])
    #expect(none.layers[1].parameters.total == 48)
    #expect(none.parameters == summary.parameters)
  }

  @Test func parametersThatNoNodeReadsCount() throws {
    #expect(try Self.summary().parameters == ParameterCount(trainable: 80, nonTrainable: 3))
  }
}
