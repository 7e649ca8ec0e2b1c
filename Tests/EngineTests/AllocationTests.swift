import CAllocationCounter
import Engine
import ModelGraph
import Structure
import TestSupport
import Testing

@Suite(
  .enabled(if: ferry_counts_allocations() != 0, "allocations cannot be counted beside a sanitizer or on this system"))
struct AllocationTests {
  @Test func theCounterCounts() {
    let before = ferry_allocation_count()
    let values = [Int](unsafeUninitializedCapacity: 100) { buffer, count in
      for index in 0..<100 { buffer[index] = Int.random(in: 0...9) }
      count = 100
    }
    #expect(ferry_allocation_count() > before && values.count == 100)
  }

  @Test(arguments: [1, 2]) func noRunBehindTheFirstAllocates(threads: Int) throws {
    let graph = try MobileNetV2(width: 0.35, inputHeight: 64, inputWidth: 64).graph {
      (_, _, shape) throws(ModelError) in
      try Tensor([Float](repeating: 0.01, count: shape.reduce(1, *)), shape: shape)
    }
    let session = try Engine(graph: graph, options: EngineOptions(threads: threads)).makeSession()
    try session.prepare(inputShapes: [[1, 64, 64, 3]])
    let image = UnsafeMutableBufferPointer<Float>.allocate(capacity: 64 * 64 * 3)
    defer { image.deallocate() }
    image.initialize(repeating: 0.5)
    let outputs = session.outputShapes.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: $0.reduce(1, *)) }
    defer { for output in outputs { output.deallocate() } }
    let inputs = [UnsafeBufferPointer(image)]
    try session.run(inputs, into: outputs)
    let before = ferry_allocation_count()
    for _ in 0..<3 { try session.run(inputs, into: outputs) }
    #expect(ferry_allocation_count() == before)
  }

  @Test(arguments: [1, 2]) func noRunOnCountsBehindTheFirstAllocates(threads: Int) throws {
    var builder = GraphBuilder(name: "counts", arithmetic: .liteRT)
    let type = TensorType(.uint8, [1, 12, 12, 8], quantization: .perTensor(scale: 0.02, zeroPoint: 120))
    let x = builder.input(name: "x", type: type)
    var values = [x]
    for (index, shape) in [[24, 1, 1, 8], [24, 3, 3, 1], [8, 1, 1, 24]].enumerated() {
      let filter = builder.constant(
        name: "w\(index)",
        try Tensor(
          (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 &* 37) },
          type: TensorType(.uint8, Shape(shape), quantization: .perTensor(scale: 0.003, zeroPoint: 128))))
      let op = Conv2D(padding: .same(.upper), groups: shape[3] == 1 ? 24 : 1)
      let stated = type.with(shape: .unranked)
      values += try builder.add(
        .conv2D(op), name: "conv\(index)", inputs: [values[index], filter],
        outputs: [OutputSpecification(name: "y\(index)", statedType: stated)])
    }
    let sum = try builder.add(
      .binary(Binary(.add)), name: "sum", inputs: [x, values[3]],
      outputs: [OutputSpecification(name: "sum", statedType: type.with(shape: .unranked))])
    builder.output(sum[0], name: "y")
    let session = try Engine(graph: try builder.build(), options: EngineOptions(threads: threads)).makeSession()
    try session.prepare(inputShapes: [[1, 12, 12, 8]])
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * 1152, alignment: 64)
    defer { memory.deallocate() }
    for index in 0..<1152 { memory[index] = UInt8(truncatingIfNeeded: index &* 11) }
    let inputs = [UnsafeRawBufferPointer(rebasing: memory[..<1152])]
    let outputs = [UnsafeMutableRawBufferPointer(rebasing: memory[1152...])]
    try session.run(inputs, into: outputs)
    let before = ferry_allocation_count()
    for _ in 0..<3 { try session.run(inputs, into: outputs) }
    #expect(ferry_allocation_count() == before)
    #expect(throws: ModelError.self) { try session.run([UnsafeRawBufferPointer(memory)], into: outputs) }
  }
}
