import FormatSupport
import TestSupport
import Testing

/// Keras files with one fault each (KerasFormatTests/Fixtures/make_odd.py): exit code, a message that names layer and weight, and
/// no output left behind.
struct KerasBadInputTests {
  private static func expectRefusal(_ path: String, code: Int32, _ words: [String]) {
    let folder = TemporaryFolder()
    Command.expectFailure(["convert", path, "-o", folder.path("out.safetensors")], code: code, mentioning: words)
    #expect(folder.entries.isEmpty)
  }

  @Test(
    arguments: [
      ("not_json.h5", 65, ["model_config", "JSON"]), ("not_json.keras", 65, ["config.json", "JSON"]),
      ("no_model.h5", 65, ["model_config"]), ("python_class.h5", 69, ["'MyModel'"]),
      ("cyclic.h5", 65, ["'d'", "own output"]), ("cyclic.keras", 65, ["'d'", "own output"]),
      ("twice.h5", 65, ["two layers", "'d'"]), ("twice.keras", 65, ["two layers", "'d'"]),
      ("no_such_layer.h5", 65, ["'nowhere'"]), ("nested_too_deep.h5", 65, ["model_config"]),
      ("missing_weight.h5", 65, ["'d' (Dense", "'bias'", "'d/kernel:0'"]),
      ("missing_weight.keras", 65, ["'d' (Dense", "'kernel', 'bias'", "holds 1 in 'layers/dense'"]),
      ("missing_layer.h5", 65, ["'d' (Dense", "'kernel'"]),
      ("missing_layer.keras", 65, ["'d' (Dense", "'kernel', 'bias'", "no group"]),
      ("surplus_weight.h5", 65, ["'model_weights/d/d/extra:0'"]),
      ("surplus_weight.keras", 65, ["'d' (Dense", "needs 2", "holds 3 in 'layers/dense'"]),
      ("surplus_layer.h5", 65, ["'model_weights/gone/gone/kernel:0'"]),
      ("surplus_layer.keras", 65, ["'layers/dense_1/vars/0'"]),
      ("wrong_shape.h5", 65, ["'d' (Dense", "'kernel'", "[4, 3]", "[4, 5]", "d/kernel:0"]),
      ("wrong_shape.keras", 65, ["'d' (Dense", "'kernel'", "[4, 3]", "[4, 5]", "'layers/dense/vars/0'"]),
      ("wrong_input.h5", 65, ["'d' (Dense", "'kernel'", "[7, 3]"]),
      ("external_weights.h5", 69, ["'/model_weights/d/d/kernel:0'", "another file"]),
      ("no_config.keras", 65, ["'config.json'"]), ("no_weights.keras", 65, ["'model.weights.h5'"]),
      ("lambda.h5", 69, ["Lambda", "'f'"]), ("unknown_class.h5", 69, ["'Gate'", "'g'"]),
      ("unknown_attribute.h5", 69, ["'gate'", "'d'"]), ("quantized.h5", 69, ["'d'", "quantized"]),
    ] as [(String, Int32, [String])])
  func oneFault(file: String, code: Int32, words: [String]) {
    let folder = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/odd/"
    Self.expectRefusal(folder + file, code: code, [file] + words)
  }

  @Test(arguments: ["good.h5", "good.keras"]) func cutFiles(file: String) throws {
    let path = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/odd/" + file
    let whole = try #require(TemporaryFolder.bytes(of: path))
    let folder = TemporaryFolder()
    for place in 1..<20 {
      let cut = folder.write(Array(whole.prefix(whole.count * place / 20)), to: "cut-" + file)
      Self.expectRefusal(cut, code: 65, ["cut-" + file])
    }
  }

  /// A tenth of a megabyte that would unpack to 104: the configuration, and the weights.
  @Test(arguments: ["config.json", "model.weights.h5"]) func archivesThatGrow(entry: String) throws {
    let zeros = [UInt8](repeating: 0, count: 104 << 20)
    let config = Array(#"{"class_name": "Sequential", "config": {"name": "s", "layers": []}}"#.utf8)
    let entries: [(name: String, content: [UInt8])] =
      entry == "config.json" ? [("config.json", zeros)] : [("config.json", config), ("model.weights.h5", zeros)]
    let folder = TemporaryFolder()
    let path = folder.write(try ZipArchive.bytes(entries, isDeflated: true), to: "bomb.keras")
    Self.expectRefusal(path, code: 65, ["bomb.keras", "'\(entry)'", "unpacks to 109051904 bytes"])
  }
}
