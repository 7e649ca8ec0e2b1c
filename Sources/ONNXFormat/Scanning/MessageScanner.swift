internal import FormatSupport
internal import ModelGraph

/// Walks a file's messages before protobuf-c sees them.
///
/// protobuf-c trusts nesting to any depth, copies all bytes, and merges fields that occur twice. So the walk bounds the
/// depth, sums the memory that unpacking will take, refuses duplicates, broken strings and groups, notes where the
/// content of tensors lies, and writes `skeleton`: the same message with known fields only, canonical, and without the
/// content. Only the skeleton is unpacked.
struct MessageScanner {
  private let bytes: UnsafeRawBufferPointer
  private let limits: Limits
  private(set) var skeleton: [UInt8] = []
  private(set) var contents: [TensorContent] = []
  private(set) var reports: [ScanReport] = []
  /// Reports beyond the limit.
  private(set) var furtherReportCount = 0
  private(set) var unpackedByteCount = 0

  /// Memory that protobuf-c and the records made from its structures may take, by a generous estimate.
  private static let unpackedByteLimit = 1 << 29
  /// Reports that are kept in full; later ones are only counted.
  private static let reportLimit = 100
  /// What protobuf-c keeps of every field while it parses a message, and what an allocation costs beyond its size.
  private static let byteCountPerField = 64
  private static let byteCountPerAllocation = 32

  init(_ bytes: UnsafeRawBufferPointer, limits: Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Scans all bytes as one message.
  ///
  /// - Throws: `.malformed` where the bytes break the wire format or a limit; `.unsupported` for fields without which an
  ///   import would be wrong.
  mutating func scanFile(layoutIndex: Int) throws(ModelError) {
    try scan(0..<bytes.count, as: MessageLayout.all[layoutIndex], isTensor: layoutIndex == MessageLayout.tensorIndex, 1)
  }

  private mutating func scan(
    _ range: Range<Int>, as layout: MessageLayout, isTensor: Bool, _ depth: Int
  ) throws(ModelError) {
    guard depth <= limits.nestingDepth else {
      throw ModelError(
        .malformed, "messages are nested more than \(limits.nestingDepth) deep", byteOffset: range.lowerBound)
    }
    // Once as protobuf-c's structure and once as a record, which is of about the same size.
    try charge(2 * (layout.structureByteCount + Self.byteCountPerAllocation), at: range.lowerBound)
    var content = TensorContent(message: range)
    var seen: UInt64 = 0
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      guard let known = layout.fields[field.number], known.number < 64 else {
        try scanOmitted(field, of: layout.name, into: &content)
        continue
      }
      if !known.isRepeated {
        guard seen & 1 << UInt64(known.number) == 0 else {
          throw ModelError(
            .malformed, "field '\(known.name)' of \(layout.name) occurs twice", byteOffset: field.offset)
        }
        seen |= 1 << UInt64(known.number)
      }
      try charge(Self.byteCountPerField, at: field.offset)
      try copy(field, as: known, of: layout.name, depth)
    }
    if isTensor {
      guard let index = UInt32(exactly: contents.count) else {
        throw ModelError(.malformed, "too many tensors", byteOffset: range.lowerBound)
      }
      contents.append(content)
      // The field scan_index of Schemas/onnx.proto.
      appendTag(Self.scanIndexNumber, wireType: 0)
      appendVarint(UInt64(index))
    }
  }

  private static let scanIndexNumber: UInt32 = 536_870_911

