import Ferry
import TestSupport
import Testing

/// A real float checkpoint, what its own runtime answered, and how near Ferry has to come.
struct RealModel: Sendable, CustomTestStringConvertible {
  enum Measure: Sendable {
    /// The largest absolute difference.
    case absolute(Double)
    /// The largest absolute difference as a share of the largest reference output.
    case ofLargest(Double)
  }

  let file: String
  let references: String
  var inputs = ["cat", "random"]
  /// Stored outputs in the order of the model's.
  var outputs = ["out0"]
  let measure: Measure
  /// Whether all terms of a layer's sums are nearly the same number, so that their rounding errors add up; see ``layerLimit``.
  var sumsEqualTerms = false
  /// Whether the largest score has to be the same one.
  var ranksClasses = true

  var testDescription: String { file }

  var path: String { SharedModels.path(file) }

  /// One ImageNet network in every format.
  static let imageNet = [
    RealModel(
      file: "imagenet/mobilenetv2_torchvision.onnx", references: "mobilenetv2_torchvision_onnx",
      measure: .absolute(3e-5)),
    RealModel(
      file: "imagenet/mobilenetv2_torchvision_bn.onnx", references: "mobilenetv2_torchvision_onnx",
      measure: .absolute(3e-5)),
    RealModel(
      file: "imagenet/mobilenetv2_torchvision.h5", references: "mobilenetv2_torchvision_keras", measure: .absolute(3e-5)
    ),
    RealModel(
      file: "imagenet/mobilenetv2_torchvision_float32.tflite", references: "mobilenetv2_torchvision_float32",
      measure: .absolute(3e-5)),
  ]

  /// Other people's float networks.
  static let others = [
    RealModel(
      file: "imagenet/mobilenetv2_torchvision_fp16.tflite", references: "mobilenetv2_torchvision_fp16",
      measure: .absolute(1e-4)),
    RealModel(
      file: "hosted/tm_fruit_model_unquant.tflite", references: "tm_fruit_model_unquant", measure: .absolute(1e-4)),
    RealModel(
      file: "hosted/deeplabv3_mnv2_float_257.tflite", references: "deeplabv3_mnv2_float_257", inputs: ["cat"],
      outputs: ["out0_refkernels"], measure: .absolute(5e-4), ranksClasses: false),
    RealModel(file: "other/vww_96_float.tflite", references: "vww_96_float", measure: .absolute(1e-4)),
    RealModel(file: "other/resnet8_cifar_float.tflite", references: "resnet8_cifar_float", measure: .ofLargest(1e-4)),
    RealModel(
      file: "other/mobilenet_v1_0.25_128_float.tflite", references: "mobilenet_v1_0.25_128_float",
      measure: .absolute(1e-4)),
    RealModel(file: "keras/vww_96.h5", references: "vww_96", measure: .absolute(1e-4)),
    RealModel(file: "keras/resnet8_cifar.h5", references: "resnet8_cifar", measure: .ofLargest(1e-4)),
  ]

  /// Networks of which only random references exist.
  static let randomOnly = [
    RealModel(
      file: "other/mediapipe_face_detection_short_range.tflite", references: "mediapipe_face_detection_short_range",
      inputs: ["random"], outputs: ["out0", "out1"], measure: .ofLargest(1e-4), ranksClasses: false),
    RealModel(
      file: "other/ultraface_rfb_320.onnx", references: "ultraface_rfb_320", inputs: ["random"],
      outputs: ["out0", "out1"], measure: .ofLargest(1e-4), ranksClasses: false),
    // Its weights are the same number everywhere.
    RealModel(
      file: "other/light_resnet50.onnx", references: "light_resnet50", inputs: ["random"], measure: .ofLargest(1e-4),
      sumsEqualTerms: true),
  ]

  /// The largest difference of one layer from the reference interpreter's, as a share of its largest element: 1e-5, the
  /// same as of outputs.
  ///
  /// Where K terms are equal, the partial sums of a float32 accumulator are 1/K, 2/K, … of the result, and each addition
  /// rounds off at most 2⁻²⁴ of its own: together at most (K + 1)/2 · 2⁻²⁴ of the result (Higham, Accuracy and Stability
  /// of Numerical Algorithms, 4.2, with all partial sums known). The interpreter sums in float64.
  func layerLimit(_ layer: LayerComparison, in graph: Graph) -> Double {
    guard sumsEqualTerms, let node = graph.nodes.first(where: { $0.name == layer.node }) else { return 1e-5 }
    switch node.op {
    case .conv2D, .fullyConnected:
      // A filter is [O, kh, kw, I], a dense matrix [O, I].
      guard let filter = graph.type(node, 1)?.shape.extents else { return 1e-5 }
      let terms = filter.dropFirst().reduce(1, *)
      return max(1e-5, Double(terms + 1) / 2 * 0x1p-24)
    default: return 1e-5
    }
  }

  /// The model converted, written as a native file, and read again.
  func nativeModel(in folder: TemporaryFolder) throws(ModelError) -> Model {
    let path = folder.path("model.safetensors")
    try Model(contentsOf: self.path).converted().model.write(to: path)
    return try Model(contentsOf: path)
  }

  func references(_ input: String, of graph: Graph) throws(ModelError) -> ReferenceSet {
    var expected: [NamedTensor] = []
    for (port, name) in zip(graph.outputs, outputs) {
      expected.append(NamedTensor(name: port.name, try SharedModels.reference(references, "\(input)_\(name)")))
    }
    return try ReferenceSet(
      inputs: [NamedTensor(try SharedModels.reference(references, "\(input)_input"))], outputs: expected, of: graph,
      name: "\(references) \(input)")
  }

  /// What has to hold of one output beside its reference.
  func expectNear(_ comparison: TensorComparison, _ label: String) {
    let metrics = comparison.metrics
    switch measure {
    case .absolute(let limit):
      #expect(metrics.maximumAbsolute <= limit, "\(label): max abs \(metrics.maximumAbsolute)")
    case .ofLargest(let limit):
      #expect(metrics.relativeToLargest <= limit, "\(label): \(metrics.relativeToLargest) of the largest")
    }
    if ranksClasses { #expect(metrics.top1Agreement == 1, "\(label): top-1") }
  }
}
