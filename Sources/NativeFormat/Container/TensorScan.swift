import FormatSupport
import ModelGraph

/// Reads every tensor of a file once, in the order of the file, while the caller does something else: its checksum, and
/// whether its numbers are finite.
final class TensorScan: @unchecked Sendable {
  struct Result: Sendable {
    let name: String
    let byteOffset: Int
    /// XXH3 of 64 bits, 16 lower-case hexadecimal digits.
    let checksum: String
    let isFinite: Bool
  }

  /// Below this many bytes a thread costs more than it saves.
  private static let threadPays = 1 << 20

  private let container: NativeContainer
  /// Written by the thread until it has ended.
  private var found: [Result] = []
  private var thread: BackgroundThread?
  private var hasRun = false

  /// Begins.
  init(_ container: NativeContainer) {
    self.container = container
    guard container.file.byteCount >= Self.threadPays else { return }
    // The thread ends before the object does: it needs no reference of its own.
    let scan = Unmanaged.passUnretained(self)
    thread = BackgroundThread { scan.takeUnretainedValue().run() }
  }

  deinit { thread?.join() }

  /// One a tensor; waits for them. For the one thread that made the object.
  var results: [Result] {
    thread?.join()
    // Without a thread of its own the caller's does the work.
    if !hasRun { run() }
    return found
  }

  private func run() {
    found.reserveCapacity(container.entries.count)
    let sorted = container.entries.sorted { ($0.value.range.lowerBound, $0.key) < ($1.value.range.lowerBound, $1.key) }
    for (name, entry) in sorted {
      let bytes = UnsafeRawBufferPointer(rebasing: container.file.bytes[entry.range])
      found.append(
        Result(
          name: name, byteOffset: entry.range.lowerBound, checksum: checksumText(bytes),
          isFinite: entry.type.realType?.firstNonFinite(in: bytes) == nil))
    }
    hasRun = true
  }
}

extension SafetensorsType {
  /// The element type of real numbers; nil for others.
  fileprivate var realType: ElementType? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }
}
