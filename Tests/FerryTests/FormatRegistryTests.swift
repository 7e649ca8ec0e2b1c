import Ferry
import TestSupport
import Testing

struct FormatRegistryTests {
  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func contentBeatsExtension() throws {
    let folder = TemporaryFolder()
    let bytes = try #require(TemporaryFolder.bytes(of: SharedModels.path("other/vww_96_float.tflite")))
    let model = try Model(contentsOf: folder.write(bytes, to: "model.onnx"))
    #expect(model.formatName == "TFLite")
    #expect(model.notes.map(\.code) == ["misleading-extension"])
    let plain = try Model(contentsOf: folder.write(bytes, to: "model"))
    #expect(plain.notes.isEmpty)
  }

  @Test func nothingKnown() {
    let folder = TemporaryFolder()
    let path = folder.write(Array("Dear reader,\nthis is a letter.\n".utf8), to: "letter.txt")
    let error = #expect(throws: ModelError.self) { try Model(contentsOf: path) }
    #expect(error?.code == .malformed)
    #expect(error?.hint?.contains(".tflite") == true)
  }
}
