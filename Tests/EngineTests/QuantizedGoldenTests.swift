import Engine
import FormatSupport
import ModelGraph
import Passes
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// Each case of `quantized_operators.tflite` in the engine, against LiteRT's own reference kernels (`make_quantized.py`).
@Suite struct QuantizedGoldenTests {
  /// Cases without a kernel here, whose operators the engine names.
  static let lacking: Set<String> = ["dense_int4"]

  @Test func everyCaseAnswersAsTheReferenceKernelsDo() throws {
    let file = try MappedFile(path: Golden.path("TFLite/quantized_operators.tflite"))
    let program = try TFLiteFormat.read(file, options: .standard)
    let answers = try NPZFile(path: Golden.path("TFLite/quantized_operators.npz"))
    var lacking: Set<String> = []
    var exact = 0
    for signature in program.signatures {
      let key = signature.name
      let graph = try PassPipeline.canonical.run(program.graphs[signature.graph]).graph
      let inputs = try graph.inputs.map { port in try answers.tensor(named: "\(key).\(port.name)") }
      let expected = try answers.tensor(named: "\(key).output0")
      let meaning = try ReferenceInterpreter(graph).run(inputs)[0]
      for set in instructionSets {
        guard let result = try answer(graph, set, inputs, key, &lacking) else { continue }
        #expect(result.extents == expected.extents, "\(key)")
        if result.elementType.isFloatingPoint {
          #expect(Difference(try result.doubles(), try expected.doubles()).relativeToLargest <= 1e-6, "\(key)")
          continue
        }
        #expect(try result.isIdentical(to: meaning), "\(set) \(key): the interpreter")
        let count = zip(try result.integers(), try expected.integers()).count { $0 != $1 }
        #expect(count == 0, "\(set) \(key): \(count) of \(result.elementCount) differ")
        exact += 1
      }
    }
    #expect(lacking == Self.lacking)
    #expect(exact >= 3 * 120)
  }

  /// The engine's answer; nil where it lacks a kernel.
  private func answer(
    _ graph: Graph, _ set: InstructionSet, _ inputs: [Tensor], _ key: String, _ lacking: inout Set<String>
  ) throws(ModelError) -> Tensor? {
    do throws(ModelError) {
      return try Engine(graph: graph, options: EngineOptions(instructionSet: set)).run(inputs)[0]
    } catch {
      guard error.code == .unsupported else { throw error }
      if lacking.insert(key).inserted { print("without a kernel: \(key): \(error.message)") }
      return nil
    }
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
