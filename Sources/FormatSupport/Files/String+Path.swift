/// Paths as the system reads them: bytes, with the byte 0x2F between their parts.
///
/// To Swift, a slash with a combining mark behind it is one character, and no slash; to the system it is one.
extension String {
  /// What stands between the slashes, empty parts too.
  public var pathParts: [Substring] {
    utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
  }

  /// The folder that the path leads into: `.` for a name alone.
  public var pathFolder: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}
