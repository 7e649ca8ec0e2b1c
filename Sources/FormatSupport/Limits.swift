/// Bounds on what a file may make Ferry allocate or descend into.
///
/// Each is far above what real models need; a file that passes one is refused with the limit's name.
public struct Limits: Hashable, Sendable {
  /// Dimensions of one tensor.
  public var tensorRank = 16
  /// Elements of one tensor, whether stored or implied by a shape.
  public var tensorElements = 1 << 36
  /// Nodes of a program, all of its graphs together.
  public var nodes = 1_000_000
  /// Values of a program, all of its graphs together.
  public var values = 4_000_000
  /// Graphs of a program.
  public var graphs = 10_000
  /// Levels of nested graphs, messages or layers.
  public var nestingDepth = 64
  /// Bytes of one name or other string.
  public var stringLength = 1 << 20
  /// Elements of one attribute that is a list.
  public var attributeElements = 1 << 24
  /// Levels of nested JSON arrays and objects.
  public var jsonDepth = 128
  /// Bytes of one JSON document.
  public var jsonBytes = 100_000_000
  /// Values of one JSON document: a value takes up to a hundred times the bytes of its text.
  public var jsonValues = 10_000_000
  /// Bytes of a header of a tensor file (NPY, safetensors).
  public var headerBytes = 100_000_000
  /// Entries of a zip archive.
  public var zipEntries = 65_536
  /// Bytes of one unpacked zip entry.
  public var zipEntryBytes = 4 << 30
  /// How many times larger than its packed bytes a zip entry may become; deflate itself cannot pass 1032.
  public var zipExpansionRatio = 1_100
  /// How many times larger than their file packed weights may become, once they pass ``packedWeightBytes``: trained weights
  /// hardly shrink.
  public var weightExpansionRatio = 100
  /// Bytes that packed weights may become, whatever their file's size.
  public var packedWeightBytes = 64 << 20

  public init() {}

  public static let standard = Limits()

  /// How many bytes the packed weights of a file may become.
  public func weightBytes(ofFile byteCount: Int) -> Int {
    let (expanded, overflow) = byteCount.multipliedReportingOverflow(by: weightExpansionRatio)
    return min(zipEntryBytes, max(overflow ? Int.max : expanded, packedWeightBytes))
  }
}
