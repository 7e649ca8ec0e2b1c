internal import FormatSupport
internal import ModelGraph

/// Makes tensors of TensorProtos: over the mapped file where the content lies there as it is needed, decoded otherwise.
struct TensorReader {
  let file: MappedFile
  let contents: [TensorContent]
  let limits: Limits
  let externalData: ExternalData
  private let decodedTensors = DecodedTensors()

  init(file: MappedFile, contents: [TensorContent], limits: Limits, externalData: ExternalData) {
    self.file = file
    self.contents = contents
    self.limits = limits
    self.externalData = externalData
  }

  /// The type of a tensor, checked against the limits.
  func type(of record: TensorRecord) throws(ModelError) -> TensorType {
    guard let dataType = record.dataType else { throw ModelError(.malformed, "the tensor declares no data type") }
    let elementType = try DataType(number: dataType).requireElementType()
    guard record.dimensions.count <= limits.tensorRank else {
      throw ModelError(
        .malformed, "\(record.dimensions.count) dimensions; the limit tensorRank is \(limits.tensorRank)")
    }
    var extents: [Int] = []
    for dimension in record.dimensions {
      guard let extent = Int(exactly: dimension), extent >= 0 else {
        throw ModelError(.malformed, "the extent \(dimension) is out of range")
      }
      extents.append(extent)
    }
    guard let count = Shape.elementCount(of: extents), count <= limits.tensorElements else {
      throw ModelError(.malformed, "\(Shape(extents)) is more than the limit tensorElements, \(limits.tensorElements)")
    }
    return TensorType(elementType, Shape(extents))
  }

  /// The tensor with its content.
  ///
  /// - Throws: `.malformed` where the content does not fit the type; `.unsupported` for types that Ferry does not have;
  ///   `.noInput` for external data that is missing or lies outside the model's folder.
  func tensor(_ record: TensorRecord) throws(ModelError) -> Tensor {
    try within(.tensor(record.name)) { () throws(ModelError) in
      let type = try type(of: record)
      guard type.elementType != .string else { throw ModelError(.unsupported, "a constant of strings") }
      guard contents.indices.contains(record.contentIndex) else {
        throw ModelError(.internalFault, "the pre-scan noted no tensor \(record.contentIndex)")
      }
      let content = contents[record.contentIndex]
      switch record.dataLocation ?? 0 {
      case 0: return try embedded(content, record, type)
      case 1:
        guard content.filledFields.isEmpty else {
          throw ModelError(.malformed, "the content lies both in the file and in another one")
        }
        let (storage, range) = try externalData.content(record.externalData, of: type)
        return try Tensor(type: type, storage: storage, range: range)
      case let location: throw ModelError(.unsupported, "the data location \(location)")
      }
    }
  }

  private func embedded(
    _ content: TensorContent, _ record: TensorRecord, _ type: TensorType
  ) throws(ModelError) -> Tensor {
    guard record.externalData.isEmpty else {
      throw ModelError(.malformed, "names external data, and says that the content lies in this file")
    }
    guard record.strings.isEmpty else {
      throw ModelError(.malformed, "strings in a tensor of \(type.elementType.name)")
    }
    let fields = content.filledFields
    guard let field = fields.first else {
      guard type.shape.elementCount() == 0 else { throw ModelError(.malformed, "the tensor has no content") }
      return try Tensor(type: type, storage: file, range: 0..<0)
    }
    guard fields.count == 1, let extent = content.extents[field] else {
      throw ModelError(.malformed, "the content is stored twice: \(fields.map(\.name).joined(separator: ", "))")
    }
    if field == .rawData { return try Tensor(type: type, storage: file, range: extent.first) }
    guard field == DataType.typedField(of: type.elementType) else {
      throw ModelError(.malformed, "\(type.elementType.name) elements in \(field.name)")
    }
    let isWholeAndFixedWidth = field == .floatData || field == .doubleData
    if isWholeAndFixedWidth, extent.isPacked, extent.pieceCount == 1 {
      return try Tensor(type: type, storage: file, range: extent.first)
    }
    if let tensor = decodedTensors[record.contentIndex] { return tensor }
    let tensor = try decoded(field, content.message, type)
    decodedTensors[record.contentIndex] = tensor
    return tensor
  }

  // MARK: Numbers in fields of their own

  /// Walks the message again and collects what stands in `field`.
  private func decoded(
    _ field: TensorContent.Field, _ message: Range<Int>, _ type: TensorType
  ) throws(ModelError) -> Tensor {
    switch type.elementType {
    case .float32:
      return try Tensor(
        fixedWidth(field, message).map { file.bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self) }, type: type)
    case .float64:
      return try Tensor(
        fixedWidth(field, message).map { file.bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) }, type: type)
    case .int64: return try integers(field, message, type) { Int64(bitPattern: $0) }
    case .uint64: return try integers(field, message, type) { $0 }
    case .uint32: return try integers(field, message, type) { UInt32(exactly: $0) }
    case .int32: return try integers(field, message, type) { Int32(exactly: Int64(bitPattern: $0)) }
    case .int16: return try integers(field, message, type) { Int16(exactly: Int64(bitPattern: $0)) }
    case .int8: return try integers(field, message, type) { Int8(exactly: Int64(bitPattern: $0)) }
    case .uint16, .float16, .bfloat16: return try integers(field, message, type) { UInt16(exactly: $0) }
    case .uint8, .int4: return try integers(field, message, type) { UInt8(exactly: $0) }
    case .bool: return try integers(field, message, type) { $0 == 0 ? UInt8(0) : 1 }
    case .string: throw ModelError(.internalFault, "strings are no numbers")
    }
  }

  private func integers<Element: BitwiseCopyable>(
    _ field: TensorContent.Field, _ message: Range<Int>, _ type: TensorType, _ convert: (UInt64) -> Element?
  ) throws(ModelError) -> Tensor {
    var elements: [Element] = []
    func append(_ value: UInt64, at offset: Int) throws(ModelError) {
      guard let element = convert(value) else {
        throw ModelError(
          .malformed, "\(Int64(bitPattern: value)) in \(field.name) is no \(type.elementType.name)",
          byteOffset: offset)
      }
      elements.append(element)
    }
    var reader = WireReader(file.bytes, message)
    while let next = try reader.next() {
      guard next.number == field.rawValue else { continue }
      switch next.value {
      case .varint(let value): try append(value, at: next.offset)
      case .bytes(let range):
        var packed = WireReader(file.bytes, range)
        while !packed.isAtEnd { try append(try packed.varint(), at: packed.offset) }
      case .fixed32, .fixed64: break
      }
    }
    // Elements are copied as bytes: 4-bit ones lie two to a number, so that the count of numbers is the count of bytes.
    let storage = OwnedStorage(elements)
    return try Tensor(type: type, storage: storage, range: 0..<storage.bytes.count)
  }

  /// Where each element of a field of 32 or 64 bits lies.
  private func fixedWidth(_ field: TensorContent.Field, _ message: Range<Int>) throws(ModelError) -> [Int] {
    let width = field == .floatData ? 4 : 8
    var offsets: [Int] = []
    var reader = WireReader(file.bytes, message)
    while let next = try reader.next() {
      guard next.number == field.rawValue else { continue }
      switch next.value {
      case .fixed32(let range), .fixed64(let range), .bytes(let range):
        offsets.append(contentsOf: stride(from: range.lowerBound, through: range.upperBound - width, by: width))
      case .varint: break
      }
    }
    return offsets
  }
}
