import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

/// Files whose checksums are right and whose content is not.
@Suite struct StrictnessTests {
  let file: NativeFile

  init() throws { file = try NativeFile(NativeFile.bytes(of: SamplePrograms.small())) }

  private func error(_ change: (inout NativeFile) -> Void) -> ModelError? {
    var changed = file
    change(&changed)
    return #expect(throws: ModelError.self) { try NativeFile.read(changed.bytes()) }
  }

  @Test func ownWriterAgrees() throws {
    #expect(file.bytes() == (try NativeFile.bytes(of: SamplePrograms.small())))
  }

  @Test(arguments: ["2.0", "17.3"])
  func refusesNewerVersions(version: String) {
    let error = error { $0.setMetadata("ferry.format_version", .string(version)) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(version) == true)
  }

  @Test(arguments: ["", "1", "1.", "a.b", "1.0.0", "0.9", "-1.0", "1.-1"])
  func refusesWhatIsNoVersion(version: String) {
    #expect(error { $0.setMetadata("ferry.format_version", .string(version)) }?.code == .malformed)
  }

  @Test func takesNewerMinorVersions() throws {
    var changed = file
    changed.setMetadata("ferry.format_version", .string("1.7"))
    #expect(throws: Never.self) { try NativeFile.read(changed.bytes()) }
  }

  @Test func refusesOtherMetadata() {
    #expect(error { $0.setMetadata("format", .string("pt")) }?.code == .unsupported)
    #expect(error { $0.setMetadata("ferry.graph2", .integer(1)) }?.code == .malformed)
    #expect(error { $0.setMetadata("ferry.format_version", nil) }?.code == .malformed)
    #expect(error { $0.setMetadata("ferry.header_xxh3", nil) }?.code == .malformed)
  }

