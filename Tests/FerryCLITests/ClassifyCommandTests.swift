import FormatSupport
import Glibc
import ModelGraph
import TestSupport
import Testing

/// `ferry classify` as people call it: images of every kind, and everything that can be wrong with them.
struct ClassifyCommandTests {
  private static let samples = SharedModels.packageRoot + "Samples/"
  private static let fixtures = SharedModels.packageRoot + "Tests/ImagesTests/Fixtures/"
  private static let model = samples + "digits.tflite"
  private static let four = samples + "images/04-four.png"

  private static func classify(_ images: [String], _ options: [String] = ["--preprocess", "tf"]) -> ToolRun {
    Command.run(["classify", model] + images + options)
  }

  @Test func aNativeFileNeedsNothingBesideIt() {
    let folder = TemporaryFolder()
    let native = folder.path("digits.safetensors")
    let conversion = Command.run([
      "convert", Self.samples + "digits.h5", "-o", native, "--labels", Self.samples + "labels.txt", "--preprocess",
      "tf",
    ])
    #expect(conversion.exitCode == 0, "\(conversion.errorText)")
    let run = Command.run(["classify", native, Self.four])
    #expect(run.exitCode == 0, "\(run.errorText)")
    let lines = run.outputText.split(separator: "\n")
    #expect(lines.count == 6 && lines[0].contains("04-four.png") && lines[1].contains("four"))
    // What was used is said, and not among the data.
    #expect(run.errorText.contains("127.5"))
  }

