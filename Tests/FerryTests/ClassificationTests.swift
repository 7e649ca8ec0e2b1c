import Ferry
import Glibc
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

  /// As many held-out images as `Samples/facts.json` states, in the engine, from each format's file.
  @Test(arguments: ["digits.onnx", "digits.tflite", "digits.h5"])
  func theSampleIsAsAccurateAsStated(file: String) throws {
    let facts = try MappedFile(path: Self.samples + "facts.json")
    defer { withExtendedLifetime(facts) {} }
    let stated = try #require(JSONParser.parse(facts.bytes).objectValue)
    let heldOut = try NPZFile(MappedFile(path: Self.samples + "held_out.npz"))
    let images = try heldOut.tensor(named: "images")
    let labels = try heldOut.tensor(named: "labels").integers()
    #expect(images.extents == [360, 64, 64] && stated["held_out"]?.integerValue == 360)
    let pixels = try images.elements(as: UInt8.self)
    let classifier = try ImageClassifier(Model(contentsOf: Self.samples + file), preprocessing: tf)
    var correct = 0
    for (index, label) in labels.enumerated() {
      let grey = pixels[index * 4096..<(index + 1) * 4096]
      let image = try #require(Image(width: 64, height: 64, pixels: grey.flatMap { [$0, $0, $0] }))
      let scores = try classifier.scores(of: image)
      if scores.indices.max(by: { scores[$0] < scores[$1] }) == label { correct += 1 }
    }
    #expect(stated["correct"]?.integerValue == correct)
    #expect(Double(correct) >= 0.97 * 360)
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

  /// A process of its own, because root may read every file: where the tests run as root, it goes on as nobody.
  @Test func anUnreadableFileIsNotSkipped() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.write([0xFF, 0xD8, 0xFF], to: "closed.jpg")
      folder.write([0xFF, 0xD8, 0xFF], to: "open.jpg")
      chmod(folder.path, 0o755)
      chmod(path, 0)
      let isRoot = getuid() == 0
      if isRoot { #expect(seteuid(65534) == 0) }
      let error = #expect(throws: ModelError.self) { try ImageFiles.list([folder.path]) }
      #expect(error?.code == .inputOutput && error?.context == [.file(path)])
      // Back, so that the folder can go away.
      if isRoot { #expect(seteuid(0) == 0) }
    }
  }

  /// The five likeliest classes of real photographs, as ONNX Runtime with Pillow's preprocessing gives them.
  @Test(
    .enabled(if: SharedModels.isAvailable, SharedModels.comment),
    arguments: Photographs.names, ["mobilenetv2_torchvision.onnx", "mobilenetv2_torchvision_bn.onnx"])
  func realPhotographs(name: String, file: String) throws {
    let torch = try #require(Preprocessing.presets.first { $0.name == "torch" }).preprocessing
    let classifier = try ImageClassifier(
      Model(contentsOf: SharedModels.path("imagenet/\(file)")), preprocessing: torch)
    let classes = try classifier.classify(imageAt: SharedModels.path("images/\(name)")).classes
    let expected = try Photographs.likeliestClasses(name, model: file)
    #expect(expected.count == 5 && classes.map(\.index) == expected)
  }
}
