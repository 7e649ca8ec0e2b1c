public import ModelGraph

/// NumPy's archives of arrays (.npz): a zip archive of NPY files, stored or deflated.
public final class NPZFile {
  private let archive: ZipArchive
  private let limits: Limits
  private let path: String

  /// The names of the arrays, in the archive's order, without `.npy`.
  public let names: [String]
  /// Entries that are no arrays.
  public let otherEntryNames: [String]

  public convenience init(path: String, limits: Limits = .standard) throws(ModelError) {
    let file = try MappedFile(path: path)
    try self.init(file, limits: limits)
  }

  public init(_ file: MappedFile, limits: Limits = .standard) throws(ModelError) {
    archive = try within(.file(file.path)) { () throws(ModelError) in try ZipArchive(file, limits: limits) }
    self.limits = limits
    path = file.path
    names = archive.entries.filter { $0.name.hasSuffix(".npy") }.map { String($0.name.dropLast(4)) }
    otherEntryNames = archive.entries.filter { !$0.name.hasSuffix(".npy") }.map(\.name)
  }

  /// Whether bytes begin like a zip archive.
  public static func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// The array of this name.
  ///
  /// - Throws: `.noInput` where there is none; `.malformed` and `.unsupported` as ``NPYFile/read(_:limits:)`` does.
  public func tensor(named name: String) throws(ModelError) -> Tensor {
    guard let entry = archive.entries.first(where: { $0.name == name + ".npy" }) else {
      let known = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
      throw ModelError(.noInput, "no array '\(name)'", hint: "the file holds \(known)").within(.file(path))
    }
    return try within(.file(path)) { () throws(ModelError) in
      let content = try archive.content(of: entry)
      return try within(.entry(entry.name)) { () throws(ModelError) in try NPYFile.read(content, limits: limits) }
    }
  }

  /// The whole archive of `tensors` in their order; the same bytes for the same tensors.
  public static func bytes(
    of tensors: [(name: String, tensor: Tensor)], isDeflated: Bool = false
  ) throws(ModelError) -> [UInt8] {
    var entries: [(name: String, content: [UInt8])] = []
    for (name, tensor) in tensors { entries.append((name + ".npy", try NPYFile.bytes(of: tensor))) }
    return try ZipArchive.bytes(entries, isDeflated: isDeflated)
  }

  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], to path: String, replacing: Bool
  ) throws(ModelError) {
    try AtomicFile.write(try bytes(of: tensors), to: path, replacing: replacing)
  }
}
