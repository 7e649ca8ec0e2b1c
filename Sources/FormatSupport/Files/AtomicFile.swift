import CSystemSupport
public import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears under its name complete, or not at all.
///
/// What is written goes to a temporary file in the same folder; ``commit()`` flushes it to the disk and renames it. An
/// object that goes away without commit takes the temporary file with it; where the process ends first, see
/// ``TemporaryFiles``. Without `replacing`, a file that stands under
/// the name, even one that appears while writing, is never replaced.
public final class AtomicFile {
  /// The path as it was given.
  public let path: String
  private let target: String
  private let temporaryPath: String
  /// The note that lets a signal remove the temporary file.
  private let note: OpaquePointer?
  private let replacing: Bool
  private var descriptor: Int32
  private var writtenBytes = 0
  /// How many of them the disk has been told of.
  private var flushingBytes = 0

  /// Opens the temporary file.
  ///
  /// - Throws: `.cannotCreate` where the output exists and is not to be replaced, is no regular file, or its folder
  ///   cannot be written; `.inputOutput` where the disk is full or fails.
  public init(path: String, replacing: Bool) throws(ModelError) {
    self.path = path
    self.replacing = replacing
    let (target, permissions) = try Self.checkedTarget(path, replacing: replacing)
    self.target = target
    var attempts = 0
    while true {
      let candidate = Self.temporaryName(target)
      let note = ferry_note_temporary_file(candidate)
      let opened = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      let number = errno
      if opened >= 0 {
        // A replaced file keeps its permissions; failing to set them is no reason to fail.
        if let permissions { fchmod(opened, permissions) }
        temporaryPath = candidate
        self.note = note
        descriptor = opened
        return
      }
      ferry_forget_temporary_file(note)
      attempts += 1
      guard number == EEXIST || number == EINTR, attempts < 100 else { throw Self.creationError(number, path) }
    }
  }

  deinit { abandon() }

  /// Throws what ``init(path:replacing:)`` would throw for an output that exists, before any work is done.
  public static func check(path: String, replacing: Bool) throws(ModelError) {
    _ = try checkedTarget(path, replacing: replacing)
    guard access(path.pathFolder, W_OK | X_OK) == 0 else { throw creationError(errno, path) }
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    try write(bytes, at: writtenBytes)
    writtenBytes += bytes.count
    // The disk works while the rest is written, and `fsync` finds little left to wait for.
    if writtenBytes - flushingBytes >= 1 << 20 {
      ferry_start_flushing(descriptor, Int64(flushingBytes), Int64(writtenBytes - flushingBytes))
      flushingBytes = writtenBytes
    }
  }

  /// Leaves `byteCount` bytes out, for ``fill(_:at:)`` to write.
  public func reserve(_ byteCount: Int) { writtenBytes += byteCount }

  /// Writes what was left out: what is known only after what stands behind it.
  public func fill(_ bytes: [UInt8], at offset: Int) throws(ModelError) {
    try withBytes(of: bytes) { (bytes) throws(ModelError) in try write(bytes, at: offset) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ModelError) {
    guard descriptor >= 0 else { throw ModelError(.internalFault, "writing to '\(path)' after its end") }
    var done = 0
    while done < bytes.count {
      // One call writes at most 2 GB on Linux.
      let piece = UnsafeRawBufferPointer(rebasing: bytes[done..<min(bytes.count, done + 1 << 30)])
      let written = pwrite(descriptor, piece.baseAddress, piece.count, off_t(offset + done))
      let number = errno
      if written < 0 {
        if number == EINTR { continue }
        abandon()
        throw ModelError(.inputOutput, "cannot write it: \(systemMessage(number))").within(.file(path))
      }
      done += written
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(ModelError) {
    try withBytes(of: bytes) { (bytes) throws(ModelError) in try write(bytes) }
  }

  private func withBytes(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(ModelError) -> Void
  ) throws(ModelError) {
    let result: Result<Void, ModelError> = bytes.withUnsafeBytes { buffer in
      Result { () throws(ModelError) in try body(buffer) }
    }
    try result.get()
  }

  /// Flushes the content to the disk and gives the file its name.
  ///
  /// - Throws: `.cannotCreate` where a file appeared under the name meanwhile; `.inputOutput` where flushing fails.
  public func commit() throws(ModelError) {
    guard descriptor >= 0 else { throw ModelError(.internalFault, "'\(path)' has ended already") }
    let flushed = fsync(descriptor)
    let flushError = errno
    let closed = close(descriptor)
    let closeError = errno
    descriptor = -1
    defer { ferry_forget_temporary_file(note) }
    guard flushed == 0, closed == 0 else {
      unlink(temporaryPath)
      throw ModelError(.inputOutput, "cannot write it: \(systemMessage(flushed == 0 ? closeError : flushError))")
        .within(.file(path))
    }
    let number =
      replacing ? rename(temporaryPath, target) == 0 ? 0 : errno : ferry_rename_exclusively(temporaryPath, target)
    guard number == 0 else {
      unlink(temporaryPath)
      throw Self.creationError(number, path)
    }
    flushFolder()
  }

  /// Gives up: removes the temporary file. Does nothing after ``commit()``.
  public func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporaryPath)
    ferry_forget_temporary_file(note)
  }

  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(ModelError) {
    let file = try AtomicFile(path: path, replacing: replacing)
    try file.write(bytes)
    try file.commit()
  }

  /// The name lasts through a loss of power only once the folder is on the disk; not every file system can do it.
  private func flushFolder() {
    let folder = open(target.pathFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Where the file will stand (a replaced symbolic link keeps pointing to it), and the permissions of a replaced one.
  private static func checkedTarget(
    _ path: String, replacing: Bool
  ) throws(ModelError) -> (path: String, permissions: mode_t?) {
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
      throw ModelError(.cannotCreate, "the path does not name a file").within(.file(path))
    }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return (path, nil) }
      throw creationError(errno, path)
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw ModelError(.cannotCreate, "is a directory").within(.file(path)) }
    guard replacing else { throw creationError(EEXIST, path) }
    var target = path
    if status.st_mode & S_IFMT == S_IFLNK {
      guard let resolved = realpath(path, nil) else {
        guard errno == ENOENT else { throw creationError(errno, path) }
        throw ModelError(.cannotCreate, "is a symbolic link to a file that does not exist").within(.file(path))
      }
      defer { free(resolved) }
      target = String(cString: resolved)
      guard stat(target, &status) == 0 else { throw creationError(errno, path) }
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ModelError(.cannotCreate, "is not a regular file").within(.file(path))
    }
    return (target, status.st_mode & 0o777)
  }

  private static func creationError(_ number: Int32, _ path: String) -> ModelError {
    let isDiskFault = [ENOSPC, EIO, EDQUOT, EFBIG].contains(number)
    return switch number {
    case EEXIST:
      ModelError(.cannotCreate, "the output exists", hint: "use --force to replace it").within(.file(path))
    case ENOENT: ModelError(.cannotCreate, "its folder does not exist").within(.file(path))
    default:
      ModelError(isDiskFault ? .inputOutput : .cannotCreate, "cannot create it: \(systemMessage(number))")
        .within(.file(path))
    }
  }

  /// A hidden name beside the target that does not outgrow the longest allowed name.
  private static func temporaryName(_ target: String) -> String {
    "\(target.pathFolder)/.ferry-\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
  }
}
