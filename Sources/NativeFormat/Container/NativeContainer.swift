import FormatSupport
import ModelGraph

/// The safetensors side of a native file: the header, and where each tensor lies. Everything in it was checked.
struct NativeContainer {
  struct Entry {
    let type: SafetensorsType
    let shape: [Int]
    /// In the file.
    let range: Range<Int>
  }

  let file: MappedFile
  let entries: [String: Entry]
  /// The graph's JSON in UTF-8.
  let graphText: JSONDocument.Text

  init(_ file: MappedFile, limits: Limits) throws(ModelError) {
    self.file = file
    let header = try Self.header(file, limits: limits)
    try Self.verifyHeader(file, header)
    let value = try JSONParser.document(
      JSONDocument.Text(file, header), baseOffset: header.lowerBound, limits: limits
    ).root
    guard value.isObject else { throw unexpected("an object", value) }
    let metadata = value["__metadata__"]
    guard let metadata, metadata.isObject else {
      throw ModelError(.malformed, "expected an object, found \(metadata?.kind ?? "null")")
        .within(.attribute("__metadata__"))
    }
    try within(.attribute("__metadata__")) { () throws(ModelError) in
      try metadata.forEachMember { (_, value) throws(ModelError) in
        guard value.isString else { throw unexpected("a string", value) }
      }
    }
    try Self.checkVersion(metadata[MetadataKey.version]?.stringValue)
    let keys = metadata.memberNames
    if let unknown = keys.filter({ !MetadataKey.all.contains($0) }).min() {
      throw ModelError(.unsupported, "unknown key '\(unknown)' in __metadata__")
    }
    guard let graphText = metadata[MetadataKey.graph]?.utf8 else {
      throw ModelError(.malformed, "the key '\(MetadataKey.graph)' is missing in __metadata__")
    }
    self.graphText = graphText
    entries = try Self.entries(value, dataStart: header.upperBound, file: file)
  }

  /// The bytes of the header, within the file.
  private static func header(_ file: MappedFile, limits: Limits) throws(ModelError) -> Range<Int> {
    let reader = ByteReader(file)
    guard file.byteCount > 0 else { throw ModelError(.malformed, "the file is empty") }
    let length = try reader.size64(at: 0)
    guard length >= 2, length <= limits.headerBytes else {
      throw ModelError(.malformed, "a header of \(length) bytes", byteOffset: 0)
    }
    guard length <= file.byteCount - 8 else {
      throw ModelError(
        .malformed, "the header of \(length) bytes does not fit into the file of \(file.byteCount)", byteOffset: 0,
        hint: "the file is cut off or damaged")
    }
    return 8..<(8 + length)
  }

  private static func verifyHeader(_ file: MappedFile, _ header: Range<Int>) throws(ModelError) {
    let covered = UnsafeRawBufferPointer(rebasing: file.bytes[..<header.upperBound])
    guard let digits = HeaderChecksum.digits(in: covered) else {
      // A plain safetensors file is told from a damaged one of ours by the names of our other keys.
      guard HeaderChecksum.position(of: Array("\"ferry.".utf8), in: covered, from: 8) == nil else {
        throw ModelError(.malformed, "the header's checksum is missing: the file is damaged", byteOffset: 8)
      }
      _ = try JSONParser.document(JSONDocument.Text(file, header), baseOffset: 8)
      throw ModelError(
        .unsupported, "a safetensors file without a graph: it holds weights only",
        hint: "convert the model from its own format; only files that ferry wrote carry the graph")
    }
    guard covered[digits].elementsEqual(HeaderChecksum.text(of: covered, digits: digits)) else {
      throw ModelError(.malformed, "the header is damaged: its checksum does not match", byteOffset: 0)
    }
  }

  private static func checkVersion(_ text: String?) throws(ModelError) {
    guard let text else { throw ModelError(.malformed, "the key '\(MetadataKey.version)' is missing in __metadata__") }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1], major >= 1, minor >= 0 else {
      throw ModelError(.malformed, "no version: '\(text)'")
    }
    guard major == NativeFormat.version.major else {
      throw ModelError(
        .unsupported, "version \(text) of the native format; this Ferry reads version \(NativeFormat.version.major)",
        hint: "use a newer Ferry, or convert the model from its source again")
    }
  }

  private static func entries(
    _ header: JSONElement, dataStart: Int, file: MappedFile
  ) throws(ModelError) -> [String: Entry] {
    var entries = [String: Entry](minimumCapacity: header.count)
    try header.forEachMember { (name, value) throws(ModelError) in
      guard name != "__metadata__" else { return }
      entries[name] = try within(.tensor(name)) { () throws(ModelError) in
        try entry(value, dataStart: dataStart, file: file)
      }
    }
    // No holes, no overlaps, no rest, and no element wider than the one before it. An empty tensor that shares its
    // offset with another comes first; between empty ones, the wider.
    let sorted = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, -$0.value.type.width, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, -$1.value.type.width, $1.key)
    }
    var position = dataStart
    var width = Int.max
    for (name, entry) in sorted {
      guard entry.range.lowerBound == position else {
        let fault = entry.range.lowerBound > position ? "a hole lies before it" : "it overlaps another one"
        throw ModelError(.malformed, fault, byteOffset: entry.range.lowerBound).within(.tensor(name))
      }
      position = entry.range.upperBound
      guard !entry.range.isEmpty else { continue }
      guard entry.type.width <= width else {
        throw ModelError(.malformed, "wider elements follow narrower ones", byteOffset: entry.range.lowerBound)
          .within(.tensor(name))
      }
      width = entry.type.width
    }
    guard position == file.byteCount else {
      throw ModelError(
        .malformed, "\(file.byteCount - position) bytes follow the last tensor", byteOffset: position)
    }
    return entries
  }

  private static func entry(_ value: JSONElement, dataStart: Int, file: MappedFile) throws(ModelError) -> Entry {
    let stored = try StoredEntry.decoded(value)
    guard let type = SafetensorsType(rawValue: stored.dtype) else {
      throw ModelError(.unsupported, "elements of type '\(stored.dtype)'")
    }
    guard stored.offsets.count == 2, stored.offsets[0] >= 0, stored.offsets[0] <= stored.offsets[1],
      stored.offsets[1] <= file.byteCount - dataStart
    else {
      throw ModelError(
        .malformed, "it lies at \(stored.offsets) in \(file.byteCount - dataStart) bytes of content",
        hint: "the file is cut off or damaged")
    }
    let byteCount = Shape.elementCount(of: stored.shape)?.multipliedReportingOverflow(by: type.width)
    guard let byteCount, !byteCount.overflow, byteCount.partialValue == stored.offsets[1] - stored.offsets[0] else {
      throw ModelError(.malformed, "its shape \(stored.shape) does not take \(stored.offsets) bytes")
    }
    return Entry(
      type: type, shape: stored.shape, range: (dataStart + stored.offsets[0])..<(dataStart + stored.offsets[1]))
  }
}

/// A tensor's entry in the header, as safetensors prescribes it.
struct StoredEntry: FieldCoded {
  var dtype: String
  var shape: [Int]
  /// From the end of the header.
  var offsets: [Int]

  static var blank: StoredEntry { StoredEntry(dtype: "", shape: [], offsets: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("data_offsets", &offsets)
    try fields.code("dtype", &dtype)
    try fields.code("shape", &shape)
  }
}
