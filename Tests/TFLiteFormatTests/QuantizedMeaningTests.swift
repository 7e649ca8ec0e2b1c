import FormatSupport
import ModelGraph
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// Each case of `quantized_operators.tflite` through the importer and the interpreter, against LiteRT's reference kernels
/// (`make_quantized.py`): counts bit for bit, real numbers that come out of integer weights within their rounding.
struct QuantizedMeaningTests {
  @Test func everyCaseAnswersAsTheReferenceKernelsDo() throws {
    let program = try TFLiteGolden.program("quantized_operators")
    #expect(program.findings == [])
    let answers = try NPZFile(path: Golden.path("TFLite/quantized_operators.npz"))
    var exact = 0
    var near = 0
    for signature in program.signatures {
      let key = signature.name
      let graph = program.graphs[signature.graph]
      let inputs = try graph.inputs.map { port in try answers.tensor(named: "\(key).\(port.name)") }
      let expected = try answers.tensor(named: "\(key).output0")
      let result: Tensor
      do { result = try ReferenceInterpreter(graph).run(inputs)[0] } catch {
        Issue.record("\(key): \(error)")
        continue
      }
      #expect(result.extents == expected.extents, "\(key)")
      #expect(result.elementType == expected.elementType, "\(key)")
      if result.elementType.isFloatingPoint {
        let difference = Difference(try result.doubles(), try expected.doubles())
        #expect(difference.relativeToLargest <= 1e-6, "\(key): \(difference)")
        near += 1
      } else {
        let (actual, wanted) = (try result.integers(), try expected.integers())
        let first = zip(actual, wanted).enumerated().first { $1.0 != $1.1 }
        let count = zip(actual, wanted).count { $0 != $1 }
        #expect(count == 0, "\(key): \(count) of \(actual.count) differ, first \(String(describing: first))")
        exact += 1
      }
    }
    #expect(exact >= 193)
    #expect(near >= 17)
  }

  /// A network of the official converter: 16-bit activations, 8-bit weights, 64-bit biases (`make_int16x8.py`).
  @Test func everyOperatorOfA16BitNetworkIsBitIdentical() throws {
    let archive = try NPZFile(path: Golden.path("TFLite/int16x8.npz"))
    let compared = try OperatorOutputs(path: TFLiteGolden.path("int16x8")).compare(
      with: archive, input: try archive.tensor(named: "input"), keyDigits: 1)
    #expect(compared == Set(archive.names).subtracting(["input"]))
    #expect(compared.count == 15)
    let graph = try TFLiteGolden.program("int16x8").mainGraph
    #expect(graph.values.contains { $0.constant?.elementType == .int64 && $0.type.quantization != nil })
  }
}