  /// Copies one known field to the skeleton, checked.
  private mutating func copy(
    _ field: WireField, as known: MessageLayout.Field, of message: String, _ depth: Int
  ) throws(ModelError) {
    switch (known.kind, field.value) {
    case (.message(let index), .bytes(let range)):
      appendTag(field.number, wireType: 2)
      let placeholder = skeleton.count
      skeleton.append(contentsOf: [0, 0, 0, 0, 0])
      try scan(range, as: MessageLayout.all[index], isTensor: index == MessageLayout.tensorIndex, depth + 1)
      try patchLength(at: placeholder)
    case (.string, .bytes(let range)):
      guard range.count <= limits.stringLength else {
        throw ModelError(
          .malformed,
          "field '\(known.name)' of \(message) has \(range.count) bytes; the limit stringLength is "
            + "\(limits.stringLength)", byteOffset: field.offset)
      }
      let text = UnsafeRawBufferPointer(rebasing: bytes[range])
      guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
        throw ModelError(
          .malformed, "field '\(known.name)' of \(message) is not UTF-8 text", byteOffset: field.offset)
      }
      try copyBytes(range, number: field.number)
    case (.bytes, .bytes(let range)): try copyBytes(range, number: field.number)
    case (.int32, .varint(let value)), (.int64, .varint(let value)), (.uint32, .varint(let value)):
      try checkWidth(value, known, of: message, at: field.offset)
      appendTag(field.number, wireType: 0)
      appendVarint(value)
    case (.float, .fixed32(let range)):
      appendTag(field.number, wireType: 5)
      skeleton.append(contentsOf: bytes[range])
    case (.float, .bytes(let range)) where known.isRepeated && range.count % 4 == 0:
      try copyBytes(range, number: field.number)
    case (.int64, .bytes(let range)) where known.isRepeated:
      var reader = WireReader(bytes, range)
      var count = 0
      while !reader.isAtEnd {
        _ = try reader.varint()
        count += 1
      }
      // Each takes eight bytes unpacked, and as many again in the record.
      try charge(16 * count, at: field.offset)
      try copyBytes(range, number: field.number)
    default:
      throw ModelError(
        .malformed, "field '\(known.name)' of \(message) has the wrong wire type", byteOffset: field.offset)
    }
  }

  private mutating func scanOmitted(
    _ field: WireField, of message: String, into content: inout TensorContent
  ) throws(ModelError) {
    switch OmittedField(message: message, number: field.number) {
    case .documentation: break
    case .content(let kind): try note(kind, field, into: &content)
    case .reported(let text): report(text, at: field.offset)
    case .refused(let what): throw ModelError(.unsupported, what, byteOffset: field.offset)
    case nil: report("field \(field.number) of \(message) is unknown and left out", at: field.offset)
    }
  }

  private func note(
    _ kind: TensorContent.Field, _ field: WireField, into content: inout TensorContent
  ) throws(ModelError) {
    switch (kind, field.value) {
    case (.rawData, .bytes(let range)):
      guard content.extents[.rawData] == nil else {
        throw ModelError(.malformed, "field 'raw_data' of TensorProto occurs twice", byteOffset: field.offset)
      }
      content.note(kind, range, isPacked: true)
    case (.floatData, .bytes(let range)) where range.count % 4 == 0,
      (.doubleData, .bytes(let range)) where range.count % 8 == 0,
      (.int32Data, .bytes(let range)), (.int64Data, .bytes(let range)), (.uint64Data, .bytes(let range)):
      content.note(kind, range, isPacked: true)
    case (.floatData, .fixed32(let range)): content.note(kind, range, isPacked: false)
    case (.doubleData, .fixed64(let range)): content.note(kind, range, isPacked: false)
    case (.int32Data, .varint), (.int64Data, .varint), (.uint64Data, .varint):
      // At least a tag and one byte of number.
      content.note(kind, field.offset..<(field.offset + 2), isPacked: false)
    default:
      throw ModelError(
        .malformed, "field '\(kind.name)' of TensorProto has the wrong wire type", byteOffset: field.offset)
    }
  }

  private func checkWidth(
    _ value: UInt64, _ known: MessageLayout.Field, of message: String, at offset: Int
  ) throws(ModelError) {
    let fits =
      switch known.kind {
      case .int32: Int32(exactly: Int64(bitPattern: value)) != nil
      case .uint32: UInt32(exactly: value) != nil
      default: true
      }
    guard fits else {
      throw ModelError(
        .malformed, "field '\(known.name)' of \(message) holds \(Int64(bitPattern: value)), more than 32 bits",
        byteOffset: offset)
    }
  }

  private mutating func report(_ text: String, at offset: Int) {
    if reports.count < Self.reportLimit {
      reports.append(ScanReport(text: text, byteOffset: offset))
    } else {
      furtherReportCount += 1
    }
  }

  private mutating func charge(_ byteCount: Int, at offset: Int) throws(ModelError) {
    let (sum, overflow) = unpackedByteCount.addingReportingOverflow(byteCount)
    guard !overflow, sum <= Self.unpackedByteLimit else {
      throw ModelError(
        .malformed, "the description of the model takes more than \(Self.unpackedByteLimit >> 20) MiB of memory",
        byteOffset: offset)
    }
    unpackedByteCount = sum
  }

  // MARK: Writing the skeleton

  private mutating func copyBytes(_ range: Range<Int>, number: UInt32) throws(ModelError) {
    // Once as protobuf-c holds it and once in the record.
    try charge(2 * (range.count + Self.byteCountPerAllocation), at: range.lowerBound)
    appendTag(number, wireType: 2)
    appendVarint(UInt64(range.count))
    skeleton.append(contentsOf: bytes[range])
  }

  private mutating func appendTag(_ number: UInt32, wireType: UInt64) {
    appendVarint(UInt64(number) << 3 | wireType)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      skeleton.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    skeleton.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes the number of bytes that followed a placeholder of five into it, as a varint padded to five bytes.
  private mutating func patchLength(at placeholder: Int) throws(ModelError) {
    let length = skeleton.count - placeholder - 5
    guard length < 1 << 31 else {
      throw ModelError(.malformed, "a message is larger than protobuf's limit of 2 GiB", byteOffset: placeholder)
    }
    for index in 0..<5 {
      let part = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7F
      skeleton[placeholder + index] = index < 4 ? part | 0x80 : part
    }
  }
}
