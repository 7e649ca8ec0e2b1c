/// A height and a width: of a kernel, a stride, a dilation.
public struct Size2D: Hashable, Sendable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public init(_ both: Int) { self.init(height: both, width: both) }

  public static let one = Size2D(1)

  /// Checks that both are at least one.
  ///
  /// - Throws: `.malformed` otherwise, naming `role`.
  func expectPositive(_ role: String) throws(ModelError) {
    // The upper bound keeps every product of kernel, stride and dilation within an Int.
    guard height >= 1, width >= 1, height <= 1 << 20, width <= 1 << 20 else {
      throw ModelError(.malformed, "\(role) \(self) is outside 1…\(1 << 20)")
    }
  }
}

extension Size2D: CustomStringConvertible {
  public var description: String { "\(height)×\(width)" }
}
