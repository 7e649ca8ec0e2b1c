import Glibc

/// A folder of its own that goes away, with all its content, when the object does.
public final class TemporaryFolder {
  /// Without a slash at its end.
  public let path: String

  public init() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(base)/ferry-test-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    if mkdir(path, 0o700) != 0 { fatalError("cannot make the folder \(path)") }
  }

  deinit { Self.remove(path) }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file into the folder and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) -> String {
    let file = path(name)
    guard let stream = fopen(file, "we") else { fatalError("cannot write \(file)") }
    defer { fclose(stream) }
    if fwrite(bytes, 1, bytes.count, stream) != bytes.count { fatalError("cannot write \(file)") }
    return file
  }

  /// The names of everything in the folder, hidden files too, sorted.
  public var entries: [String] { Self.names(in: path) }

  /// A whole file's bytes; nil where there is none.
  public static func bytes(of path: String) -> [UInt8]? {
    guard let stream = fopen(path, "re") else { return nil }
    defer { fclose(stream) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in names(in: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
