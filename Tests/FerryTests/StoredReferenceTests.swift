import Ferry
import TestSupport
import Testing

/// Converted, written, read again, run: against what each format's own runtime answered.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct StoredReferenceTests {
  @Test(arguments: RealModel.imageNet + RealModel.others + RealModel.randomOnly)
  func engineAgreesWithTheModelsOwnRuntime(real: RealModel) throws {
    let folder = TemporaryFolder()
    let model = try real.nativeModel(in: folder)
    for input in real.inputs {
      let result = try model.verify(try real.references(input, of: model.graph))
      #expect(result.outputs.count == real.outputs.count)
      for output in result.outputs { real.expectNear(output, "\(input) \(output.name)") }
    }
  }

  /// The source graph as the file holds it, without passes and without engine.
  @Test(arguments: RealModel.randomOnly)
  func interpreterAgreesWithTheModelsOwnRuntime(real: RealModel) throws {
    let model = try Model(contentsOf: real.path)
    let result = try model.verify(
      try real.references("random", of: model.graph), options: VerificationOptions(candidate: .referenceInterpreter))
    for output in result.outputs { real.expectNear(output, output.name) }
  }
}
