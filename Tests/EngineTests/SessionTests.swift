import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Storage whose tensors start one byte off.
private final class ShiftedStorage: TensorStorage {
  private let owned: OwnedStorage
  var bytes: UnsafeRawBufferPointer { owned.bytes }

  init(_ values: [Float]) throws {
    owned = try OwnedStorage(byteCount: values.count * 4 + 1) { memory in
      values.withUnsafeBytes { source in UnsafeMutableRawBufferPointer(rebasing: memory[1...]).copyMemory(from: source)
      }
    }
  }
}

@Suite struct SessionTests {
  /// A small network with a residual connection and a head; its batch is open, its input channels first.
  private func network(channelsFirst: Bool = true, outputPermutation: [Int]? = nil) throws -> Graph {
    var generator = SeededGenerator(seed: 11)
    var builder = GraphBuilder(name: "small")
    let x = builder.input(
      name: "x", type: TensorType(.float32, [.symbolic("N"), 12, 10, 3]),
      permutation: channelsFirst ? Layout.firstToLast : nil)
    func conv(_ name: String, _ x: ValueID, _ shape: [Int], _ op: Conv2D) throws -> ValueID {
      let filter = builder.constant(name: "\(name) filter", try Tensor.random(shape, &generator))
      let bias = builder.constant(name: "\(name) bias", try Tensor.random([shape[0]], &generator))
      return try builder.add(.conv2D(op), name: name, inputs: [x, filter, bias])[0]
    }
    let one = Padding2D.explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1))
    let stem = try conv("stem", x, [12, 3, 3, 3], Conv2D(strides: Size2D(2), padding: one, outputClamp: .relu6))
    let wide = try conv("expand", stem, [40, 1, 1, 12], Conv2D(outputClamp: .relu6))
    let deep = try conv("depthwise", wide, [40, 3, 3, 1], Conv2D(padding: one, groups: 40, outputClamp: .relu6))
    let narrow = try conv("project", deep, [12, 1, 1, 40], Conv2D())
    let sum = try builder.add(.binary(Binary(.add)), name: "add", inputs: [stem, narrow])[0]
    let pooled = try builder.add(.globalPool(GlobalPool(.average, keepsAxes: false)), name: "pool", inputs: [sum])[0]
    let weights = builder.constant(name: "weights", try Tensor.random([7, 12], &generator))
    let logits = try builder.add(.fullyConnected(FullyConnected()), name: "logits", inputs: [pooled, weights])[0]
    builder.output(try builder.add(.softmax(Softmax(axis: 1)), name: "softmax", inputs: [logits])[0], name: "y")
    builder.output(sum, name: "features", permutation: outputPermutation)
    builder.output(pooled, name: "pooled")
    return try builder.build()
  }

  private func bits(_ tensors: [Tensor]) throws -> [[UInt32]] { try tensors.map { try $0.elements(as: UInt32.self) } }

  @Test(arguments: [nil, Layout.firstToLast, [2, 1, 0, 3]]) func portsKeepTheirAxisOrder(permutation: [Int]?) throws {
    for channelsFirst in [true, false] {
      for batch in [1, 3] {
        try expectAgreement(
          try network(channelsFirst: channelsFirst, outputPermutation: permutation), seed: 5, batch: batch)
      }
    }
  }

  @Test func aBatchIsSeveralRuns() throws {
    let engine = try Engine(graph: try network())
    var generator = SeededGenerator(seed: 3)
    let images = try (0..<3).map { _ in try Tensor.random([1, 3, 12, 10], &generator) }
    let batch = try Tensor(images.flatMap { try $0.floats() }, shape: [3, 3, 12, 10])
    let session = engine.makeSession()
    let together = try session.run([batch])
    for (position, image) in images.enumerated() {
      let alone = try session.run([image])
      for (whole, single) in zip(together, alone) {
        let part = try whole.elements(as: UInt32.self)
        let count = single.elementCount
        #expect(try Array(part[(position * count)..<((position + 1) * count)]) == single.elements(as: UInt32.self))
      }
    }
  }

  @Test func repeatedRunsAndSeveralSessionsGiveTheSameBits() throws {
    let engine = try Engine(graph: try network())
    var generator = SeededGenerator(seed: 8)
    let a = try Tensor.random([1, 3, 12, 10], &generator), b = try Tensor.random([1, 3, 12, 10], &generator)
    let (first, second) = (engine.makeSession(), engine.makeSession())
    let expected = try bits(first.run([a]))
    _ = try second.run([b])
    _ = try first.run([b])
    #expect(try bits(second.run([a])) == expected)
    #expect(try bits(first.run([a])) == expected)
    #expect(try bits(engine.run([a])) == expected)
  }

  @Test func buffersOfTheCallerAreReadAndWritten() throws {
    let engine = try Engine(graph: try network())
    var generator = SeededGenerator(seed: 8)
    let image = generator.floats(360)
    let expected = try engine.run([try Tensor(image, shape: [1, 3, 12, 10])])
    let session = engine.makeSession()
    try session.prepare(inputShapes: [[1, 3, 12, 10]])
    #expect(session.outputShapes == expected.map(\.extents))
    var outputs = session.outputShapes.map { [Float](repeating: .nan, count: $0.reduce(1, *)) }
    try image.withUnsafeBufferPointer { image in
      let buffers = outputs.indices.map { index in
        UnsafeMutableBufferPointer<Float>.allocate(capacity: outputs[index].count)
      }
      defer { for buffer in buffers { buffer.deallocate() } }
      try session.run([image], into: buffers)
      for (index, buffer) in buffers.enumerated() { outputs[index] = Array(buffer) }
      #expect(throws: ModelError.self) { try session.run([], into: buffers) }
      #expect(throws: ModelError.self) { try session.run([image], into: Array(buffers.reversed())) }
    }
    for (output, tensor) in zip(outputs, expected) { #expect(try tensor.floats() == output) }
  }

  @Test func inputsMayLieAnywhere() throws {
    let engine = try Engine(graph: try network())
    var generator = SeededGenerator(seed: 4)
    let values = generator.floats(360)
    let type = TensorType(.float32, [1, 3, 12, 10])
    let shifted = try Tensor(type: type, storage: try ShiftedStorage(values), range: 1..<1441)
    #expect(try bits(engine.run([shifted])) == bits(engine.run([try Tensor(values, type: type)])))
    let splat = try Tensor(type: type, splat: .floating(0.5))
    let written = try Tensor([Float](repeating: 0.5, count: 360), type: type)
    #expect(try bits(engine.run([splat])) == bits(engine.run([written])))
  }

  @Test func nanInIsNaNOut() throws {
    let engine = try Engine(graph: try network())
    for set in instructionSets {
      let engine = try Engine(graph: engine.graph, options: EngineOptions(instructionSet: set))
      var values = [Float](repeating: 0.25, count: 360)
      values[100] = .nan
      let outputs = try engine.run([try Tensor(values, shape: [1, 3, 12, 10])])
      #expect(try outputs[0].floats().allSatisfy { $0.isNaN })
      let features = try outputs[1].floats()
      #expect(features.contains { $0.isNaN } && features.contains { !$0.isNaN })
    }
  }

  @Test func wrongInputsAreRefused() throws {
    let engine = try Engine(graph: try network())
    let wrong: [[Tensor]] = [
      [], [try Tensor([Float](repeating: 0, count: 360), shape: [1, 12, 10, 3])],
      [try Tensor([Int64](repeating: 0, count: 360), shape: [1, 3, 12, 10])],
      [try Tensor([Float](repeating: 0, count: 120), shape: [3, 4, 10])],
    ]
    for inputs in wrong {
      let error = #expect(throws: ModelError.self) { try engine.run(inputs) }
      #expect(error?.code == .usage)
    }
    let limited = try Engine(graph: engine.graph, options: EngineOptions(arenaLimit: 1000))
    let error = #expect(throws: ModelError.self) {
      try limited.run([try Tensor([Float](repeating: 0, count: 360), shape: [1, 3, 12, 10])])
    }
    #expect(error?.code == .unsupported)
  }

  @Test func everythingThatIsLackingIsNamedAtOnce() throws {
    var builder = GraphBuilder(name: "lacking")
    let x = builder.input(name: "x", type: TensorType(.float32, [1, 4, 4, 8]))
    let opaque = OpaqueOp(
      domain: "test", operatorName: "Mystery", version: 1, statedOutputTypes: [TensorType(.float32, [1, 4, 4, 8])],
      reason: "nobody knows it")
    let strange = try builder.add(.opaque(opaque), name: "strange", inputs: [x])[0]
    let behind = try builder.add(.clamp(Clamp(.relu)), name: "behind", inputs: [strange])[0]
    let cubic = Resize2D(.size(height: 8, width: 8), interpolation: .cubic, coordinates: .halfPixel)
    let resized = try builder.add(.resize2D(cubic), name: "resized", inputs: [x])[0]
    builder.output(behind, name: "a")
    builder.output(resized, name: "b")
    let graph = try builder.build()
    let error = #expect(throws: ModelError.self) { try Engine(graph: graph) }
    #expect(error?.code == .unsupported)
    let text = error?.description ?? ""
    #expect(text.contains("Mystery") && text.contains("'resized'") && !text.contains("'behind'"), "\(text)")
  }

  @Test func oneNodeCanBeEvaluatedAlone() throws {
    let graph = try network()
    let engine = try Engine(graph: graph)
    var generator = SeededGenerator(seed: 6)
    for node in graph.nodes {
      var inputs: [Tensor?] = []
      for value in node.inputs {
        guard let value else {
          inputs.append(nil)
          continue
        }
        let shape = try #require(graph[value].type.shape.dimensions).map { $0.fixedValue ?? 2 }
        inputs.append(try graph[value].constant ?? Tensor.random(shape, &generator))
      }
      let expected = try ReferenceInterpreter.evaluate(
        node.op, inputs, outputTypes: node.outputs.map { graph[$0].type })
      let actual = try engine.evaluate(node, inputs: inputs)
      for (a, b) in zip(actual, expected) {
        #expect(a.extents == b.extents)
        #expect(Difference(try a.floats(), try b.floats()).relativeToLargest <= 1e-5, "\(node.name)")
      }
    }
    let add = try #require(graph.nodes.first { $0.name == "add" })
    #expect(throws: ModelError.self) { try engine.evaluate(add, inputs: [nil, nil]) }
    #expect(throws: ModelError.self) { try engine.evaluate(add, inputs: []) }
  }
}
