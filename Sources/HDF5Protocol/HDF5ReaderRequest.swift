/// What Ferry asks of the reader process: the bounds that it holds itself to.
///
/// It travels as arguments; the file and the shared memory are the descriptors of ``Descriptor``.
public struct HDF5ReaderRequest: Hashable, Sendable {
  /// The descriptors that the reader is started with.
  public enum Descriptor {
    /// Nothing can be read from it.
    public static let input: Int32 = 0
    /// Where the response goes.
    public static let response: Int32 = 1
    /// What the reader writes here is lost.
    public static let messages: Int32 = 2
    /// The model file, open for reading.
    public static let file: Int32 = 3
    /// An empty file in memory, open for writing.
    public static let shared: Int32 = 4
    /// How many the reader has.
    public static let count: Int32 = 5
  }

  /// Groups and datasets.
  public var maximumObjects = 100_000
  /// Groups within groups.
  public var maximumDepth = 64
  /// Bytes of names and attributes together.
  public var maximumMetadataBytes = 256 << 20
  /// Bytes of datasets that do not lie plain in the file.
  public var maximumSharedBytes = 4 << 30
  /// Address space beyond the shared memory, in bytes.
  public var maximumAddressSpace = 2 << 30
  /// Processor time, in seconds.
  public var maximumSeconds = 120

  public init() {}

  private static let fields: [WritableKeyPath<HDF5ReaderRequest, Int> & Sendable] = [
    \.maximumObjects, \.maximumDepth, \.maximumMetadataBytes, \.maximumSharedBytes, \.maximumAddressSpace,
    \.maximumSeconds,
  ]

  /// The request as the reader's arguments, the program's name not among them.
  public var arguments: [String] {
    [String(HDF5Response.version)] + Self.fields.map { String(self[keyPath: $0]) }
  }

  /// The request that the arguments say, or nil where they say none.
  public init?(arguments: [String]) {
    guard arguments.count == Self.fields.count + 1, UInt32(arguments[0]) == HDF5Response.version else { return nil }
    for (field, text) in zip(Self.fields, arguments.dropFirst()) {
      guard let number = Int(text), number >= 0 else { return nil }
      self[keyPath: field] = number
    }
  }
}
