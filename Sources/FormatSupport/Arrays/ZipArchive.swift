import CLibZip
public import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The entries of a zip archive: stored or deflated, bounded in number, size and expansion, never encrypted.
public final class ZipArchive {
  public struct Entry: Hashable, Sendable {
    public let name: String
    /// Bytes of the unpacked content.
    public let byteCount: Int
    let index: UInt64
  }

  /// In the archive's order.
  public let entries: [Entry]
  // The archive reads from the file's mapping.
  private let file: MappedFile
  private let archive: OpaquePointer

  /// Opens an archive and checks what its directory claims; nothing is unpacked yet.
  ///
  /// - Throws: `.malformed` for a broken archive, an entry that occurs twice or a limit that is passed; `.unsupported`
  ///   for encrypted entries and for packing other than deflate, or where libzip is not installed.
  public init(_ file: MappedFile, limits: Limits = .standard) throws(ModelError) {
    try Self.load()
    // libzip takes an empty file for an empty archive; the smallest one is an end record of 22 bytes.
    guard file.byteCount >= 22 else { throw ModelError(.malformed, "no zip archive: it has \(file.byteCount) bytes") }
    self.file = file
    var opened: OpaquePointer?
    if let message = ferry_zip_open(file.bytes.baseAddress, file.byteCount, &opened) {
      throw ModelError(.malformed, "no zip archive: \(String(cString: message))")
    }
    guard let opened else { throw ModelError(.internalFault, "libzip opened nothing") }
    do {
      entries = try Self.directory(opened, file: file, limits: limits)
    } catch {
      ferry_zip_close(opened)
      throw error
    }
    archive = opened
  }

  deinit { ferry_zip_close(archive) }

  /// Unpacks one entry and compares its CRC-32.
  ///
  /// - Throws: `.malformed` where the content is damaged.
  public func content(of entry: Entry) throws(ModelError) -> OwnedStorage {
    try OwnedStorage(byteCount: entry.byteCount) { (buffer) throws(ModelError) in
      if let message = ferry_zip_read_entry(archive, entry.index, buffer.baseAddress, entry.byteCount) {
        throw ModelError(.malformed, "the archive is damaged: \(String(cString: message))").within(.entry(entry.name))
      }
    }
  }

  /// An archive of `entries` in their order, the same bytes for the same content.
  public static func bytes(
    _ entries: [(name: String, content: [UInt8])], isDeflated: Bool = false
  ) throws(ModelError) -> [UInt8] {
    try load()
    var archive: OpaquePointer?
    try check(ferry_zip_create(&archive))
    guard let archive else { throw ModelError(.internalFault, "libzip made nothing") }
    // libzip reads the entries only in ferry_zip_finish: the copies must live until then.
    var copies: [UnsafeMutableRawBufferPointer] = []
    defer { for copy in copies { copy.deallocate() } }
    var failure: ModelError?
    for entry in entries where failure == nil {
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(entry.content.count, 1), alignment: 16)
      copy.copyBytes(from: entry.content)
      copies.append(copy)
      if let message = ferry_zip_add_entry(
        archive, entry.name, copy.baseAddress, entry.content.count, isDeflated ? 1 : 0)
      {
        failure = writingError(message)
      }
    }
    var memory: UnsafeMutableRawPointer?
    var count = 0
    let message = ferry_zip_finish(archive, &memory, &count)
    defer { free(memory) }
    if let failure { throw failure }
    try check(message)
    return Array(UnsafeRawBufferPointer(start: memory, count: count))
  }

  private static func load() throws(ModelError) {
    if let message = ferry_zip_load() {
      throw ModelError(.unsupported, String(cString: message), hint: "install it: apt-get install libzip4")
    }
  }

  private static func writingError(_ message: UnsafePointer<CChar>) -> ModelError {
    ModelError(.inputOutput, "cannot make the zip archive: \(String(cString: message))")
  }

  private static func check(_ message: UnsafePointer<CChar>?) throws(ModelError) {
    if let message { throw writingError(message) }
  }

  private static func directory(
    _ archive: OpaquePointer, file: MappedFile, limits: Limits
  ) throws(ModelError) -> [Entry] {
    let count = ferry_zip_entry_count(archive)
    guard count <= UInt64(limits.zipEntries) else {
      throw ModelError(.malformed, "\(count) entries pass the limit of \(limits.zipEntries)")
    }
    var entries: [Entry] = []
    var names: Set<String> = []
    var packedTotal: UInt64 = 0
    for index in 0..<count {
      var found = ferry_zip_entry()
      if let message = ferry_zip_describe_entry(archive, index, &found) {
        throw ModelError(.malformed, "entry #\(index) of the archive: \(String(cString: message))")
      }
      guard let name = found.name.flatMap({ String(validatingCString: $0) }) else {
        throw ModelError(.malformed, "entry #\(index) of the archive has a name that is not valid UTF-8")
      }
      entries.append(
        try within(.entry(name)) { () throws(ModelError) in try checkedEntry(found, name, index, limits) })
      guard names.insert(name).inserted else {
        throw ModelError(.malformed, "occurs twice in the archive").within(.entry(name))
      }
      // Entries that share packed bytes could together unpack to any size.
      packedTotal = packedTotal.addingReportingOverflow(found.packed_size).partialValue
      guard packedTotal <= UInt64(file.byteCount) else {
        throw ModelError(.malformed, "the archive's entries overlap").within(.entry(name))
      }
    }
    return entries
  }

  private static func checkedEntry(
    _ found: ferry_zip_entry, _ name: String, _ index: UInt64, _ limits: Limits
  ) throws(ModelError) -> Entry {
    guard found.is_encrypted == 0 else { throw ModelError(.unsupported, "is encrypted") }
    guard found.method == 0 || found.method == 8 else {
      throw ModelError(.unsupported, "is packed by method \(found.method); only stored and deflated entries are read")
    }
    guard let size = Int(exactly: found.size), size <= limits.zipEntryBytes else {
      throw ModelError(.malformed, "its \(found.size) bytes pass the limit of \(limits.zipEntryBytes)")
    }
    let (largest, overflows) = found.packed_size.multipliedReportingOverflow(by: UInt64(limits.zipExpansionRatio))
    let packedSizeFits = found.method == 0 ? found.size == found.packed_size : overflows || found.size <= largest
    guard packedSizeFits else {
      throw ModelError(.malformed, "its \(found.size) bytes cannot come from \(found.packed_size) packed ones")
    }
    return Entry(name: name, byteCount: size, index: index)
  }
}
