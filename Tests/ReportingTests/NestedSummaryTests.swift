import ModelGraph
import Reporting
import Testing

struct NestedSummaryTests {
  /// a, then two layers in the model `outer/inner`, one in `outer`, then b.
  ///
  /// - Parameter calls: how often `outer` is called, with the same weights.
  private static func summary(calls: Int = 1) throws(ModelError) -> ModelSummary {
    var builder = GraphBuilder(name: "main")
    var value = builder.input(name: "x", type: TensorType(.float32, .ranked([.symbolic("N"), .fixed(4)])))
    typealias Place = (name: String, scope: [String])
    let outer: [Place] = [
      ("outer/inner/p", ["outer", "inner"]), ("outer/inner/q", ["outer", "inner"]), ("outer/r", ["outer"]),
    ]
    var places: [Place] = [("a", [])]
    for _ in 0..<calls { places += outer }
    places.append(("b", []))
    var kernels: [String: ValueID] = [:]
    for place in places {
      let ones = try Tensor([Float](repeating: 1, count: 16), shape: [4, 4])
      let weights = kernels[place.name] ?? builder.constant(name: "\(place.name)/kernel", ones)
      kernels[place.name] = weights
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
    let names = ["a ", "outer  ", "  inner ", "    p ", "    q ", "  r ", "b "]
    let start = try #require(lines.firstIndex { $0.hasPrefix("a ") })
    for (line, name) in zip(lines[start...], names) { #expect(line.hasPrefix(name), "\(line)") }
    #expect(lines[start + 1].split(separator: " ") == ["outer", "model"])
  }

  /// A model that is called twice in a row is two rows, each with the parameters that it reads.
  @Test func eachCallOfAModelIsARow() throws {
    let summary = try Self.summary(calls: 2)
    #expect(summary.collapsed(depth: 0).layers.map(\.name) == ["a", "outer", "outer", "b"])
    #expect(summary.collapsed(depth: 0).layers.map(\.parameters.total) == [16, 48, 48, 16])
    #expect(summary.collapsed(depth: 1).layers.count == 6)
    let lines = summary.text(.plain).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("outer ") } == 2)
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
