import ModelGraph
import Structure
import TestSupport
import Testing

/// A fault put into a sound network, and the one finding that must name it.
struct PlantedFault: CustomTestStringConvertible, Sendable {
  let name: String
  let code: String
  /// A part of the message.
  let words: String
  /// The Keras name of the layer that must be among the finding's source nodes.
  let layer: String
  let isError: Bool
  /// Whether the fault is still visible once batch norms are folded.
  let survivesFolding: Bool
  let plant: @Sendable (inout GraphEdit, Graph) throws -> Void

  init(
    _ name: String, code: String, words: String, layer: String, isError: Bool = true, survivesFolding: Bool = true,
    plant: @escaping @Sendable (inout GraphEdit, Graph) throws -> Void
  ) {
    self.name = name
    self.code = code
    self.words = words
    self.layer = layer
    self.isError = isError
    self.survivesFolding = survivesFolding
    self.plant = plant
  }

  var testDescription: String { name }

  static func constant(_ shape: [Int]) throws -> Tensor { try MobileNetV2CheckTests.varied(.stem, .kernel, shape) }

  /// Changes the attributes of a convolution.
  static func editing(_ node: String, _ change: @escaping @Sendable (inout Conv2D) -> Void)
    -> @Sendable (inout GraphEdit, Graph) throws -> Void
  {
    { edit, graph in
      guard let found = graph.nodes.first(where: { $0.name == node }), case .conv2D(var conv) = found.op else {
        throw ModelError(.internalFault, "no convolution '\(node)'")
      }
      change(&conv)
      edit.operators[node] = .conv2D(conv)
    }
  }

  /// Gives a block another number of expanded channels.
  static func expanding(_ block: Int, _ input: Int, _ expanded: Int, _ output: Int)
    -> @Sendable (inout GraphEdit, Graph) throws -> Void
  {
    { edit, graph in
      let prefix = "block_\(block)_"
      edit.constants["\(prefix)expand/kernel"] = try constant([1, 1, input, expanded])
      edit.constants["\(prefix)depthwise/kernel"] = try constant([3, 3, expanded, 1])
      edit.constants["\(prefix)project/kernel"] = try constant([1, 1, expanded, output])
      for norm in ["expand_BN", "depthwise_BN"] {
        for parameter in ["gamma", "beta", "movingMean", "movingVariance"] {
          edit.constants["\(prefix)\(norm)/\(parameter)"] = try constant([expanded])
        }
      }
      try editing("\(prefix)depthwise") { $0.groups = expanded }(&edit, graph)
    }
  }

