import Engine
import ModelGraph
import TestSupport
import Testing

@Suite struct BlockTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var height = 14
    var width = 14
    var input = 16
    var wide = 96
    var output = 16
    var kernel = 3
    var stride = 1
    var dilation = 1
    var insets = EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)
    var expands = true
    var adds = true
    var clamp = ClampRange.relu6

    var testDescription: String {
      "\(height)×\(width) \(input) \(wide) \(output) k\(kernel) s\(stride) d\(dilation) \(expands) \(adds)"
    }
  }

  static let shapes: [Shape] = {
    var shapes = [Shape()]
    for (height, width) in [(1, 1), (2, 3), (7, 7), (29, 5), (33, 57)] {
      shapes.append(Shape(height: height, width: width))
    }
    for stride in [1, 2] {
      shapes.append(Shape(height: 15, width: 20, output: 24, stride: stride, adds: false))
      shapes.append(
        Shape(
          height: 16, width: 16, stride: stride, insets: EdgeInsets(top: 0, left: 0, bottom: 1, right: 1), adds: false))
    }
    shapes.append(Shape(input: 9, wide: 35, output: 9))
    // Wide enough for zeroes to be left out of the projection.
    shapes.append(Shape(height: 9, width: 11, input: 40, wide: 131, output: 40))
    shapes.append(Shape(input: 16, wide: 96, output: 184, stride: 2, adds: false))
    shapes.append(Shape(input: 3, wide: 13, output: 3, clamp: .unbounded))
    shapes.append(
      Shape(kernel: 5, insets: EdgeInsets(top: 2, left: 2, bottom: 2, right: 2)))
    shapes.append(Shape(dilation: 2, insets: EdgeInsets(top: 2, left: 2, bottom: 2, right: 2)))
    shapes.append(Shape(insets: .zero, adds: false))
    shapes.append(Shape(input: 40, wide: 40, output: 12, expands: false, adds: false))
    return shapes
  }()

  private func graph(_ shape: Shape, batch: Int) throws -> Graph {
    var generator = SeededGenerator(seed: 31)
    var builder = GraphBuilder(name: "block")
    let input = builder.input(
      name: "x",
      type: TensorType(.float32, [.fixed(batch), .fixed(shape.height), .fixed(shape.width), .fixed(shape.input)]))
    func conv(_ name: String, _ x: ValueID, _ filter: [Int], _ op: Conv2D) throws -> ValueID {
      let weights = builder.constant(name: "\(name) filter", try Tensor.random(filter, &generator))
      let bias = builder.constant(name: "\(name) bias", try Tensor.random([filter[0]], &generator))
      return try builder.add(.conv2D(op), name: name, inputs: [x, weights, bias])[0]
    }
    let x = try builder.add(.clamp(Clamp(.relu6)), name: "before", inputs: [input])[0]
    var y = x
    if shape.expands { y = try conv("expand", y, [shape.wide, 1, 1, shape.input], Conv2D(outputClamp: shape.clamp)) }
    y = try conv(
      "depthwise", y, [shape.wide, shape.kernel, shape.kernel, 1],
      Conv2D(
        strides: Size2D(shape.stride), dilation: Size2D(shape.dilation), padding: .explicit(shape.insets),
        groups: shape.wide, outputClamp: shape.clamp))
    y = try conv("project", y, [shape.output, 1, 1, shape.wide], Conv2D())
    if shape.adds { y = try builder.add(.binary(Binary(.add)), name: "sum", inputs: [x, y])[0] }
    builder.output(try builder.add(.clamp(Clamp(.relu)), name: "after", inputs: [y])[0], name: "y")
    return try builder.build()
  }

  @Test(arguments: shapes) func everyWayOfRunningABlockGivesTheSameBits(shape: Shape) throws {
    for batch in [1, 2] { try expectAgreement(try graph(shape, batch: batch), seed: 9, scale: 4) }
  }

  @Test func blocksAreReallyFused() throws {
    for strategy in BlockStrategy.allCases {
      let engine = try Engine(
        graph: try graph(Shape(), batch: 1), options: EngineOptions(blockStrategy: strategy))
      let steps = try engine.planSummary(inputShapes: [[1, 14, 14, 16]]).steps
      let fused = steps.filter { $0.kind.hasPrefix("rows") || $0.kind.hasPrefix("panels") }
      #expect(fused.count == (strategy == .unfused ? 0 : 1), "\(strategy) \(steps.map(\.kind))")
      #expect(fused.allSatisfy { $0.reason != nil })
      let work = steps.map(\.multiplyAccumulates).reduce(0, +)
      #expect(work == 196 * 3936)
    }
  }

  @Test func aMapThatIsReadElsewhereIsMade() throws {
    var generator = SeededGenerator(seed: 2)
    var builder = GraphBuilder(name: "shared")
    let x = builder.input(name: "x", type: TensorType(.float32, [1, 6, 6, 8]))
    let one = Padding2D.explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1))
    func conv(_ name: String, _ x: ValueID, _ filter: [Int], _ op: Conv2D) throws -> ValueID {
      let weights = builder.constant(name: "\(name) filter", try Tensor.random(filter, &generator))
      return try builder.add(.conv2D(op), name: name, inputs: [x, weights])[0]
    }
    let wide = try conv("expand", x, [16, 1, 1, 8], Conv2D())
    let deep = try conv("depthwise", wide, [16, 3, 3, 1], Conv2D(padding: one, groups: 16))
    let narrow = try conv("project", deep, [8, 1, 1, 16], Conv2D())
    builder.output(narrow, name: "y")
    builder.output(wide, name: "wide")
    builder.output(deep, name: "deep")
    try expectAgreement(try builder.build(), scale: 2)
  }

  @Test func threadsOutsideTheirRangeAreRefused() throws {
    let graph = try graph(Shape(), batch: 1)
    for threads in [0, -1, Engine.maximumThreads + 1] {
      let error = #expect(throws: ModelError.self) {
        try Engine(graph: graph, options: EngineOptions(threads: threads))
      }
      #expect(error?.code == .usage)
    }
  }

  @Test func manySessionsOfManyThreadsShareOneEngine() async throws {
    let engine = try Engine(graph: try graph(Shape(), batch: 1), options: EngineOptions(threads: 3))
    var generator = SeededGenerator(seed: 12)
    let input = try Tensor.random([1, 14, 14, 16], &generator)
    let expected = try engine.run([input])[0].elements(as: UInt32.self)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let session = engine.makeSession()
          for _ in 0..<50 where try session.run([input])[0].elements(as: UInt32.self) != expected { return false }
          return true
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }
}
