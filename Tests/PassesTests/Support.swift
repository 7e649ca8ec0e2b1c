import ModelGraph
import Passes
import ReferenceInterpreter
import TestSupport
import Testing

/// A graph under construction with random weights: what every test of a pass builds.
struct Sketch {
  var builder = GraphBuilder(name: "sketch")
  var generator: SeededGenerator
  private var count = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func input(_ shape: Shape, _ name: String = "x") -> ValueID {
    builder.input(
      name: name, type: TensorType(.float32, shape), origin: ValueOrigin(name: name))
  }

  mutating func weights(_ shape: [Int], _ name: String = "w") throws -> ValueID {
    let elements = generator.floats(Shape.elementCount(of: shape) ?? 0)
    return builder.constant(name: name, try Tensor(elements, shape: shape), origin: ValueOrigin(name: name))
  }

  mutating func constant(_ elements: [Float], _ shape: [Int], _ name: String = "c") throws -> ValueID {
    builder.constant(name: name, try Tensor(elements, shape: shape))
  }

  /// Positive numbers, as variances are.
  mutating func variances(_ count: Int) throws -> ValueID {
    let elements = generator.floats(count).map { $0 * $0 + 0.1 }
    return builder.constant(name: "variance", try Tensor(elements, shape: [count]))
  }

  mutating func add(_ op: Op, _ inputs: ValueID?..., name: String) throws -> ValueID {
    count += 1
    return try builder.add(
      op, name: name, inputs: inputs,
      outputs: [OutputSpecification(name: name, origin: ValueOrigin(name: name))],
      origin: [SourceNode(name: name, operatorName: op.name, index: count)])[0]
  }

  /// A norm over `channels` channels with random parameters.
  mutating func norm(_ x: ValueID, channels: Int, axis: Int, name: String = "bn") throws -> ValueID {
    let gamma = try weights([channels], "gamma")
    let beta = try weights([channels], "beta")
    let mean = try weights([channels], "mean")
    let variance = try variances(channels)
    return try add(.batchNorm(BatchNorm(epsilon: 1e-3, axis: axis)), x, gamma, beta, mean, variance, name: name)
  }

  mutating func graph(_ outputs: ValueID...) throws -> Graph {
    for (index, output) in outputs.enumerated() { builder.output(output, name: "y\(index)") }
    return try builder.build()
  }
}

/// Runs one pass; the result is validated.
func run(_ pass: any Pass, _ graph: Graph) throws -> (graph: Graph, report: PassReport) {
  let result = try PassPipeline([pass]).run(graph)
  return (result.graph, try #require(result.reports.first))
}

/// Random inputs for a graph, open extents taken as `open`.
func randomInputs(_ graph: Graph, seed: UInt64, open: Int = 2) throws -> [Tensor] {
  var generator = SeededGenerator(seed: seed)
  return try graph.inputs.map { port in
    let extents = (graph.signatureType(port).shape.dimensions ?? []).map { $0.fixedValue ?? open }
    return try Tensor(generator.floats(Shape.elementCount(of: extents) ?? 0), shape: extents)
  }
}

/// The largest difference of two graphs' outputs on the same random inputs, divided by the largest output.
func outputDifference(_ before: Graph, _ after: Graph, seed: UInt64 = 7, open: Int = 2) throws -> Double {
  let inputs = try randomInputs(before, seed: seed, open: open)
  let expected = try ReferenceInterpreter(before).run(inputs)
  let actual = try ReferenceInterpreter(after).run(inputs)
  try #require(actual.count == expected.count)
  return try zip(actual, expected).map { a, b in
    a.extents == b.extents ? Difference(try a.floats(), try b.floats()).relativeToLargest : .infinity
  }.max() ?? 0
}

/// The operators of a graph in order.
func operators(_ graph: Graph) -> [String] { graph.nodes.map(\.op.name) }
