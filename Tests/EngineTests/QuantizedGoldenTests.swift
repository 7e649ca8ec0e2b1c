import Engine
import FormatSupport
import ModelGraph
import Passes
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// Each case of `quantized_operators.tflite` (`make_quantized.py`) in the engine, against the interpreter, which other tests hold to
/// LiteRT's own reference kernels.
@Suite struct QuantizedGoldenTests {
  @Test func everyCaseGivesTheInterpretersCounts() throws {
    let file = try MappedFile(path: Golden.path("TFLite/quantized_operators.tflite"))
    let program = try TFLiteFormat.read(file, options: .standard)
    let answers = try NPZFile(path: Golden.path("TFLite/quantized_operators.npz"))
    var exact = 0
    for signature in program.signatures {
      let key = signature.name
      let graph = try PassPipeline.canonical.run(program.graphs[signature.graph]).graph
      let inputs = try graph.inputs.map { port in try answers.tensor(named: "\(key).\(port.name)") }
      let meaning = try ReferenceInterpreter(graph).run(inputs)[0]
      for set in instructionSets {
        for threads in [1, 2] {
          let options = EngineOptions(instructionSet: set, threads: threads)
          let result = try Engine(graph: graph, options: options).run(inputs)[0]
          #expect(try result.isIdentical(to: meaning), "\(set) \(threads) \(key)")
        }
      }
      exact += 1
    }
    #expect(exact >= 210)
  }

  /// A network of the official converter: 16-bit activations, 8-bit weights, 64-bit biases (`make_int16x8.py`).
  @Test func aNetworkOf16BitCountsGivesTheInterpretersCountsAtEveryLayer() throws {
    let file = try MappedFile(path: Golden.path("TFLite/int16x8.tflite"))
    let graph = try PassPipeline.canonical.run(try TFLiteFormat.read(file, options: .standard).mainGraph).graph
    let archive = try NPZFile(path: Golden.path("TFLite/int16x8.npz"))
    let input = try archive.tensor(named: "input")
    var expected: [NodeID: Tensor] = [:]
    _ = try ReferenceInterpreter(graph).run([input]) { (node, outputs) throws(ModelError) in
      expected[node.id] = outputs[0]
    }
    var seen = 0
    for threads in [1, 2] {
      let outputs = try Engine(graph: graph, options: EngineOptions(threads: threads)).run([input]) {
        (node, outputs) throws(ModelError) in
        seen += 1
        let same = try expected[node.id].map { (tensor) throws(ModelError) in try outputs[0].isIdentical(to: tensor) }
        #expect(same == true, "\(node.name)")
      }
      // The last tensor of the file is its output.
      #expect(try outputs[0].integers() == archive.tensor(named: "37").integers())
    }
    #expect(seen == 2 * graph.nodes.count)
  }
}
