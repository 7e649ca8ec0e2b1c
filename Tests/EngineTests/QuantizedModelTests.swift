import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Quantized files of other people: the engine gives the counts that their own runtime's reference kernels give, and at every
/// layer those of the interpreter.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment), .serialized)
struct QuantizedModelTests {
  struct Model: Sendable, CustomTestStringConvertible {
    let file: String
    let reference: String
    var inputs = ["cat", "random"]

    var testDescription: String { file }
  }

  static let models = [
    Model(file: "imagenet/mobilenetv2_torchvision_int8.tflite", reference: "mobilenetv2_torchvision_int8"),
    Model(file: "hosted/mobilenet_v2_1.0_224_quant.tflite", reference: "mobilenet_v2_1.0_224_quant"),
    Model(file: "hosted/tf2_mobilenet_v2_1.0_224_ptq.tflite", reference: "tf2_mobilenet_v2_1.0_224_ptq"),
    Model(file: "other/vww_96_int8.tflite", reference: "vww_96_int8"),
    Model(file: "other/resnet8_cifar_int8.tflite", reference: "resnet8_cifar_int8"),
    Model(
      file: "hosted/deeplabv3_mnv2_dm05_pascal_quant.tflite", reference: "deeplabv3_mnv2_dm05_pascal_quant",
      inputs: ["cat"]),
  ]

  /// Networks of ONNX's arithmetic, whose own runtime is no judge of it.
  static let onnxModels = [
    Model(file: "imagenet/mobilenetv2_torchvision_qdq.onnx", reference: "mobilenetv2_torchvision_qdq"),
    Model(file: "imagenet/mobilenetv2_torchvision_qoperator.onnx", reference: "mobilenetv2_torchvision_qoperator"),
  ]

  @Test(arguments: models) func countsAreThoseOfTheReferenceKernels(model: Model) throws {
    let engine = try Engine(graph: try RealModelTests.canonicalGraph(model.file))
    for name in model.inputs {
      let input = try SharedModels.reference(model.reference, "\(name)_input")
      let expected = try SharedModels.reference(model.reference, "\(name)_out0_refkernels")
      let outputs = try engine.run([input])
      #expect(outputs.count == 1 && outputs[0].extents == expected.extents)
      let differing = zip(try outputs[0].integers(), try expected.integers()).filter { $0 != $1 }.count
      #expect(differing == 0, "\(name): \(differing) of \(expected.elementCount) differ")
    }
  }

  /// Int8 weights between real numbers, beside the networks of counts.
  static let hybridModels = [
    Model(
      file: "imagenet/mobilenetv2_torchvision_dynrange.tflite", reference: "mobilenetv2_torchvision_dynrange"),
    Model(
      file: "hosted/mobilenet_v2_035_96_embedder_with_metadata.tflite",
      reference: "mobilenet_v2_035_96_embedder_with_metadata"),
  ]

  @Test(arguments: models + onnxModels) func everyLayerGivesTheCountsOfTheInterpreter(model: Model) throws {
    let graph = try RealModelTests.canonicalGraph(model.file)
    for name in model.inputs {
      let input = try SharedModels.reference(model.reference, "\(name)_input")
      var expected: [NodeID: [Tensor]] = [:]
      let results = try ReferenceInterpreter(graph).run([input]) { (node, outputs) throws(ModelError) in
        expected[node.id] = outputs
      }
      for set in instructionSets {
        let engine = try Engine(graph: graph, options: EngineOptions(instructionSet: set))
        var seen = 0
        let outputs = try engine.run([input]) { (node, tensors) throws(ModelError) in
          seen += 1
          let same = try zip(tensors, expected[node.id] ?? []).map { (a, b) throws(ModelError) in
            try a.isIdentical(to: b)
          }
          #expect(same == tensors.map { _ in true }, "\(set) \(node.name)")
        }
        #expect(seen == graph.nodes.count)
        for (output, result) in zip(outputs, results) { #expect(try output.isIdentical(to: result)) }
      }
      let shared = try Engine(graph: graph, options: EngineOptions(threads: 2)).run([input])
      for (output, result) in zip(shared, results) { #expect(try output.isIdentical(to: result)) }
    }
  }

  /// Each operator fed what the interpreter's graph feeds it: those that meet integer weights give the same bits, the others,
  /// which compute with real numbers, nearly the same.
  @Test(arguments: hybridModels) func hybridOperatorsGiveTheNumbersOfTheInterpreter(model: Model) throws {
    let graph = try RealModelTests.canonicalGraph(model.file)
    let engine = try Engine(graph: graph)
    let input = try SharedModels.reference(model.reference, "cat_input")
    var values: [ValueID: Tensor] = [graph.inputs[0].value: input]
    var hybrid = 0
    _ = try ReferenceInterpreter(graph).run([input]) { (node, outputs) throws(ModelError) in
      let operands = node.inputs.map { $0.flatMap { graph[$0].constant ?? values[$0] } }
      for (id, output) in zip(node.outputs, outputs) { values[id] = output }
      let isHybrid = node.inputs.contains { $0.map { graph[$0].type.quantization != nil } ?? false }
      for (result, output) in zip(try engine.evaluate(node, inputs: operands), outputs) {
        if isHybrid {
          hybrid += 1
          #expect(try result.isIdentical(to: output), "\(node.name)")
        } else {
          #expect(Difference(try result.floats(), try output.floats()).relativeToLargest <= 1e-5, "\(node.name)")
        }
      }
    }
    #expect(hybrid > 20)
  }
}

extension Tensor {
  /// Whether type and bytes are the same.
  func isIdentical(to other: Tensor) throws(ModelError) -> Bool {
    guard type == other.type else { return false }
    return try withUnsafeBytes { (a) throws(ModelError) in
      try other.withUnsafeBytes { (b) throws(ModelError) in a.elementsEqual(b) }
    }
  }
}
