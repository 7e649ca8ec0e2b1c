import Engine
import ModelGraph
import Passes
import ReferenceInterpreter
import Structure
import TestSupport
import Testing

@Suite struct NetworkTests {
  /// A MobileNetV2 with random weights that keep activations of unit size.
  private func network(_ architecture: MobileNetV2) throws -> Graph {
    var generator = SeededGenerator(seed: 21)
    return try architecture.graph { (_, parameter, shape) throws(ModelError) in
      var values = generator.floats(shape.reduce(1, *))
      if shape.count == 4 {
        let fan = Float(shape[0] * shape[1] * (shape[3] == 1 ? 1 : shape[2]))
        values = values.map { $0 * (6 / fan).squareRoot() }
      } else if parameter == .movingVariance {
        values = values.map { $0 * 0.4 + 1 }
      } else {
        values = values.map { $0 * 0.1 + (parameter == .gamma ? 1 : 0) }
      }
      return try Tensor(values, shape: shape)
    }
  }

  @Test(arguments: MobileNetV2.Variant.allCases) func mobileNetsOfAnyVariant(variant: MobileNetV2.Variant) throws {
    try expectAgreement(
      try network(
        MobileNetV2(width: 0.35, inputHeight: 64, inputWidth: 96, variant: variant)), seed: 4, scale: 2)
  }

  @Test func noTwoLivingActivationsOverlap() throws {
    let graph = try PassPipeline.canonical.run(
      try network(MobileNetV2(width: 1, inputHeight: 224, inputWidth: 224))
    ).graph
    let engine = try Engine(graph: graph)
    let summary = try engine.planSummary(inputShapes: [[1, 224, 224, 3]])
    #expect(summary.activations.count > 20 && summary.activations.count < 70)
    #expect(summary.arenaByteCount <= 4 << 20)
    for (index, a) in summary.activations.enumerated() {
      #expect(a.byteOffset >= 0 && a.byteOffset + a.byteCount <= summary.arenaByteCount && a.byteOffset % 64 == 0)
      for b in summary.activations[(index + 1)...] where a.steps.overlaps(b.steps) {
        #expect(a.byteOffset + a.byteCount <= b.byteOffset || b.byteOffset + b.byteCount <= a.byteOffset)
      }
    }
    // The arena is reused: no more than what lives at the busiest step, in whole cache lines.
    let busiest = (0..<summary.stepCount).map { step in
      summary.activations.reduce(0) { $0 + ($1.steps.contains(step) ? ($1.byteCount + 63) / 64 * 64 : 0) }
    }.max()
    #expect(summary.arenaByteCount == busiest)
  }

  /// A graph without meaning that keeps many values alive for odd stretches of time.
  @Test(arguments: 0..<6) func activationsSurviveUntilTheirLastReader(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var builder = GraphBuilder(name: "tangle")
    var maps = [builder.input(name: "x", type: TensorType(.float32, [1, 6, 5, 8]))]
    for index in 0..<40 {
      let a = maps[generator.integer(in: 0...(maps.count - 1))], b = maps[generator.integer(in: 0...(maps.count - 1))]
      let name = "n\(index)"
      switch generator.integer(in: 0...3) {
      case 0: maps += try builder.add(.binary(Binary(.add)), name: name, inputs: [a, b])
      case 1:
        let filter = builder.constant(name: "\(name) filter", try Tensor.random([8, 1, 1, 8], &generator))
        maps += try builder.add(.conv2D(Conv2D(outputClamp: .relu)), name: name, inputs: [a, filter])
      case 2:
        let flat = try builder.add(.flatten(Flatten(axis: 1)), name: "\(name) flat", inputs: [a])[0]
        let soft = try builder.add(.softmax(Softmax(axis: 1)), name: "\(name) soft", inputs: [flat])[0]
        maps += try builder.add(
          .reshape(Reshape([.fixed(1), .fixed(6), .fixed(5), .fixed(8)])), name: name, inputs: [soft])
      default:
        maps += try builder.add(.unary(Unary(.hyperbolicTangent)), name: name, inputs: [a])
      }
    }
    for index in [5, 17, 30, 40] { builder.output(maps[index], name: "y\(index)") }
    try expectAgreement(try builder.build(), seed: seed + 1)
  }
}
