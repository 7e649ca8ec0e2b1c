import CSystemSupport

/// XXH3 of 64 bits with seed 0 over bytes that come in pieces.
public final class StreamingHash {
  private let state = UnsafeMutableRawPointer.allocate(byteCount: ferry_xxh3_state_size(), alignment: 64)

  public init() { ferry_xxh3_begin(state) }

  deinit { state.deallocate() }

  public func update(_ bytes: UnsafeRawBufferPointer) { ferry_xxh3_update(state, bytes.baseAddress, bytes.count) }

  /// The hash of all bytes since the last call; the next ones begin a new hash.
  public func finish() -> UInt64 {
    defer { ferry_xxh3_begin(state) }
    return ferry_xxh3_digest(state)
  }
}
