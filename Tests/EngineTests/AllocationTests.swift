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
}
