import CSystemSupport
public import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of one model file: mapped read-only, or owned where they never were a file.
///
/// Tensors refer to it, so the mapping lives as long as the last tensor. A file that becomes shorter while it is mapped
/// ends the process with a message and exit code 74 at the next access, not with a signal.
public final class MappedFile: TensorStorage, @unchecked Sendable {
  /// The path as it was given, or the name of owned bytes.
  public let path: String
  public let bytes: UnsafeRawBufferPointer
  private let mapping: OpaquePointer?

  public var byteCount: Int { bytes.count }

  /// Whether the bytes are those of a file at ``path``, and not of memory alone.
  public var isMapped: Bool { mapping != nil }

  /// Maps the regular file at `path`. An empty file has no bytes.
  ///
  /// - Throws: `.noInput` where nothing, a directory or something other than a regular file stands at `path`;
  ///   `.inputOutput` where it cannot be opened or mapped.
  public init(path: String) throws(ModelError) {
    guard !path.utf8.contains(0) else {
      throw ModelError(.noInput, "the path holds a NUL character").within(.file(path))
    }
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw Self.openingError(errno, path) }
    defer { close(descriptor) }
    let size = try Self.regularFileSize(descriptor, path)
    self.path = path
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      mapping = nil
      return
    }
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw ModelError(.inputOutput, "cannot map it: \(systemMessage(errno))").within(.file(path))
    }
    guard let guarded = ferry_guard_mapping(base, size, path) else {
      munmap(base, size)
      throw ModelError(.inputOutput, "cannot map it: out of memory").within(.file(path))
    }
    mapping = guarded
    bytes = UnsafeRawBufferPointer(start: base, count: size)
  }

  /// A file that exists in memory only; the bytes are copied.
  public init(bytes content: [UInt8], name: String) {
    path = name
    mapping = nil
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 16)
    copy.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit {
    if let mapping {
      ferry_unguard_mapping(mapping)
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else if bytes.baseAddress != nil {
      bytes.deallocate()
    }
  }

  /// The last part of the path.
  public var name: String { path.pathParts.last { !$0.isEmpty }.map(String.init) ?? path }

  private static func openingError(_ number: Int32, _ path: String) -> ModelError {
    switch number {
    case ENOENT, ENOTDIR: ModelError(.noInput, "no such file").within(.file(path))
    case ENXIO: ModelError(.noInput, "is not a regular file").within(.file(path))
    default: ModelError(.inputOutput, "cannot open it: \(systemMessage(number))").within(.file(path))
    }
  }

  private static func regularFileSize(_ descriptor: Int32, _ path: String) throws(ModelError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw ModelError(.inputOutput, "cannot read its status: \(systemMessage(errno))").within(.file(path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw ModelError(.noInput, "is a directory").within(.file(path))
    default: throw ModelError(.noInput, "is not a regular file").within(.file(path))
    }
    guard let size = Int(exactly: status.st_size), size >= 0 else {
      throw ModelError(.inputOutput, "its size is out of range").within(.file(path))
    }
    return size
  }
}
