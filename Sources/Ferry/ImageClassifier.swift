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
  ///   with several inputs or outputs.
  public init(_ model: Model, labels: [String]? = nil, preprocessing: Preprocessing? = nil) throws(ModelError) {
    let executable = try model.executable()
    let graph = executable.graph
    guard graph.inputs.count == 1, graph.outputs.count == 1 else {
      throw ModelError(
        .unsupported,
        "a network with \(graph.inputs.count) inputs and \(graph.outputs.count) outputs classifies no image")
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
    let output = specialized.signatureType(specialized.outputs[0]).shape
    guard let classes = output.elementCount() else {
      throw ModelError(.unsupported, "the output \(output) has no fixed size")
    }
    if !self.labels.isEmpty, self.labels.count != classes {
      throw ModelError(
        .usage, "\(self.labels.count) labels for \(classes) classes",
        hint: self.labels.count == classes + 1 && self.labels[0] == "background"
          ? "the first label is 'background', which this network does not have: remove it" : nil)
    }
  }

  /// The classes of one image, the likeliest first.
  ///
  /// - Throws: what decoding throws; `.inputOutput` and `.noInput` for files that cannot be read.
  public func classify(imageAt path: String, top count: Int = 5) throws(ModelError) -> ClassificationReport.Image {
    let file = try MappedFile(path: path)
    return try within(.file(path)) { () throws(ModelError) in
      let image = try ImageDecoder.decode(file)
      let scores = try scores(of: image)
      let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(max(count, 0))
      return ClassificationReport.Image(
        path: path, width: image.width, height: image.height,
        classes: order.map { index in
          ClassificationReport.Class(
            index: index, label: labels.indices.contains(index) ? labels[index] : nil, score: scores[index])
        })
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

  /// The signature's extents with a batch of one.
  private static func imageShape(_ signature: TensorType, _ name: String) throws(ModelError) -> [Int]? {
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
  /// - Throws: `.usage` when the labels are not as many as the classes of the only output.
  public func carrying(labels: [String]?, preprocessing: Preprocessing?) throws(ModelError) -> Model {
    var program = program
    if let labels {
      let classes = graph.outputs.first.flatMap { graph.signatureType($0).shape.dimensions?.last?.fixedValue }
      guard graph.outputs.count == 1, classes == nil || classes == labels.count else {
        throw ModelError(.usage, "\(labels.count) labels for \(classes.map { "\($0)" } ?? "several outputs'") classes")
      }
      program.metadata[ImageClassifier.labelsKey] = labels.joined(separator: "\n")
    }
    if let preprocessing {
      program.metadata[ImageClassifier.preprocessingKey] = JSONWriter.text(preprocessing.json)
    }
    return Model(self, program: program, provenance: startingProvenance)
  }
}
