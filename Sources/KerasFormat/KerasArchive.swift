import FormatSupport
import ModelGraph

/// A `.keras` file: a zip archive of `config.json`, `metadata.json` and `model.weights.h5`.
struct KerasArchive {
  /// Names of the entries that such an archive may begin with.
  static let entryNames = ["metadata.json", "config.json", "model.weights.h5", "assets/"]

  var model: ModelConfig
  var version: KerasVersion
  var weights: HDF5File

  /// Whether a file that begins with these bytes is such an archive: a zip whose first entry is one of its own.
  static func matches(header: [UInt8]) -> Bool {
    guard header.starts(with: [0x50, 0x4B, 0x03, 0x04]), header.count > 30 else { return false }
    // The first entry's name follows the 30 bytes of its header.
    return entryNames.contains { header[30...].starts(with: $0.utf8) }
  }

  /// - Throws: ``ModelError``: `.malformed` where an entry is missing or damaged, or grows beyond the limits.
  init(_ file: MappedFile, options: ImportOptions) throws(ModelError) {
    let archive = try ZipArchive(file, limits: options.limits)
    func entry(_ name: String) throws(ModelError) -> ZipArchive.Entry {
      guard let entry = archive.entries.first(where: { $0.name == name }) else {
        throw ModelError(
          .malformed, "the archive holds no '\(name)'", hint: "is it a .keras file of Keras 2.12 or later?")
      }
      return entry
    }
    func text(_ name: String) throws(ModelError) -> String {
      let entry = try entry(name)
      guard entry.byteCount <= options.limits.jsonBytes else {
        throw ModelError(.malformed, "the entry unpacks to \(entry.byteCount) bytes").within(.entry(name))
      }
      // The content lives until its bytes are text.
      let content = try archive.content(of: entry)
      let text = withExtendedLifetime(content) { String(validating: content.bytes, as: UTF8.self) }
      guard let text else {
        throw ModelError(.malformed, "the entry is no UTF-8").within(.entry(name))
      }
      return text
    }
    let config = try text("config.json")
    model = try within(.entry("config.json")) { () throws(ModelError) in
      try ConfigParser.parse(config, limits: options.limits)
    }
    version = KerasVersion(text: "")
    if archive.entries.contains(where: { $0.name == "metadata.json" }) {
      let metadata = try text("metadata.json")
      let object = try within(.entry("metadata.json")) { () throws(ModelError) in
        try JSONParser.parse(metadata, limits: options.limits)
      }
      version = KerasVersion(text: object.objectValue?["keras_version"]?.stringValue ?? "")
    }
    let packed = try entry("model.weights.h5")
    let largest = options.limits.weightBytes(ofFile: file.byteCount)
    guard packed.byteCount <= largest else {
      throw ModelError(
        .malformed,
        "the entry unpacks to \(packed.byteCount) bytes; those of an archive of \(file.byteCount) may be \(largest)"
      ).within(.entry(packed.name))
    }
    let content = try archive.content(of: packed)
    weights = try within(.entry("model.weights.h5")) { () throws(ModelError) in
      try HDF5File(content: content, options: options)
    }
  }
}
