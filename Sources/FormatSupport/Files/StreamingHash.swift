import CSystemSupport

/// XXH3 of 64 bits with seed 0 over bytes that come in pieces.
public final class StreamingHash {
  private let state: OpaquePointer

  public init() {
    guard let state = ferry_xxh3_new() else { preconditionFailure("no memory for the state of a hash") }
    self.state = state
  }

  deinit { ferry_xxh3_free(state) }

  public func update(_ bytes: UnsafeRawBufferPointer) { ferry_xxh3_update(state, bytes.baseAddress, bytes.count) }

  /// The hash of all bytes since the last call; the next ones begin a new hash.
  public func finish() -> UInt64 { ferry_xxh3_finish(state) }
}