  @Test func tellsAPlainSafetensorsFile() throws {
    let header = #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    let error = #expect(throws: ModelError.self) {
      try NativeFile.read(length + Array(header.utf8) + [0, 0, 0, 0])
    }
    #expect(error?.code == .unsupported)
    #expect(error?.hint != nil)
    let noise = #expect(throws: ModelError.self) {
      try NativeFile.read([16, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":: not json ".utf8))
    }
    #expect(noise?.code == .malformed)
  }

  @Test func boundsTheHeader() {
    let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0] + Array("{\"".utf8)
    #expect(throws: ModelError.self) { try NativeFile.read(huge) }
    #expect(throws: ModelError.self) { try NativeFile.read([0, 0, 0, 0, 0, 0, 0, 0x80] + Array("{\"".utf8)) }
    #expect(throws: ModelError.self) { try NativeFile.read([0, 0, 0, 0, 0, 0, 0, 0]) }
  }

  static let unknownFields: [[String]] = [
    ["new"], ["provenance", "new"], ["graphs", "0", "new"], ["graphs", "0", "inputs", "0", "new"],
    ["graphs", "0", "nodes", "0", "new"], ["graphs", "0", "nodes", "0", "attributes", "new"],
    ["graphs", "0", "nodes", "0", "origin", "0", "new"], ["graphs", "0", "values", "0", "new"],
    ["graphs", "0", "values", "0", "type", "new"], ["graphs", "0", "values", "0", "origin", "new"],
    ["graphs", "0", "values", "1", "content", "new"], ["signatures", "0", "new"], ["findings", "0", "new"],
    ["tensors", "conv/bias", "new"],
  ]

  @Test(arguments: unknownFields)
  func refusesUnknownFields(path: [String]) {
    let error = error { $0.set(path, .integer(1)) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("'new'") == true)
  }

  static let wrongValues: [(path: [String], value: JSONValue?)] = [
    (["graphs"], nil), (["graphs"], .array([])), (["main"], .integer(1)), (["main"], .integer(-1)), (["source"], .null),
    (["graphs", "0", "name"], .integer(1)), (["provenance", "passes"], .string("x")),
    (["signatures", "0", "graph"], .integer(1)), (["findings", "0", "severity"], .string("fatal")),
    (["graphs", "0", "values", "0", "name"], .string("conv")), (["graphs", "0", "values", "0", "name"], .string("z")),
    (["graphs", "0", "values", "0", "type", "elementType"], .string("float31")),
    (["graphs", "0", "values", "0", "type", "shape"], .array([.integer(-1)])),
    (["graphs", "0", "values", "0", "type", "shape"], .array([JSONValue](repeating: .integer(1), count: 17))),
    (["graphs", "0", "values", "0", "type", "shape", "0"], .array([])),
    (["graphs", "0", "values", "0", "type", "shape", "0"], .array([.object(["sum": .integer(1)])])),
    (
      ["graphs", "0", "values", "0", "type", "shape", "0"],
      .array([.string("H"), .object(["floorQuotient": .integer(0)])])
    ),
    (["graphs", "0", "values", "0", "type", "shape", "0"], .array([.string("H"), .string("W")])),
    (
      ["graphs", "0", "values", "0", "type", "shape", "0"],
      .array([.string("H")] + [JSONValue](repeating: .object(["product": .integer(2)]), count: 2000))
    ),
    (["graphs", "0", "values", "1", "type", "shape", "0"], .integer(4)),
    (["graphs", "0", "values", "1", "type", "shape", "0"], .integer(.max)),
    (["graphs", "0", "values", "1", "type", "elementType"], .string("int32")),
    (["graphs", "0", "values", "1", "origin", "permutation"], .array([.integer(0), .integer(9)])),
    (["graphs", "0", "values", "1", "origin", "permutation"], .array([.integer(1), .integer(0)])),
    (["graphs", "0", "values", "1", "content", "tensor"], .string("nothing")),
    (["graphs", "0", "values", "1", "content"], .null),
    (["graphs", "0", "values", "0", "content"], .object(["kind": .string("splat"), "value": .null])),
    (["graphs", "0", "values", "2", "content", "tensor"], .string("conv/filter")),
    (["graphs", "0", "inputs"], .array([])), (["graphs", "0", "inputs", "0", "value"], .string("conv/bias")),
    (["graphs", "0", "inputs", "0", "permutation"], .array([.integer(0), .integer(0), .integer(1), .integer(2)])),
    (["graphs", "0", "inputs", "0", "permutation"], .array([.integer(0)])),
    (["graphs", "0", "outputs", "0", "value"], .string("nothing")),
    (["graphs", "0", "outputs", "0", "name"], .string("features")),
    (["graphs", "0", "nodes"], .array([])), (["graphs", "0", "nodes", "0", "operator"], .string("conv3d")),
    (["graphs", "0", "nodes", "0", "inputs", "0"], .string("pool")),
    (["graphs", "0", "nodes", "0", "inputs"], .array([.string("x")])),
    (["graphs", "0", "nodes", "0", "outputs", "0"], .string("x")),
    (["graphs", "0", "nodes", "0", "outputs"], .array([])),
    (["graphs", "0", "nodes", "0", "attributes", "groups"], .integer(0)),
    (["graphs", "0", "nodes", "0", "attributes", "groups"], .double(1.5)),
    (["graphs", "0", "nodes", "0", "attributes", "strides", "height"], .integer(0)),
    (["graphs", "0", "nodes", "1", "name"], .string("conv")),
    (["tensors", "conv/bias", "xxh3"], .string("0000000000000000")), (["tensors", "conv/bias"], nil),
    (["tensors", "other"], .object(["xxh3": .string("0000000000000000")])),
  ]

  @Test(arguments: wrongValues.indices)
  func refusesWrongValues(index: Int) {
    let (path, value) = Self.wrongValues[index]
    let error = error { $0.set(path, value) }
    #expect(error?.code == .malformed || error?.code == .unsupported, "\(path)")
  }

  @Test func refusesQuantizationThatDoesNotFit() {
    for (kind, fields) in [
      ("perAxis", ["axis": .integer(4), "scales": .array([.integer(1)]), "zeroPoints": .array([.integer(0)])]),
      ("perAxis", ["axis": .integer(3), "scales": .array([.integer(1)]), "zeroPoints": .array([.integer(0)])]),
      ("perAxis", ["axis": .integer(0), "scales": .array([]), "zeroPoints": .array([.integer(0)])]),
      ("blocked", ["axis": .integer(0), "blockSize": .integer(0), "scales": .array([]), "zeroPoints": .array([])]),
      ("perTensor", ["scale": .integer(1), "zeroPoint": .integer(1 << 40)]), ("perSpan", [:]),
    ] as [(String, [String: JSONValue])] {
      let value = JSONValue.object(fields.merging(["kind": .string(kind)]) { $1 })
      let error = error { $0.set(["graphs", "0", "values", "1", "type", "quantization"], value) }
      #expect(error?.code == .malformed || error?.code == .unsupported, "\(kind) \(fields)")
    }
  }

  /// An entry of the header.
  private func entry(_ dtype: String, _ shape: [Int64], _ begin: Int64, _ end: Int64) -> JSONValue {
    .object([
      "dtype": .string(dtype), "shape": .array(shape.map { .integer($0) }),
      "data_offsets": .array([.integer(begin), .integer(end)]),
    ])
  }

  @Test func refusesWrongLayouts() {
    // conv/filter is [3, 3, 3, 2] at 0..<216, conv/bias [3] at 216..<228.
    let wrong: [(String, (inout NativeFile) -> Void)] = [
      (
        "hole",
        {
          $0.data += [0, 0, 0, 0]; $0.header["conv/bias"] = self.entry("F32", [3], 220, 232)
        }
      ),
      ("overlap", { $0.header["conv/bias"] = self.entry("F32", [3], 212, 224) }),
      ("rest", { $0.data += [0] }),
      ("beyond", { $0.header["conv/bias"] = self.entry("F32", [4], 216, 232) }),
      ("negative", { $0.header["conv/bias"] = self.entry("F32", [3], -12, 0) }),
      ("reversed", { $0.header["conv/bias"] = self.entry("F32", [3], 228, 216) }),
      ("size", { $0.header["conv/bias"] = self.entry("F32", [2], 216, 228) }),
      ("overflow", { $0.header["conv/bias"] = self.entry("F32", [1 << 62, 4], 216, 228) }),
      ("negative extents", { $0.header["conv/bias"] = self.entry("F32", [-1, -3], 216, 228) }),
      ("type", { $0.header["conv/bias"] = self.entry("F33", [3], 216, 228) }),
      (
        "wider behind narrower",
        {
          $0.header["conv/filter"] = self.entry("F16", [3, 3, 3, 4], 0, 216)
        }
      ),
      ("other type", { $0.header["conv/bias"] = self.entry("I32", [3], 216, 228) }),
      ("field", { $0.header["conv/bias"] = .object(["dtype": .string("F32")]) }),
      (
        "unnamed",
        {
          $0.data += [1, 2, 3, 4]
          $0.header["zzz"] = self.entry("F32", [1], 228, 232)
          $0.set(["tensors", "zzz"], .object(["xxh3": .string(NativeFile.checksum([1, 2, 3, 4]))]))
        }
      ),
    ]
    for (name, change) in wrong {
      let error = error(change)
      #expect(error?.code == .malformed || error?.code == .unsupported, "\(name)")
    }
  }
}
