@testable import Ferry
import ModelGraph
import NativeFormat
import TestSupport
import Testing

/// Which outputs are classes, and how they rank.
@Suite struct ClassCountTests {
  private let folder = TemporaryFolder()
  private let none = Preprocessing(geometry: .stretched, divisor: 1, means: [0, 0, 0], deviations: [1, 1, 1])

  /// A network of [1, 2, 2, 3], read from a file.
  private func model(_ operators: [Op]) throws -> Model {
    var builder = GraphBuilder(name: "small")
    var value = builder.input(name: "x", type: TensorType(.float32, [1, 2, 2, 3]))
    for (index, op) in operators.enumerated() {
      value = try builder.add(op, name: "node\(index)", inputs: [value])[0]
    }
    builder.output(value, name: "y")
    let path = folder.path("small.safetensors")
    try NativeFormat.write(
      Program(graphs: [try builder.build()], source: "test"),
      provenance: Provenance(sourceSHA256: nil, sourceFormat: "test", passes: []), to: path, replacing: true)
    return try Model(contentsOf: path)
  }

  /// [1, 3], [1, 1, 1, 3] and [1, 3, 1, 1].
  @Test func axesOfOneAreNoClasses() throws {
    let pool = Op.globalPool(GlobalPool(.average, keepsAxes: true))
    for operators in [
      [Op.globalPool(GlobalPool(.average, keepsAxes: false))], [pool], [pool, .transpose(Transpose([0, 3, 1, 2]))],
    ] {
      let model = try model(operators)
      let carrying = try model.carrying(labels: ["a", "b", "c"], preprocessing: none)
      #expect(try ImageClassifier(carrying).labels == ["a", "b", "c"])
      for labels in [["a"], ["a", "b", "c", "d"]] {
        let stored = #expect(throws: ModelError.self) { try model.carrying(labels: labels, preprocessing: nil) }
        let said = #expect(throws: ModelError.self) {
          try ImageClassifier(model, labels: labels, preprocessing: none)
        }
        #expect(stored?.code == .usage && stored?.message == said?.message)
        #expect(stored?.message == "\(labels.count) labels for 3 classes")
      }
    }
  }

  @Test func aMapIsNoListOfScores() throws {
    let model = try model([.clamp(Clamp(.relu))])
    for labels in [["a", "b", "c"], [String](repeating: "a", count: 12)] {
      let stored = #expect(throws: ModelError.self) { try model.carrying(labels: labels, preprocessing: nil) }
      let said = #expect(throws: ModelError.self) { try ImageClassifier(model, labels: labels, preprocessing: none) }
      #expect(stored?.code == .unsupported && said?.code == .unsupported && stored?.message == said?.message)
      #expect(stored?.message.contains("no list of scores") == true)
    }
  }

  /// log(red − 1), log(green − 1), log(blue − 1) of an image without red and with more green than blue.
  @Test func scoresThatAreNoNumbersComeLast() throws {
    var builder = GraphBuilder(name: "logarithms")
    let input = builder.input(name: "x", type: TensorType(.float32, [1, 1, 1, 3]))
    let one = builder.constant(name: "one", try Tensor([1 as Float], shape: [1]))
    let less = try builder.add(.binary(Binary(.subtract)), name: "less", inputs: [input, one])
    let logarithm = try builder.add(.unary(Unary(.logarithm)), name: "log", inputs: [less[0]])
    builder.output(logarithm[0], name: "y")
    let path = folder.path("log.safetensors")
    try NativeFormat.write(
      Program(graphs: [try builder.build()], source: "test"),
      provenance: Provenance(sourceSHA256: nil, sourceFormat: "test", passes: []), to: path, replacing: true)
    let classifier = try ImageClassifier(Model(contentsOf: path), preprocessing: none)
    let image = try #require(Image(width: 1, height: 1, pixels: [0, 9, 5]))
    let scores = try classifier.scores(of: image)
    #expect(scores[0].isNaN)
    #expect(ImageClassifier.ranking(scores) == [1, 2, 0])
    #expect(ImageClassifier.ranking([.nan, 1, .nan, 2, 1, -.infinity]) == [3, 1, 4, 5, 0, 2])
  }
}
