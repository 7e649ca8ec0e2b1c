import FormatSupport
public import Images
public import ModelGraph
public import Reporting
import Verification

/// Runs a network on images and names what it sees.
public struct ImageClassifier {
  /// Keys under which a native file carries what classification needs.
  static let labelsKey = "ferry.labels"
  static let preprocessingKey = "ferry.preprocess"

  public let preprocessing: Preprocessing
  /// One name a class; empty when there are none.
  public let labels: [String]
  private let model: Model
  private let runner: EngineRunner

  /// - Parameters:
  ///   - labels: nil takes what the file carries, if anything.
  ///   - preprocessing: nil takes what the file carries; there is no other default.
  /// - Throws: `.usage` without preprocessing, or when the labels are not as many as the classes; `.unsupported` for a network
  ///   with several inputs or outputs, or whose output has more than one axis that classes could lie along.
  public init(_ model: Model, labels: [String]? = nil, preprocessing: Preprocessing? = nil) throws(ModelError) {
    let executable = try model.executable()
    let graph = executable.graph
    guard graph.inputs.count == 1 else {
      throw ModelError(.unsupported, "a network with \(graph.inputs.count) inputs classifies no image")
    }
    let carried = try Self.carriedPreprocessing(model)
    guard let preprocessing = preprocessing ?? carried else {
      throw ModelError(
        .usage, "how images are prepared for '\(model.name)' is not known",
        hint: "say --preprocess tf, torch, keras128, none, or a file; 'convert --preprocess' stores it")
    }
    self.preprocessing = preprocessing
    self.labels = labels ?? Self.carriedLabels(model)
    let signature = graph.signatureType(graph.inputs[0])
    let shape = try Self.imageShape(signature, graph.inputs[0].name)
    let specialized = try graph.specialized(inputShapes: [shape])
    self.model = Model(
      executable, program: executable.program.with(mainGraph: specialized), provenance: executable.startingProvenance)
    runner = try EngineRunner(specialized)
    guard let classes = try specialized.classCount() else {
      let output = specialized.signatureType(specialized.outputs[0])
      throw ModelError(.unsupported, "the output \(output) has no fixed size")
    }
    if !self.labels.isEmpty { try Self.requireAsMany(self.labels, as: classes) }
  }

  /// The classes of one image, the likeliest first.
  ///
  /// - Throws: what decoding throws; `.inputOutput` and `.noInput` for files that cannot be read.
  public func classify(imageAt path: String, top count: Int = 5) throws(ModelError) -> ClassificationReport.Image {
    let file = try MappedFile(path: path)
    return try within(.file(path)) { () throws(ModelError) in
      let image = try ImageDecoder.decode(file)
      let scores = try scores(of: image)
      let order = Self.ranking(scores).prefix(max(count, 0))
      return ClassificationReport.Image(
        path: path, width: image.width, height: image.height,
        classes: order.map { index in
          ClassificationReport.Class(
            index: index, label: labels.indices.contains(index) ? labels[index] : nil, score: scores[index])
        }, notANumberCount: scores.count { $0.isNaN })
    }
  }

  /// The classes by falling score, equal ones by their index; those whose score is NaN, which has no place among numbers, last.
  static func ranking(_ scores: [Float]) -> [Int] {
    scores.indices.sorted { first, second in
      let (left, right) = (scores[first], scores[second])
      if left.isNaN || right.isNaN { return left.isNaN == right.isNaN ? first < second : right.isNaN }
      return (left, second) > (right, first)
    }
  }

  /// What the network answers for an image, one number a class.
  public func scores(of image: Image) throws(ModelError) -> [Float] {
    let input = model.graph.inputs[0]
    let tensor = try preprocessing.tensor(image, signature: model.graph.signatureType(input))
    let output = try runner.run([tensor])[0]
    guard case .perTensor(let scale, let zeroPoint)? = output.type.quantization else { return try output.floats() }
    return try output.integers().map { scale * Float($0 - Int(zeroPoint)) }
  }

  /// - Throws: `.usage` when the labels are not as many as the classes.
  fileprivate static func requireAsMany(_ labels: [String], as classes: Int) throws(ModelError) {
    guard labels.count != classes else { return }
    throw ModelError(
      .usage, "\(labels.count) labels for \(classes) classes",
      hint: labels.count == classes + 1 && labels[0] == "background"
        ? "the first label is 'background', which this network does not have: remove it" : nil)
  }

  /// The signature's extents with a batch of one.
  private static func imageShape(_ signature: TensorType, _ name: String) throws(ModelError) -> [Int] {
    guard let dimensions = signature.shape.dimensions, dimensions.count == 4 else {
      throw ModelError(.unsupported, "the input '\(name)' \(signature) is no image")
    }
    if dimensions[0].fixedValue ?? 1 != 1 {
      throw ModelError(.unsupported, "the input '\(name)' takes a batch of \(dimensions[0])")
    }
    var extents = [1]
    for dimension in dimensions.dropFirst() {
      guard let extent = dimension.fixedValue else {
        throw ModelError(
          .unsupported, "the input '\(name)' \(signature) has no fixed size", hint: "fix it with --input-shape")
      }
      extents.append(extent)
    }
    return extents
  }

  private static func carriedPreprocessing(_ model: Model) throws(ModelError) -> Preprocessing? {
    guard let text = model.program.metadata[preprocessingKey] else { return nil }
    return try Preprocessing(json: JSONParser.parse(text))
  }

  private static func carriedLabels(_ model: Model) -> [String] {
    model.program.metadata[labelsKey].map(LabelsFile.lines) ?? []
  }
}

extension Model {
  /// The same model carrying labels and preprocessing, so that a native file needs nothing beside it.
  ///
  /// - Throws: `.usage` when the labels are not as many as the classes; `.unsupported` where ``ImageClassifier`` would not know which
  ///   outputs are classes.
  public func carrying(labels: [String]?, preprocessing: Preprocessing?) throws(ModelError) -> Model {
    var program = program
    if let labels {
      if let classes = try graph.classCount() { try ImageClassifier.requireAsMany(labels, as: classes) }
      program.metadata[ImageClassifier.labelsKey] = labels.joined(separator: "\n")
    }
    if let preprocessing {
      program.metadata[ImageClassifier.preprocessingKey] = JSONWriter.text(preprocessing.json)
    }
    return Model(self, program: program, provenance: startingProvenance)
  }
}

extension Graph {
  /// How many classes the only output tells apart for one image; nil where its extent is open.
  ///
  /// - Throws: `.unsupported` for several outputs, and for one with more than one axis that classes could lie along: [1, 1001] and
  ///   [1, 1001, 1, 1] are scores, [1, 64, 64, 3] is none.
  fileprivate func classCount() throws(ModelError) -> Int? {
    guard outputs.count == 1 else {
      throw ModelError(.unsupported, "a network with \(outputs.count) outputs tells no classes apart")
    }
    let type = signatureType(outputs[0])
    guard var axes = type.shape.dimensions else { return nil }
    // An open first extent is the batch's.
    if axes.count > 1, axes[0].fixedValue == nil { axes.removeFirst() }
    let extents = axes.map(\.fixedValue).filter { $0 != 1 }
    guard extents.count <= 1 else {
      throw ModelError(
        .unsupported, "the output '\(outputs[0].name)' \(type) is no list of scores: this network classifies no image")
    }
    return extents.first ?? 1
  }
}
