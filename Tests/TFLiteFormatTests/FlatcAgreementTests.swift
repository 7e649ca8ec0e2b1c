import FormatSupport
import TFLiteFormat
import TestSupport
import Testing

@Suite(.enabled(if: Flatc.isInstalled, "flatc (flatbuffers-compiler) is not installed"))
struct FlatcAgreementTests {
  private func compare(_ file: String) throws -> ReadingComparison {
    let model = try TFLiteModel(decoding: MappedFile(path: file))
    var comparison = ReadingComparison()
    comparison.compare(SchemaReading(model: model).json, try Flatc.decode(file), "model")
    return comparison
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment), arguments: RealModels.files)
  func realFile(_ file: String) throws {
    let comparison = try compare(SharedModels.path(file))
    #expect(comparison.differences.isEmpty)
    #expect(comparison.comparedValues > (file.contains("invalid_model") ? 15 : 400))
  }

  @Test func everyOptionsTable() throws {
    let comparison = try compare(TFLiteGolden.path("every_options_table"))
    #expect(comparison.differences.isEmpty)
    #expect(comparison.comparedValues > 3_000)
  }
}
