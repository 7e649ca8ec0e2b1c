import ModelGraph
import Passes
import Testing

@Suite struct DequantizeConstantsTests {
  /// x + dequantize(c), and counts of x that come and go.
  private func sample() throws -> Graph {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([2, 3])
    let scales = Quantization.perAxis(axis: 0, scales: [0.5, 0.25], zeroPoints: [0, 1])
    let counts = sketch.builder.constant(
      name: "counts", try Tensor([Int8(-2), 0, 2, 1, 3, -7], type: TensorType(.int8, [2, 3], quantization: scales)))
    let real = try sketch.add(.dequantize(Dequantize()), counts, name: "real")
    let step = Quantize(to: .int8, .perTensor(scale: 0.1, zeroPoint: 0), roundsHalfToEven: true)
    let coming = try sketch.add(.quantize(step), x, name: "coming")
    let going = try sketch.add(.dequantize(Dequantize()), coming, name: "going")
    return try sketch.graph(try sketch.add(.binary(Binary(.add)), going, real, name: "sum"))
  }

  @Test func makesRealNumbersOfConstants() throws {
    let before = try sample()
    let (after, report) = try run(RulePass(DequantizeConstants()), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[2, 3]
          constant %real#1: float32[2, 3]
          %coming: int8[2, 3] {scale 0.1, zero point 0} = quantize(%x) {elementType: int8, \
        quantization: scale 0.1, zero point 0, roundsHalfToEven: true}  // 'coming' (quantize, #2)
          %going: float32[2, 3] = dequantize(%coming)  // 'going' (dequantize, #3)
          %sum: float32[2, 3] = binary(%going, %real#1) {function: add, outputClamp: unbounded}  // 'sum' (binary, #4)
          output 'y0' = %sum: float32[2, 3]
        }

        """)
    #expect(report.applied == 1 && report.rejections.isEmpty)
    let real = try #require(after.values.first { $0.name == "real#1" }?.constant)
    #expect(try real.floats() == [-1, 0, 1, 0, 0.5, -2])
    #expect(try outputDifference(before, after) == 0)
  }

  /// A constant of one number for 2³⁰ elements would be 4 GiB of them.
  @Test func leavesWhatWouldBeTooLarge() throws {
    var sketch = Sketch(seed: 2)
    let type = TensorType(.int8, [32_768, 32_768], quantization: .perTensor(scale: 1, zeroPoint: 0))
    let counts = sketch.builder.constant(name: "counts", try Tensor(type: type, splat: .integer(1)))
    let graph = try sketch.graph(try sketch.add(.dequantize(Dequantize()), counts, name: "real"))
    let (after, report) = try run(RulePass(DequantizeConstants()), graph)
    #expect(operators(after) == ["dequantize"] && report.applied == 0)
    #expect(report.rejections == [.init(node: "'real'", reason: "the result would be too large")])
  }
}
