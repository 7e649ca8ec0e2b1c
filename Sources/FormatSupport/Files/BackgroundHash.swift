import CSystemSupport

/// SHA-256 of a file, computed by a thread of its own while the caller does something else.
public final class BackgroundHash: @unchecked Sendable {
  // Both are set by the initialiser alone, and the handle may be asked from any thread.
  private let file: MappedFile
  private let handle: OpaquePointer?

  /// Begins.
  public init(_ file: MappedFile) {
    self.file = file
    handle = ferry_sha256_begin(file.bytes.baseAddress, file.bytes.count)
  }

  deinit {
    if let handle { ferry_sha256_free(handle) }
  }

  /// SHA-256 in 64 lower-case hexadecimal digits; waits for it.
  public var text: String {
    // Without a thread of its own the caller's does the work.
    guard let handle else { return ContentHash.sha256Text(file.bytes) }
    return ContentHash.hexadecimal(
      [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
        ferry_sha256_result(handle, digest.baseAddress)
        count = 32
      })
  }
}