  /// At 96×96 input, width 1: block 7 works on 64 channels, 6×6.
  static let all: [PlantedFault] = [
    PlantedFault(
      "activated projection", code: "activated-projection", words: "block_4 project", layer: "block_4_project"
    ) { edit, _ in edit.appended["block_4_project_BN"] = .clamp(Clamp(.relu6)) },
    PlantedFault("missing skip", code: "missing-skip", words: "block_5", layer: "block_5_project") { edit, _ in
      // The sum becomes a copy of the projection.
      edit.dropped.insert("block_5_add")
      edit.rewired.append(("block_5_add", 0, "block_5_project_BN"))
    },
    PlantedFault("misplaced skip", code: "misplaced-skip", words: "block_9", layer: "block_9_add") { edit, _ in
      edit.rewired.append(("block_9_add", 0, "block_7_add"))
    },
    PlantedFault("activated sum", code: "activated-sum", words: "block_8", layer: "block_8_add") { edit, _ in
      edit.appended["block_8_add"] = .clamp(Clamp(.relu))
    },
    PlantedFault(
      "other expansion", code: "wrong-expansion", words: "expected factor 6 (384 channels), found factor 4 (256)",
      layer: "block_7_expand", plant: expanding(7, 64, 256, 64)),
    PlantedFault(
      "channels off the grid", code: "off-grid-channels", words: "block_7 expand: expected 384 channels, found 392",
      layer: "block_7_expand", plant: expanding(7, 64, 392, 64)),
    PlantedFault(
      "stride in the expansion", code: "misplaced-stride", words: "block_16 expand", layer: "block_16_expand",
      plant: editing("block_16_expand") { $0.strides = Size2D(2) }),
    PlantedFault(
      "stride where none belongs", code: "wrong-stride", words: "block_16 depthwise: expected stride 1",
      layer: "block_16_depthwise", plant: editing("block_16_depthwise") { $0.strides = Size2D(2) }),
    PlantedFault("depthwise that is not", code: "not-depthwise", words: "block_3 depthwise", layer: "block_3_depthwise")
    {
      edit, graph in
      edit.constants["block_3_depthwise/kernel"] = try constant([3, 3, 2, 144])
      try editing("block_3_depthwise") {
        $0.groups = 72
        $0.filterLayout = .heightWidthInputOutput
      }(&edit, graph)
    },
    PlantedFault("dense instead of depthwise", code: "not-depthwise", words: "a dense one", layer: "block_2_depthwise")
    {
      edit, graph in
      edit.constants["block_2_depthwise/kernel"] = try constant([3, 3, 144, 144])
      try editing("block_2_depthwise") {
        $0.groups = 1
        $0.filterLayout = .heightWidthInputOutput
      }(&edit, graph)
    },
    PlantedFault(
      "five by five", code: "wrong-kernel", words: "expected a 3×3 kernel, found 5×5", layer: "block_4_depthwise"
    ) { edit, _ in edit.constants["block_4_depthwise/kernel"] = try constant([5, 5, 192, 1]) },
    PlantedFault(
      "ReLU for ReLU6", code: "relu-instead-of-relu6", words: "block_6 expand", layer: "block_6_expand", isError: false
    ) { edit, _ in edit.operators["block_6_expand_relu"] = .clamp(Clamp(.relu)) },
    PlantedFault(
      "no activation", code: "missing-activation", words: "block_6 depthwise", layer: "block_6_depthwise"
    ) { edit, _ in edit.dropped.insert("block_6_depthwise_relu") },
    PlantedFault("hard-swish", code: "other-activation", words: "found hard-swish", layer: "block_10_expand") {
      edit, _ in
      edit.operators["block_10_expand_relu"] = .unary(Unary(.hardSwish))
    },
    PlantedFault(
      "no batch norm", code: "missing-batch-norm", words: "block_11 project", layer: "block_11_project", isError: false,
      survivesFolding: false
    ) { edit, _ in edit.dropped.insert("block_11_project_BN") },
    PlantedFault(
      "another epsilon", code: "other-epsilon", words: "block_12 expand", layer: "block_12_expand", isError: false,
      survivesFolding: false
    ) { edit, _ in edit.operators["block_12_expand_BN"] = .batchNorm(BatchNorm(epsilon: 1e-5, axis: 3)) },
    PlantedFault(
      "padding of another family", code: "wrong-padding", words: "block_6 depthwise", layer: "block_6_depthwise"
    ) {
      edit, _ in edit.operators["block_6_depthwise_pad"] = .pad(Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0]))
    },
    PlantedFault(
      "shifted padding", code: "wrong-padding", words: "found [2, 2, 0, 0]", layer: "block_8_depthwise",
      plant: editing("block_8_depthwise") {
        $0.padding = .explicit(EdgeInsets(top: 2, left: 2, bottom: 0, right: 0))
      }),
    PlantedFault(
      "dilation", code: "wrong-dilation", words: "block_15 depthwise", layer: "block_15_depthwise",
      plant: editing("block_15_depthwise") { $0.dilation = Size2D(2) }),
    PlantedFault(
      "dead channel", code: "dead-channels", words: "1 of 24 output channels", layer: "block_2_project", isError: false
    ) { edit, graph in
      let kernel = try #require(graph.values.first { $0.name == "block_2_project/kernel" }?.constant)
      var weights = try kernel.floats()
      for input in 0..<144 { weights[input * 24 + 5] = 0 }
      edit.constants["block_2_project/kernel"] = try Tensor(weights, shape: [1, 1, 144, 24])
    },
  ]
}
