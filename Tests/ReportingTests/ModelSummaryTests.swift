import FormatSupport
import ModelGraph
import Reporting
import TestSupport
import Testing

struct ModelSummaryTests {
  /// Convolution without bias, batch norm, ReLU6, an operator that nobody knows.
  private static func program() throws(ModelError) -> Program {
    var random = SeededGenerator(seed: 3)
    var builder = GraphBuilder(name: "main")
    let x = builder.input(
      name: "x", type: TensorType(.float32, .ranked([.symbolic("N"), .fixed(8), .fixed(8), .fixed(3)])))
    let filter = builder.constant(name: "filter", try Tensor(random.floats(4 * 9 * 3), shape: [4, 3, 3, 3]))
    var norm: [ValueID?] = []
    for (name, isTrainable) in [("gamma", true), ("beta", true), ("mean", false), ("variance", false)] {
      let ones = try Tensor([Float](repeating: 1, count: 4), shape: [4])
      norm.append(builder.constant(name: name, ones, isTrainable: isTrainable))
    }
    let conv = try builder.add(
      .conv2D(Conv2D(strides: Size2D(2), padding: .same(.upper))), name: "conv", inputs: [x, filter],
      origin: [SourceNode(name: "stem/conv", operatorName: "Conv2D", index: 0)])[0]
    let normalized = try builder.add(
      .batchNorm(BatchNorm(epsilon: 1e-3, axis: 3)), name: "bn", inputs: [conv] + norm)[0]
    let clamped = try builder.add(.clamp(Clamp(.relu6)), name: "relu", inputs: [normalized])[0]
    let odd = try builder.add(
      .opaque(
        OpaqueOp(
          domain: "custom", operatorName: "Frobnicate\u{1B}", version: 2,
          statedOutputTypes: [TensorType(.float32, .unranked)], reason: "nobody knows it")),
      name: "odd", inputs: [clamped], origin: [SourceNode(name: "odd", operatorName: "Frobnicate", index: 3)])[0]
    builder.output(odd, name: "y")
    var program = try Program(
      graphs: [try builder.build()], source: "Test 1",
      findings: [Finding(.warning, code: "odd", "something is odd", fix: "do it again")])
    program.optimizerParameterCount = 1234
    return program
  }

  @Test func totals() throws {
    let summary = ModelSummary(try Self.program(), name: "model.test")
    #expect(summary.parameters.trainable == 108 + 8)
    #expect(summary.parameters.nonTrainable == 8)
    #expect(summary.foldedParameters == 108 + 4)
    #expect(summary.batchNormCount == 1)
    #expect(summary.multiplyAccumulates == 4 * 4 * 4 * 27)
    #expect(summary.weightBytes == [.float32: 4 * 124])
    #expect(summary.operatorCounts == ["conv2d": 1, "batchNorm": 1, "clamp": 1, "opaque": 1])
    #expect(summary.layers[0].name == "stem/conv")
    #expect(summary.layers[0].detail == "3×3 stride 2 same")
    #expect(summary.opaqueOperators.map(\.reason) == ["nobody knows it"])
  }

  @Test func text() throws {
    let text = ModelSummary(try Self.program(), name: "model.test").text(.plain)
    for part in [
      "model.test  Test 1", "stem/conv", "[N, 4, 4, 4]", "112  (1 batch norm)", "1,728", "something is odd",
      "do it again", "nobody knows it",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("\u{1B}"))
  }

  @Test func json() throws {
    let summary = ModelSummary(try Self.program(), name: "model.test")
    let text = summary.rendered(as: .json)
    #expect(text == summary.rendered(as: .json))
    let object = try JSONParser.parse(text).objectValue
    #expect(object?["schema"]?.stringValue == "ferry.summary/1")
    #expect(object?["totals"]?.objectValue?["batchNormFolded"]?.integerValue == 112)
    #expect(object?["layers"]?.arrayValue?.count == 4)
    #expect(object?["layers"]?.arrayValue?.first?.objectValue?["sourceOperator"]?.stringValue == "Conv2D")
  }

  @Test func otherFormats() throws {
    let summary = ModelSummary(try Self.program(), name: "model.test")
    let rows = summary.rendered(as: .csv).split(separator: "\n")
    #expect(rows.count == 1 + 4 + 5)
    #expect(
      rows.suffix(5) == [
        ",total,parameters,,124,1728", ",total,trainable,,116,", ",total,non-trainable,,8,",
        ",total,batch norm folded,,112,", ",total,optimizer,,1234,",
      ])
    let markdown = summary.rendered(as: .markdown)
    #expect(markdown.contains("| stem/conv | conv2d |"))
    #expect(markdown.contains("| optimizer | 1,234 "))
  }

  @Test func anOptimizersStateIsNoParameter() throws {
    let summary = ModelSummary(try Self.program(), name: "model.test")
    #expect(summary.optimizerParameterCount == 1234)
    #expect(summary.parameters.total == 124)
    #expect(summary.text(.plain).contains("\noptimizer             1,234"))
    let totals = try JSONParser.parse(summary.rendered(as: .json)).objectValue?["totals"]?.objectValue
    #expect(totals?["optimizer"]?.integerValue == 1234)
  }
}
