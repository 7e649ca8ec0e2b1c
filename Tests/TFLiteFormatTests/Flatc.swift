import Foundation
import TestSupport

/// Debian's FlatBuffers compiler as a second reader of the same files.
enum Flatc {
  static let path = "/usr/bin/flatc"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Decodes `file` with `Schemas/tflite.fbs` into JSON, the buffers' data left out and the floats
  /// of quantization parameters as bit patterns.
  static func decode(_ file: String) throws -> [String: Any] {
    let folder = TemporaryFolder()
    let schema = try String(contentsOfFile: SharedModels.packageRoot + "Schemas/tflite.fbs", encoding: .utf8)
    // One JSON number a byte of weight would be 170 MB of text, and flatc prints floats with six places: the data are
    // declared as the bare offset to them, the floats of quantization as their bits.
    let variants = [
      "data: [ubyte] (id: 0);": "data: uint (id: 0);", "min: [float] (id: 0);": "min: [uint] (id: 0);",
      "max: [float] (id: 1);": "max: [uint] (id: 1);", "scale: [float] (id: 2);": "scale: [uint] (id: 2);",
    ]
    var text = schema
    for (original, variant) in variants {
      guard text.contains(original) else { throw Failure(description: "the schema lacks \(original)") }
      text = text.replacing(original, with: variant)
    }
    let path = folder.write(Array(text.utf8), to: "tflite.fbs")
    let run = ToolRun.run(
      Self.path, ["--raw-binary", "--json", "--strict-json", "--defaults-json", "-o", folder.path, path, "--", file])
    guard run.exitCode == 0 else { throw Failure(description: run.outputText + run.errorText) }
    let name = file.split(separator: "/").last?.split(separator: ".").dropLast().joined(separator: ".") ?? ""
    let json = try JSONSerialization.jsonObject(
      with: Data(TemporaryFolder.bytes(of: folder.path("\(name).json")) ?? []))
    guard let object = json as? [String: Any] else { throw Failure(description: "not an object") }
    return object
  }
}
