public import ModelGraph

/// NumPy's array files (.npy, versions 1 to 3; format: numpy.lib.format).
///
/// Elements: `f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1` in either byte order, row-major or Fortran order. Row-major
/// little-endian arrays are not copied: the tensor points into the file.
public enum NPYFile {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Whether bytes begin like an NPY file.
  public static func matches(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: magic) }

  /// Reads the array in the file at `path`.
  public static func read(path: String, limits: Limits = .standard) throws(ModelError) -> Tensor {
    let file = try MappedFile(path: path)
    return try within(.file(path)) { () throws(ModelError) in try read(file, limits: limits) }
  }

  /// Reads the array that takes all bytes of `storage`.
  ///
  /// - Throws: `.malformed` for a broken header, content of another size than the header says, or a limit that is
  ///   passed; `.unsupported` for other versions and element types.
  public static func read(_ storage: any TensorStorage, limits: Limits = .standard) throws(ModelError) -> Tensor {
    let reader = ByteReader(storage)
    guard matches(storage.bytes) else { throw ModelError(.malformed, "no NPY file: its magic is missing") }
    let major = try reader.uint8(at: 6)
    guard (1...3).contains(major), try reader.uint8(at: 7) == 0 else {
      throw ModelError(.unsupported, "NPY version \(major).\(try reader.uint8(at: 7))", byteOffset: 6)
    }
    let headerStart = major == 1 ? 10 : 12
    let headerCount = major == 1 ? Int(try reader.uint16(at: 8)) : Int(try reader.uint32(at: 8))
    guard headerCount <= limits.headerBytes else {
      throw ModelError(.malformed, "a header of \(headerCount) bytes", byteOffset: 8)
    }
    let header = try NPYHeader(
      parsing: try reader.bytes(at: headerStart, count: headerCount), baseOffset: headerStart, limits: limits)
    let start = headerStart + headerCount
    let shape = header.isFortranOrder ? header.shape.reversed() : header.shape
    let type = TensorType(header.elementType, Shape(shape))
    guard let count = Shape.elementCount(of: shape), header.elementType.byteCount(elementCount: count) != nil else {
      throw ModelError(.malformed, "the shape \(type.shape) is too large", byteOffset: headerStart)
    }
    var tensor = try Tensor(type: type, storage: storage, range: start..<reader.byteCount)
    if header.isBigEndian { tensor = try swapped(tensor) }
    if header.isFortranOrder && shape.count > 1 {
      tensor = try tensor.transposed(Array((0..<shape.count).reversed()))
    }
    return tensor
  }

  /// The whole file of a tensor, as NumPy writes it. bfloat16 is widened to `f4`, int4 to `i1`.
  ///
  /// - Throws: `.unsupported` for strings.
  public static func bytes(of tensor: Tensor) throws(ModelError) -> [UInt8] {
    var tensor = tensor
    switch tensor.elementType {
    case .bfloat16:
      tensor = try Tensor(try tensor.floats(), type: TensorType(.float32, tensor.type.shape))
    case .int4:
      tensor = try Tensor(
        try tensor.integers().map { Int8(truncatingIfNeeded: $0) }, type: TensorType(.int8, tensor.type.shape))
    default: break
    }
    var bytes = try NPYHeader(elementType: tensor.elementType, shape: tensor.extents).bytes()
    try tensor.withUnsafeBytes { content in bytes.append(contentsOf: content) }
    return bytes
  }

  /// Writes a tensor as an NPY file.
  public static func write(_ tensor: Tensor, to path: String, replacing: Bool) throws(ModelError) {
    try AtomicFile.write(try bytes(of: tensor), to: path, replacing: replacing)
  }

  /// The tensor with the bytes of every element in the opposite order.
  private static func swapped(_ tensor: Tensor) throws(ModelError) -> Tensor {
    switch tensor.elementType.bitWidth {
    case 16: try Tensor(try tensor.elements(as: UInt16.self).map(\.byteSwapped), type: tensor.type)
    case 32: try Tensor(try tensor.elements(as: UInt32.self).map(\.byteSwapped), type: tensor.type)
    case 64: try Tensor(try tensor.elements(as: UInt64.self).map(\.byteSwapped), type: tensor.type)
    default: tensor
    }
  }
}
