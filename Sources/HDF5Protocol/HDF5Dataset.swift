/// An array of an HDF5 file: what it is, and where its elements lie.
public struct HDF5Dataset: Hashable, Sendable {
  /// What one element is. Wherever ``Location`` leads, elements are little-endian.
  public enum Element: UInt8, Sendable, CaseIterable {
    case float16 = 1
    case float32 = 2
    case float64 = 3
    case int8 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case uint8 = 8
    case uint16 = 9
    case uint32 = 10
    case uint64 = 11
    /// One byte, 0 or 1.
    case bool = 12
    /// Two bytes without a meaning of HDF5's own; Keras stores bfloat16 so.
    case opaque16 = 13
    /// Text and everything else; never handed over.
    case other = 14

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .int8, .uint8, .bool: 1
      case .float16, .int16, .uint16, .opaque16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      case .other: 0
      }
    }
  }

  /// Where the elements lie, row-major and without gaps.
  public enum Location: Hashable, Sendable {
    /// Nowhere: the dataset is empty, or of ``Element/other``.
    case none
    /// In the model file itself, at this offset in bytes.
    case file(offset: Int)
    /// In the shared memory, at this offset in bytes.
    case shared(offset: Int)
  }

  /// The absolute path, `/group/name`.
  public var path: String
  public var element: Element
  /// The dimensions, outermost first; `[]` for a scalar.
  public var shape: [Int]
  public var location: Location

  public init(path: String, element: Element, shape: [Int], location: Location) {
    self.path = path
    self.element = element
    self.shape = shape
    self.location = location
  }

  /// The number of elements, or nil where it does not fit an `Int`.
  public var elementCount: Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The number of bytes that the elements take, or nil where it does not fit an `Int`.
  public var byteCount: Int? {
    guard let elementCount else { return nil }
    let (product, overflow) = elementCount.multipliedReportingOverflow(by: element.size)
    return overflow ? nil : product
  }
}
