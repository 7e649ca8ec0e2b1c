internal import FormatSupport
internal import ModelGraph

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Files beside the model that hold tensors' contents.
///
/// A model names them itself, so a name may only lead into the model's own folder: no absolute path, no `..`, no link
/// on the way. Each file is mapped once.
final class ExternalData {
  /// The model's folder, or nil for a model that never was a file.
  private let folder: String?
  /// By the bytes of their names: names that look alike to Swift are two files to the system.
  private var files: [[UInt8]: MappedFile] = [:]
  /// What tensors say about their external data and nothing here needs, for the findings.
  private(set) var unreadKeys: Set<String> = []

  init(model: MappedFile) {
    folder = model.isMapped ? model.path.pathFolder : nil
  }

  /// The file and the bytes in it that hold a tensor.
  ///
  /// - Throws: `.noInput` where the file is missing; `.malformed` where it lies outside the model's folder, or where the bytes
  ///   named do not exist or are not as many as the type takes.
  func content(
    _ entries: [EntryRecord], of type: TensorType
  ) throws(ModelError) -> (any TensorStorage, Range<Int>) {
    var location: String?
    var offset: Int?
    var length: Int?
    var seen: Set<String> = []
    for entry in entries {
      guard seen.insert(entry.key).inserted else {
        throw ModelError(.malformed, "external data names '\(entry.key)' twice")
      }
      switch entry.key {
      case "location": location = entry.value
      case "offset": offset = try number(entry)
      case "length": length = try number(entry)
      default: unreadKeys.insert(entry.key)
      }
    }
    guard let location else { throw ModelError(.malformed, "external data without a location") }
    guard let byteCount = type.elementType.byteCount(elementCount: type.shape.elementCount() ?? -1) else {
      throw ModelError(.unsupported, "external data of type \(type)")
    }
    let file = try self.file(location)
    let start = offset ?? 0
    guard length ?? byteCount == byteCount else {
      throw ModelError(.malformed, "\(type) takes \(byteCount) bytes, its external data is \(length ?? 0) long")
    }
    guard start <= file.byteCount, byteCount <= file.byteCount - start else {
      throw ModelError(
        .malformed, "bytes \(start) to \(start)+\(byteCount) lie outside '\(location)' of \(file.byteCount) bytes")
    }
    return (file, start..<(start + byteCount))
  }

  private func number(_ entry: EntryRecord) throws(ModelError) -> Int {
    guard entry.value.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(entry.value) else {
      throw ModelError(.malformed, "the external data's \(entry.key) '\(entry.value)' is no size in bytes")
    }
    return value
  }

  private func file(_ location: String) throws(ModelError) -> MappedFile {
    let key = Array(location.utf8)
    if let file = files[key] { return file }
    guard let folder else {
      throw ModelError(.noInput, "external data '\(location)' of a model that is no file")
    }
    let parts = location.pathParts
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), !location.utf8.contains(0) else {
      throw ModelError(
        .malformed, "external data '\(location)' does not lie in the model's own folder",
        hint: "put the file beside the model and name it by its plain name")
    }
    var path = folder
    for part in parts {
      path += "/" + part
      var status = stat()
      guard lstat(path, &status) == 0 else {
        throw ModelError(.noInput, "external data '\(location)' is missing: no file '\(path)'")
      }
      guard status.st_mode & S_IFMT != S_IFLNK else {
        throw ModelError(
          .malformed, "external data '\(location)' is, or lies behind, a symbolic link",
          hint: "put the file itself beside the model")
      }
    }
    let file = try MappedFile(path: path)
    files[key] = file
    return file
  }
}
