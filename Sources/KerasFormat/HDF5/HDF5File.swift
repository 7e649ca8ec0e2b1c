import CSystemSupport
import FormatSupport
import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an HDF5 file holds: its groups with their attributes, and its datasets, whose bytes stay in the mapped file or in
/// the memory that the reader process filled.
struct HDF5File: Sendable {
  /// A group, by absolute path.
  struct Group: Sendable {
    var path: String
    var attributes: [String: HDF5Attribute] = [:]
    /// Names of the groups in it, sorted.
    var groups: [String] = []
    /// Names of the datasets in it, sorted.
    var datasets: [String] = []

    /// The path of something in the group.
    func path(of name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
  }

  /// A dataset and its attributes.
  struct Dataset: Sendable {
    var description: HDF5Dataset
    var attributes: [String: HDF5Attribute] = [:]
  }

  private(set) var groups: [String: Group] = [:]
  private(set) var datasets: [String: Dataset] = [:]
  /// Where plain datasets lie.
  private let file: any TensorStorage
  private let shared: SharedMemory

  var root: Group { groups["/"] ?? Group(path: "/") }

  func group(_ path: String) -> Group? { groups[path] }

  /// Reads the file with a reader process.
  ///
  /// - Throws: ``ModelError``: `.malformed` where it is no HDF5 file, is damaged, or the reader did not survive it;
  ///   `.unsupported` where it refers to other files or the reader is missing.
  init(_ file: MappedFile, options: ImportOptions) throws(ModelError) {
    try self.init(file, process: try Self.process(byteCount: file.byteCount, options: options))
  }

  /// Reads a file that stands in memory, an archive's entry: the reader is given a copy, and plain datasets stay in that.
  init(content: OwnedStorage, options: ImportOptions) throws(ModelError) {
    let process = try Self.process(byteCount: content.bytes.count, options: options)
    let descriptor = ferry_anonymous_file()
    guard descriptor >= 0 else {
      throw ModelError(.inputOutput, "cannot make memory to share with the HDF5 reader (error \(errno))")
    }
    defer { close(descriptor) }
    defer { withExtendedLifetime(content) {} }
    var rest = content.bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      let written = write(descriptor, piece.baseAddress, piece.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw ModelError(.inputOutput, "cannot write to memory shared with the HDF5 reader (error \(errno))")
      }
      rest = rest.dropFirst(written)
    }
    let copy = try SharedMemory(sealing: descriptor)
    try self.init(storage: copy, outcome: try process.run(descriptor: descriptor))
  }

  private static func process(byteCount: Int, options: ImportOptions) throws(ModelError) -> HDF5ReaderProcess {
    var process = HDF5ReaderProcess(readerPath: try HDF5ReaderLocation.path(given: options.hdf5ReaderPath))
    process.request.maximumSharedBytes = options.limits.weightBytes(ofFile: byteCount)
    return process
  }

  /// Reads the file with this reader process.
  init(_ file: MappedFile, process: HDF5ReaderProcess) throws(ModelError) {
    let descriptor = try Self.open(file)
    defer { close(descriptor) }
    try self.init(storage: file, outcome: try process.run(descriptor: descriptor))
  }

  /// Checks what a reader process said of the file.
  private init(storage: any TensorStorage, outcome: HDF5ReaderProcess.Outcome) throws(ModelError) {
    file = storage
    shared = outcome.shared
    var last: (path: String, isGroup: Bool) = ("/", true)
    for frame in outcome.frames {
      switch frame {
      case .group(let path):
        guard groups[path] == nil, datasets[path] == nil else { throw Self.twice(path) }
        groups[path] = Group(path: path)
        if path != "/" { try enter(path) { group, name in group.groups.append(name) } }
        last = (path, true)
      case .dataset(let dataset):
        guard groups[dataset.path] == nil, datasets[dataset.path] == nil else { throw Self.twice(dataset.path) }
        datasets[dataset.path] = Dataset(description: dataset)
        try enter(dataset.path) { group, name in group.datasets.append(name) }
        last = (dataset.path, false)
      case .attribute(let attribute):
        if last.isGroup {
          groups[last.path]?.attributes[attribute.name] = attribute
        } else {
          datasets[last.path]?.attributes[attribute.name] = attribute
        }
      case .failure, .end: break
      }
    }
  }

  private static func twice(_ path: String) -> ModelError {
    ModelError(.malformed, "the HDF5 file holds two objects named '\(path)'")
  }

  /// Tells the group that holds `path` of it.
  private mutating func enter(_ path: String, _ body: (inout Group, String) -> Void) throws(ModelError) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      throw ModelError(.malformed, "'\(path)' is no absolute path")
    }
    let parent = slash == path.startIndex ? "/" : String(path[..<slash])
    guard let index = groups.index(forKey: parent) else {
      throw ModelError(.malformed, "the HDF5 reader's answer is not understood: '\(path)' comes before its group")
    }
    body(&groups.values[index], String(path[path.utf8.index(after: slash)...]))
  }

  /// The content of a dataset, without a copy.
  ///
  /// - Throws: ``ModelError``: `.unsupported` for text and types that no weight has; `.malformed` where the elements lie
  ///   outside the file.
  func tensor(at path: String) throws(ModelError) -> Tensor {
    guard let dataset = datasets[path] else { throw ModelError(.malformed, "there is no dataset '\(path)'") }
    let description = dataset.description
    let type = TensorType(try elementType(of: dataset), Shape(description.shape))
    guard let byteCount = description.byteCount else {
      throw ModelError(.malformed, "dataset '\(path)' has more bytes than can be counted")
    }
    switch description.location {
    case .none:
      guard byteCount == 0 else { throw ModelError(.malformed, "dataset '\(path)' has no content") }
      return try Tensor(type: type, storage: shared, range: 0..<0)
    case .file(let offset):
      guard offset <= file.bytes.count, byteCount <= file.bytes.count - offset else {
        throw ModelError(.malformed, "dataset '\(path)' lies outside the file", byteOffset: offset)
      }
      return try Tensor(type: type, storage: file, range: offset..<(offset + byteCount))
    case .shared(let offset):
      guard offset <= shared.bytes.count, byteCount <= shared.bytes.count - offset else {
        throw ModelError(.malformed, "dataset '\(path)' lies outside the memory that the HDF5 reader filled")
      }
      return try Tensor(type: type, storage: shared, range: offset..<(offset + byteCount))
    }
  }

  private func elementType(of dataset: Dataset) throws(ModelError) -> ElementType {
    switch dataset.description.element {
    case .float16: return .float16
    case .float32: return .float32
    case .float64: return .float64
    case .int8: return .int8
    case .int16: return .int16
    case .int32: return .int32
    case .int64: return .int64
    case .uint8: return .uint8
    case .uint16: return .uint16
    case .uint32: return .uint32
    case .uint64: return .uint64
    case .bool: return .bool
    case .opaque16 where dataset.attributes["dtype"]?.value == .strings(["bfloat16"]): return .bfloat16
    case .opaque16, .other:
      throw ModelError(.unsupported, "dataset '\(dataset.description.path)' has elements of no type that a weight has")
    }
  }

  /// A descriptor on the file's content.
  private static func open(_ file: MappedFile) throws(ModelError) -> Int32 {
    #if canImport(Glibc)
      let descriptor = Glibc.open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    #else
      let descriptor = Darwin.open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    #endif
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw ModelError(.inputOutput, "cannot open it (error \(errno))")
    }
    guard status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == file.bytes.count else {
      close(descriptor)
      throw ModelError(.inputOutput, "the file changed while it was read")
    }
    return descriptor
  }
}
