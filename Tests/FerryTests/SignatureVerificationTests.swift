import Ferry
import ModelGraph
import TestSupport
import Testing

/// Which outputs belong together.
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
}
