import Ferry
import FormatSupport
import ModelGraph
import TestSupport
import Testing

/// Which outputs belong together, and which have nothing to be compared with.
struct SignatureVerificationTests {
  private static func model(_ name: String) throws(ModelError) -> Model {
    try Model(contentsOf: Golden.path("Command/\(name).onnx")).converted().model
  }

  private static func verified(
    _ name: String, against other: String, layers: Bool = false
  ) throws(ModelError) -> VerificationResult {
    try model(name).verify(
      against: Model(contentsOf: Golden.path("Command/\(other).onnx")),
      options: VerificationOptions(comparesLayers: layers))
  }

  @Test func outputsArePairedByName() throws {
    #expect(try Self.verified("heads", against: "heads_reordered").isPassed)
    #expect(try Self.verified("heads", against: "heads_reordered").pairing?.outputRule == .names)
    #expect(try !Self.verified("heads", against: "heads_exchanged").isPassed)
  }

  @Test(arguments: [false, true]) func inputsArePairedByName(layers: Bool) throws {
    let result = try Self.verified("difference", against: "difference_reordered", layers: layers)
    #expect(result.isPassed)
    #expect(result.pairing?.inputRule == .names)
  }

  @Test func otherNamesArePairedByPosition() throws {
    let result = try Self.verified("heads", against: "heads_renamed")
    #expect(result.isPassed)
    #expect(result.pairing?.inputRule == .names)
    #expect(result.pairing?.outputRule == .positions)
    #expect(result.text(.plain).contains("outputs were paired by position"))
    #expect(throws: ModelError.self) { try Self.verified("heads", against: "difference") }
  }

  private static let input = try? Tensor([Float(1), -2, 3, -4], shape: [1, 4])

  private static func references(_ names: [String], in folder: TemporaryFolder) throws -> String {
    let input = try #require(Self.input)
    let rectified = try Tensor([Float(1), 0, 3, 0], shape: [1, 4])
    let path = folder.path("references.npz")
    try NPZFile.write([("x", input)] + names.map { ($0, rectified) }, to: path, replacing: true)
    return path
  }

  @Test func outputsWithoutAReferenceAreNamed() throws {
    let folder = TemporaryFolder()
    let model = try Self.model("heads")
    let set = try ReferenceSet(path: Self.references(["boxes"], in: folder), of: model.graph)
    let result = try model.verify(set)
    #expect(result.outputsWithoutReference == ["scores"])
    #expect(result.text(.plain).contains("1 of 2 outputs within tolerance; no reference for 'scores'"))
    #expect(result.json().objectValue?["outputsWithoutReference"]?.arrayValue == [.string("scores")])
  }

  @Test func aMisspeltOutputIsAnError() throws {
    let folder = TemporaryFolder()
    let model = try Self.model("heads")
    let error = #expect(throws: ModelError.self) {
      try ReferenceSet(path: Self.references(["boxes", "Scores"], in: folder), of: model.graph)
    }
    #expect(error?.code == .usage)
    #expect(error?.description.contains("'Scores'") == true)
  }

  @Test func surplusFilesOfAFolderAreUnused() throws {
    let folder = TemporaryFolder()
    let model = try Self.model("difference")
    // A TensorProto of FLOAT, [1, 4], with its elements as raw data.
    let zeros: [UInt8] = [8, 1, 8, 4, 16, 1, 74, 16] + [UInt8](repeating: 0, count: 16)
    for name in ["input_0.pb", "input_1.pb", "input_2.pb", "output_0.pb", "output_1.pb"] {
      _ = folder.write(zeros, to: name)
    }
    let set = try ReferenceSet(path: folder.path, of: model.graph)
    #expect(set.unusedNames == ["input_2.pb", "output_1.pb"])
    #expect(try model.verify(set).isPassed)
  }

  @Test func aReferenceOfAnotherSizeIsNamed() throws {
    let model = try Self.model("heads")
    let set = try ReferenceSet(
      inputs: [NamedTensor(try #require(Self.input))],
      outputs: [NamedTensor(name: "boxes", try Tensor([Float(1)], shape: [1]))], of: model.graph, name: "references.npz"
    )
    let error = #expect(throws: ModelError.self) { try model.verify(set) }
    #expect(error?.context.first == .file("references.npz"))
  }
}
