/// Rows and columns on the four sides of a map.
public struct EdgeInsets: Hashable, Sendable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public static let zero = EdgeInsets(top: 0, left: 0, bottom: 0, right: 0)

  /// Checks that no side is negative or beyond what a map can hold.
  ///
  /// - Throws: `.malformed` otherwise.
  func expectValid() throws(ModelError) {
    guard [top, left, bottom, right].allSatisfy({ (0...(1 << 24)).contains($0) }) else {
      throw ModelError(.malformed, "padding \(self) is outside 0…\(1 << 24)")
    }
  }
}

extension EdgeInsets: CustomStringConvertible {
  public var description: String { "[\(top), \(left), \(bottom), \(right)]" }
}
