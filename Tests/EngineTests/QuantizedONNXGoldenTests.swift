import Engine
import FormatSupport
import ModelGraph
import ONNXFormat
import Passes
import ReferenceInterpreter
import TestSupport
import Testing

/// ONNX's operators on counts in the engine, against the interpreter, which other tests hold to ONNX's definitions.
@Suite struct QuantizedONNXGoldenTests {
  private static func graph(_ bytes: Tensor, _ name: String) throws -> Graph {
    let file = MappedFile(bytes: try bytes.elements(as: UInt8.self), name: name)
    return try PassPipeline.canonical.run(try ONNXFormat.read(file, options: .standard).mainGraph).graph
  }

  /// Each model of `quantized.npz` (`make_quantized.py`), every instruction set, one thread and two.
  @Test func everyCaseGivesTheInterpretersCounts() throws {
    let archive = try NPZFile(path: Golden.path("ONNX/quantized.npz"))
    let cases = archive.names.filter { $0.hasSuffix(".model") && !$0.hasPrefix("bad.") }
      .map { String($0.dropLast(".model".count)) }
    #expect(cases.count >= 66)
    for key in cases {
      do {
        let graph = try Self.graph(try archive.tensor(named: "\(key).model"), key)
        let inputs = try graph.inputs.indices.map { try archive.tensor(named: "\(key).input\($0)") }
        let meaning = try ReferenceInterpreter(graph).run(inputs)
        for set in instructionSets {
          for threads in [1, 2] {
            let results = try Engine(graph: graph, options: EngineOptions(instructionSet: set, threads: threads))
              .run(inputs)
            #expect(results.count == meaning.count)
            for (result, expected) in zip(results, meaning) {
              #expect(try result.isIdentical(to: expected), "\(set) \(threads) \(key)")
            }
          }
        }
      } catch {
        Issue.record("\(key): \(error)")
      }
    }
  }

  /// A network that a quantizer left with DynamicQuantizeLinear, ConvInteger and MatMulInteger (`make_dynamic.py`): every
  /// operator with counts, fed what the interpreter feeds it, gives the interpreter's bits; the answer is onnx.reference's.
  @Test func aDynamicallyQuantizedNetworkGivesTheInterpretersNumbers() throws {
    let archive = try NPZFile(path: Golden.path("ONNX/dynamic.npz"))
    let graph = try Self.graph(try archive.tensor(named: "model"), "dynamic")
    let input = try archive.tensor(named: "input")
    let port = graph.inputs[0]
    var values: [ValueID: Tensor] = [port.value: try port.permutation.map { try input.transposed($0) } ?? input]
    let engines = try instructionSets.flatMap { set in
      try [1, 2].map { try Engine(graph: graph, options: EngineOptions(instructionSet: set, threads: $0)) }
    }
    var kinds: [String: Int] = [:]
    let meaning = try ReferenceInterpreter(graph).run([input]) { (node, outputs) throws(ModelError) in
      kinds[node.op.name, default: 0] += 1
      let operands = node.inputs.map { $0.flatMap { graph[$0].constant ?? values[$0] } }
      for (id, output) in zip(node.outputs, outputs) { values[id] = output }
      let isReal = (node.inputs.compactMap { $0 } + node.outputs).allSatisfy { graph[$0].type.elementType == .float32 }
      for engine in engines {
        for (result, output) in zip(try engine.evaluate(node, inputs: operands), outputs) {
          let difference = Difference(try result.doubles().map(Float.init), try output.doubles().map(Float.init))
          let agrees = try isReal ? difference.relativeToLargest <= 1e-5 : result.isIdentical(to: output)
          #expect(agrees, "\(engine.options) \(node.name): \(difference)")
        }
      }
    }
    #expect(kinds["integerConv2d"] == 5 && kinds["integerMatMul"] == 1 && kinds["dynamicQuantize"] == 6, "\(kinds)")
    let answer = try archive.tensor(named: "output")
    #expect(Difference(try meaning[0].floats(), try answer.floats()).relativeToLargest <= 1e-5)
    for engine in engines {
      #expect(Difference(try engine.run([input])[0].floats(), try answer.floats()).relativeToLargest <= 1e-5)
    }
  }
}
