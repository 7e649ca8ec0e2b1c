import FormatSupport
import ModelGraph

/// Reads every tensor of a file once, in the order of the file, while the caller does something else: its checksum, and
/// whether its numbers are finite.
struct TensorScan {
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
  private let work: BackgroundWork<[Result]>?

  /// Begins.
  init(_ container: NativeContainer) {
    self.container = container
    work = container.file.byteCount >= Self.threadPays ? BackgroundWork { Self.results(container) } : nil
  }

  /// One a tensor; waits for them.
  var results: [Result] { work?.value ?? Self.results(container) }

  private static func results(_ container: NativeContainer) -> [Result] {
    let sorted = container.entries.sorted { ($0.value.range.lowerBound, $0.key) < ($1.value.range.lowerBound, $1.key) }
    return sorted.map { name, entry in
      let bytes = UnsafeRawBufferPointer(rebasing: container.file.bytes[entry.range])
      return Result(
        name: name, byteOffset: entry.range.lowerBound, checksum: checksumText(bytes),
        isFinite: entry.type.realType?.firstNonFinite(in: bytes) == nil)
    }
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
