/// A tensor with its content: row-major, little-endian, its bytes not assumed to be aligned.
public struct Tensor: Sendable {
  public enum Content: Sendable {
    /// Bytes `range` of `storage`.
    case bytes(any TensorStorage, Range<Int>)
    /// The same value everywhere.
    case splat(Scalar)
  }

  public let type: TensorType
  public let content: Content
  /// The extents of the shape; a tensor's shape is always fixed.
  public let extents: [Int]
  public let elementCount: Int

  public var elementType: ElementType { type.elementType }

  /// A tensor over bytes that exist already.
  ///
  /// - Throws: `.malformed` when the shape is not fixed, too large, or does not take exactly `range.count` bytes.
  public init(type: TensorType, storage: any TensorStorage, range: Range<Int>) throws(ModelError) {
    let (extents, count) = try Self.checkedExtents(type)
    guard let expected = type.elementType.byteCount(elementCount: count) else {
      throw ModelError(.unsupported, "a tensor of type \(type) has no fixed size in bytes")
    }
    guard expected == range.count, range.lowerBound >= 0, range.upperBound <= storage.byteCount else {
      throw ModelError(.malformed, "a tensor of type \(type) takes \(expected) bytes, found \(range.count)")
    }
    self.type = type
    self.extents = extents
    self.elementCount = count
    self.content = .bytes(storage, range)
  }

  /// A tensor with the same value everywhere.
  public init(type: TensorType, splat value: Scalar) throws(ModelError) {
    (extents, elementCount) = try Self.checkedExtents(type)
    self.type = type
    self.content = .splat(value)
  }

  /// A tensor of `elements` in row-major order; their Swift type must be as wide as the element type.
  public init<Element: BitwiseCopyable>(
    _ elements: [Element], type: TensorType
  ) throws(ModelError) {
    guard type.elementType.bitWidth == MemoryLayout<Element>.stride * 8 else {
      throw ModelError(.internalFault, "\(Element.self) is not as wide as \(type.elementType.name)")
    }
    let storage = OwnedStorage(elements)
    try self.init(type: type, storage: storage, range: 0..<storage.bytes.count)
  }

  /// A float32 tensor.
  public init(_ elements: [Float], shape: [Int]) throws(ModelError) {
    try self.init(elements, type: TensorType(.float32, Shape(shape)))
  }

  /// An int64 tensor.
  public init(_ elements: [Int64], shape: [Int]) throws(ModelError) {
    try self.init(elements, type: TensorType(.int64, Shape(shape)))
  }

  private init(copying other: Tensor, type: TensorType, extents: [Int]) {
    self.type = type
    self.content = other.content
    self.extents = extents
    self.elementCount = other.elementCount
  }

  /// The same elements, in the same order, under another shape.
  ///
  /// - Throws: `.internalFault` when the element counts differ.
  public func reshaped(to shape: [Int]) throws(ModelError) -> Tensor {
    guard Shape.elementCount(of: shape) == elementCount else {
      throw ModelError(.internalFault, "cannot view \(type) as \(Shape(shape))")
    }
    return Tensor(copying: self, type: type.with(shape: Shape(shape)), extents: shape)
  }

  /// The same elements under another quantization (the counts do not change).
  public func with(quantization: Quantization?) -> Tensor {
    Tensor(
      copying: self, type: TensorType(type.elementType, type.shape, quantization: quantization), extents: extents)
  }

  /// Number of bytes that the content takes when written out; nil for strings.
  public var byteCount: Int? { elementType.byteCount(elementCount: elementCount) }

  private static func checkedExtents(_ type: TensorType) throws(ModelError) -> ([Int], Int) {
    guard let extents = type.shape.extents, let count = Shape.elementCount(of: extents) else {
      throw ModelError(.malformed, "the shape \(type.shape) has no fixed number of elements")
    }
    return (extents, count)
  }
}
