import ModelGraph

/// The header of an NPY file: a Python dictionary in text.
struct NPYHeader {
  var elementType: ElementType
  var shape: [Int]
  var isFortranOrder = false
  var isBigEndian = false

  private static let typeNames: [(name: String, type: ElementType)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64), ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64),
    ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("b1", .bool),
  ]

  init(elementType: ElementType, shape: [Int]) {
    self.elementType = elementType
    self.shape = shape
  }

  /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }`, its keys in any order, each exactly once.
  init(parsing bytes: UnsafeRawBufferPointer, baseOffset: Int, limits: Limits) throws(ModelError) {
    var scanner = PythonLiteralScanner(bytes, baseOffset: baseOffset)
    var description: String?
    var order: Bool?
    var extents: [Int]?
    try scanner.expect("{")
    while !scanner.take("}") {
      let keyOffset = scanner.offset
      let key = try scanner.string()
      try scanner.expect(":")
      let isRepeated: Bool
      switch key {
      case "descr":
        isRepeated = description != nil
        guard !scanner.isAt("[") else {
          throw ModelError(.unsupported, "NPY arrays of records", byteOffset: scanner.offset)
        }
        description = try scanner.string()
      case "fortran_order":
        isRepeated = order != nil
        order = try scanner.bool()
      case "shape":
        isRepeated = extents != nil
        extents = try scanner.tuple(limit: limits.tensorRank)
      default: throw ModelError(.malformed, "NPY header: unknown key '\(key)'", byteOffset: keyOffset)
      }
      guard !isRepeated else {
        throw ModelError(.malformed, "NPY header: the key '\(key)' occurs twice", byteOffset: keyOffset)
      }
      if !scanner.take(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.expectEnd()
    guard let description, let order, let extents else {
      throw ModelError(.malformed, "NPY header: 'descr', 'fortran_order' or 'shape' is missing", byteOffset: baseOffset)
    }
    let name = String(description.dropFirst())
    let mark = description.first
    guard let match = Self.typeNames.first(where: { $0.name == name }),
      mark == "<" || mark == ">" || (mark == "|" && match.type.bitWidth == 8)
    else {
      throw ModelError(
        .unsupported, "NPY elements of type '\(description)'", byteOffset: baseOffset,
        hint: "save numbers: f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1")
    }
    elementType = match.type
    shape = extents
    isFortranOrder = order
    isBigEndian = mark == ">"
  }

  /// Magic, version, length and header, padded to a multiple of 64 bytes as NumPy does it.
  func bytes() throws(ModelError) -> [UInt8] {
    guard let name = Self.typeNames.first(where: { $0.type == elementType })?.name else {
      throw ModelError(.unsupported, "an NPY file cannot hold elements of type \(elementType.name)")
    }
    let mark = elementType.bitWidth == 8 ? "|" : "<"
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    let text = "{'descr': '\(mark)\(name)', 'fortran_order': False, 'shape': \(tuple), }"
    let needsVersion2 = text.utf8.count + 75 > Int(UInt16.max)
    let start = needsVersion2 ? 12 : 10
    let total = (start + text.utf8.count + 1 + 63) / 64 * 64
    let count = total - start
    var bytes = NPYFile.magic + [needsVersion2 ? 2 : 1, 0]
    for byte in 0..<(start - 8) { bytes.append(UInt8(truncatingIfNeeded: count >> (8 * byte))) }
    bytes += text.utf8
    bytes += [UInt8](repeating: 0x20, count: total - bytes.count - 1)
    bytes.append(0x0A)
    return bytes
  }
}
