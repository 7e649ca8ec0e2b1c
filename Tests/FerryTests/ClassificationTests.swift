import Ferry
import TestSupport
import Testing

@Suite struct ClassificationTests {
  static let samples = SharedModels.packageRoot + "Samples/"
  static let digits = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "three", "seven",
  ]

  private var tf: Preprocessing { Preprocessing.presets[0].preprocessing }

  /// The sample images, each with the digit in its name, in each format.
  @Test(arguments: ["digits.onnx", "digits.tflite"])
  func theSampleReadsItsDigits(file: String) throws {
    let labels = try LabelsFile.read(path: Self.samples + "labels.txt")
    let model = try Model(contentsOf: Self.samples + file)
    let classifier = try ImageClassifier(model, labels: labels, preprocessing: tf)
    let images = try ImageFiles.list([Self.samples + "images"]).images
    let answers = try images.map { try classifier.classify(imageAt: $0, top: 1).classes[0].label }
    #expect(answers == Self.digits)
  }

  @Test func aNativeFileCarriesLabelsAndPreprocessing() throws {
    let folder = TemporaryFolder()
    let path = folder.path("digits.safetensors")
    let labels = try LabelsFile.read(path: Self.samples + "labels.txt")
    try Model(contentsOf: Self.samples + "digits.onnx").carrying(labels: labels, preprocessing: tf)
      .converted().model.write(to: path)
    let classifier = try ImageClassifier(Model(contentsOf: path))
    #expect(classifier.labels == labels && classifier.preprocessing == tf)
    #expect(try classifier.classify(imageAt: Self.samples + "images/04-four.png").classes[0].label == "four")
  }

  @Test func nothingIsGuessed() throws {
    let model = try Model(contentsOf: Self.samples + "digits.onnx")
    #expect(throws: ModelError.self) { try ImageClassifier(model) }
    #expect(throws: ModelError.self) { try ImageClassifier(model, labels: ["one"], preprocessing: tf) }
    #expect(throws: ModelError.self) { try model.carrying(labels: ["one"], preprocessing: nil) }
  }

  @Test func foldersSkipWhatIsNoImage() throws {
    let found = try ImageFiles.list([Self.samples + "images/", Self.samples + "README.md"])
    #expect(found.images.count == 13)
    #expect(throws: ModelError.self) { try ImageFiles.list([Self.samples + "references"]) }
  }

  /// The five likeliest classes of real photographs, as ONNX Runtime with Pillow's preprocessing gives them.
  @Test(
    .enabled(if: SharedModels.isAvailable, SharedModels.comment),
    arguments: [
      ("cat.png", [285, 282, 281, 478, 287]), ("grace_hopper.png", [457, 652, 667, 834, 400]),
      ("burger.jpg", [933, 931, 934, 930, 962]), ("parrot.jpg", [88, 90, 92, 136, 17]),
    ])
  func realPhotographs(file: String, expected: [Int]) throws {
    let torch = try #require(Preprocessing.presets.first { $0.name == "torch" }).preprocessing
    let model = try Model(contentsOf: SharedModels.path("imagenet/mobilenetv2_torchvision.onnx"))
    let classifier = try ImageClassifier(model, preprocessing: torch)
    let classes = try classifier.classify(imageAt: SharedModels.path("images/\(file)")).classes
    #expect(classes.map(\.index) == expected)
  }
}
