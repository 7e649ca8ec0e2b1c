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
  private let listing: HDF5Listing
  /// Where plain datasets lie.
  private let file: any TensorStorage
  private let shared: SharedMemory

  /// By absolute path.
  var groups: [String: HDF5Listing.Group] { listing.groups }
  /// By absolute path.
  var datasets: [String: HDF5Listing.Dataset] { listing.datasets }

  var root: HDF5Listing.Group { groups["/"] ?? HDF5Listing.Group(path: "/") }

  func group(_ path: String) -> HDF5Listing.Group? { groups[path] }

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
    self.init(storage: copy, outcome: try process.run(descriptor: descriptor))
  }

  static func process(byteCount: Int, options: ImportOptions) throws(ModelError) -> HDF5ReaderProcess {
    var process = HDF5ReaderProcess(readerPath: try HDF5ReaderLocation.path(given: options.hdf5ReaderPath))
    process.request.maximumSharedBytes = options.limits.weightBytes(ofFile: byteCount)
    process.limitTime(byteCount: byteCount)
    return process
  }

  /// Reads the file with this reader process.
  init(_ file: MappedFile, process: HDF5ReaderProcess) throws(ModelError) {
    let descriptor = try Self.open(file)
    defer { close(descriptor) }
    self.init(storage: file, outcome: try process.run(descriptor: descriptor))
  }

  private init(storage: any TensorStorage, outcome: HDF5ReaderProcess.Outcome) {
    listing = outcome.listing
    file = storage
    shared = outcome.shared
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

  private func elementType(of dataset: HDF5Listing.Dataset) throws(ModelError) -> ElementType {
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