  @Test func severalImagesAsJSON() throws {
    let images = ["04-four.png", "11-seven.jpg"].map { Self.samples + "images/" + $0 }
    let run = Self.classify(
      images, ["--preprocess", "tf", "--labels", Self.samples + "labels.txt", "--top", "3", "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    let report = try #require(JSONParser.parse(run.outputText).objectValue)
    #expect(report["schema"]?.stringValue?.hasPrefix("ferry.") == true)
    let results = try #require(report["images"]?.arrayValue)
    #expect(results.compactMap { $0.objectValue?["path"]?.stringValue } == images)
    for (result, label) in zip(results, ["four", "seven"]) {
      let classes = try #require(result.objectValue?["classes"]?.arrayValue)
      #expect(classes.count == 3 && classes[0].objectValue?["label"] == .string(label))
    }
  }

  /// Grey, two colours, palettes, alpha, 16 bits, EXIF: whatever decodes is classified.
  @Test(arguments: [
    "grey.png", "bits.png", "palette.png", "palette-alpha.png", "alpha.png", "grey-alpha.png", "deep.png",
    "deep-grey.png", "progressive.jpg", "grey.jpg", "orientation-6.jpg", "orientation-7.png",
  ])
  func imagesOfEveryKind(name: String) {
    let run = Self.classify([Self.fixtures + name])
    #expect(run.exitCode == 0, "\(run.errorText)")
    // EXIF turned the upright ones of 17×11 on their side.
    #expect(run.outputText.contains(name.hasPrefix("orientation") ? "11×17" : "17×11"), "\(run.outputText)")
  }

  @Test func aFolderWithOtherFiles() throws {
    let folder = TemporaryFolder()
    folder.write(try #require(TemporaryFolder.bytes(of: Self.four)), to: "four.png")
    folder.write(Array("no image\n".utf8), to: "notes.txt")
    folder.write([], to: "empty.jpg")
    folder.write(Array("GIF89a".utf8), to: "moving.png")
    #expect(mkdir(folder.path("more"), 0o700) == 0)
    let run = Self.classify([folder.path])
    #expect(run.exitCode == 0, "\(run.errorText)")
    #expect(run.outputText.split(separator: "\n").count == 6 && run.outputText.contains("four.png"))
    for name in ["notes.txt", "empty.jpg", "moving.png", "more"] {
      #expect(run.errorText.contains("note: skipped '\(folder.path(name))'"), "\(name)")
    }
    let quiet = Self.classify([folder.path], ["--preprocess", "tf", "--quiet"])
    #expect(quiet.exitCode == 0 && quiet.standardError.isEmpty)
  }

  @Test func aLinkToNothingIsSaidToBeOne() throws {
    let folder = TemporaryFolder()
    folder.write(try #require(TemporaryFolder.bytes(of: Self.four)), to: "four.png")
    #expect(symlink("gone", folder.path("link.png")) == 0)
    let run = Self.classify([folder.path])
    #expect(run.exitCode == 0 && run.errorText.contains("skipped '\(folder.path("link.png"))': no such file"))
  }

  @Test func aFolderWithoutImages() {
    let folder = TemporaryFolder()
    folder.write(Array("no image\n".utf8), to: "notes.txt")
    Command.expectFailure(
      ["classify", Self.model, folder.path, "--preprocess", "tf"], code: 66, mentioning: ["no JPEG or PNG"])
  }

  @Test(arguments: ["rgb.png", "smooth.jpg", "progressive.jpg"])
  func brokenImages(name: String) throws {
    let bytes = try #require(TemporaryFolder.bytes(of: Self.fixtures + name))
    let folder = TemporaryFolder()
    let path = folder.write(Array(bytes.prefix(bytes.count * 2 / 3)), to: name)
    Command.expectFailure(
      ["classify", Self.model, path, "--preprocess", "tf"], code: 65, mentioning: [name, "broken"])
  }

  @Test func whatIsNoImage() {
    let folder = TemporaryFolder()
    let text = folder.write(Array("Dear reader".utf8), to: "letter.png")
    Command.expectFailure(["classify", Self.model, text, "--preprocess", "tf"], code: 69, mentioning: ["letter.png"])
    Command.expectFailure(
      ["classify", Self.model, Self.fixtures + "cmyk.jpg", "--preprocess", "tf"], code: 69, mentioning: ["CMYK"])
    Command.expectFailure(
      ["classify", Self.model, folder.path("none.png"), "--preprocess", "tf"], code: 66, mentioning: ["none.png"])
  }

  /// In an address space of 400 MB, a fiftieth of what the pixels would take.
  @Test(arguments: ["rgb.png", "smooth.jpg"])
  func aHeaderOfManyPixels(name: String) throws {
    let folder = TemporaryFolder()
    let bytes = try #require(TemporaryFolder.bytes(of: Self.fixtures + name))
    let path = folder.write(HugeImage.declaring60000(bytes), to: name)
    let run = ToolRun.run(
      "bash",
      [
        "-c", "ulimit -v 400000; exec \"$0\" classify \"$1\" \"$2\" --preprocess tf", ToolRun.builtProduct("ferry"),
        Self.model, path,
      ])
    #expect(run.exitCode == 65 && run.signal == nil, "\(run.errorText)")
    #expect(run.errorText.contains("60000 x 60000") && run.errorText.contains(name))
    #expect(run.standardOutput.isEmpty)
  }

  @Test func labelsHaveToBeAsManyAsClasses() {
    let folder = TemporaryFolder()
    let nine = folder.write(Array("a\nb\nc\nd\ne\nf\ng\nh\ni\n".utf8), to: "nine.txt")
    let shifted = folder.write(Array("background\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n".utf8), to: "eleven.txt")
    let options = ["classify", Self.model, Self.four, "--preprocess", "tf", "--labels"]
    Command.expectFailure(options + [nine], code: 64, mentioning: ["9 labels for 10 classes"])
    Command.expectFailure(options + [shifted], code: 64, mentioning: ["11 labels", "background"])
    let output = folder.path("out.safetensors")
    Command.expectFailure(
      ["convert", Self.model, "-o", output, "--labels", nine], code: 64, mentioning: ["9 labels for 10 classes"])
    #expect(!folder.entries.contains("out.safetensors"))
    Command.expectFailure(options + [folder.path("none.txt")], code: 66)
    let binary = folder.write([0xFF, 0xFE, 0x80], to: "binary.txt")
    Command.expectFailure(options + [binary], code: 65, mentioning: ["binary.txt"])
  }

  @Test func preprocessingIsNeverGuessed() throws {
    Command.expectFailure(["classify", Self.model, Self.four], code: 64, mentioning: ["--preprocess"])
    Command.expectFailure(
      ["classify", Self.model, Self.four, "--preprocess", "tensorflow"], code: 64, mentioning: ["keras128"])
    let folder = TemporaryFolder()
    let file = folder.write(
      Array(#"{"geometry": "stretch", "divisor": 127.5, "means": [1], "deviations": [1]}"#.utf8), to: "own.json")
    let own = Self.classify([Self.four], ["--preprocess", file])
    #expect(own.exitCode == 0 && own.outputText == Self.classify([Self.four]).outputText)
    let wrong = folder.write(Array(#"{"geometry": "stretch", "gamma": 2}"#.utf8), to: "wrong.json")
    Command.expectFailure(
      ["classify", Self.model, Self.four, "--preprocess", wrong], code: 65, mentioning: ["wrong.json"])
  }

  @Test func wrongUsage() {
    Command.expectFailure(["classify", Self.model], code: 64)
    Command.expectFailure(["classify", Self.model, Self.four, "--preprocess", "tf", "--top", "0"], code: 64)
  }
}
