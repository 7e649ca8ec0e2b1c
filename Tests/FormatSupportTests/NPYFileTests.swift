import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct NPYFileTests {
  static let codes = [
    "little_f2", "big_f2", "little_f4", "big_f4", "little_f8", "big_f8", "i1", "little_i2", "big_i2", "little_i4",
    "big_i4", "little_i8", "big_i8", "u1", "little_u2", "big_u2", "little_u4", "big_u4", "little_u8", "big_u8",
  ]

  @Test(arguments: codes)
  func readsEveryElementType(code: String) throws {
    let tensor = try NPYFile.read(path: Golden.path("Arrays/\(code).npy"))
    #expect(tensor.extents == [2, 3])
    #expect(try tensor.doubles() == [0, 1, 2, 3, 4, 5])
    let width = code.last.flatMap { Int(String($0)) } ?? 0
    #expect(tensor.elementType.bitWidth == width * 8)
    #expect(tensor.elementType.isFloatingPoint == code.contains("_f"))
  }

  @Test func readsBooleans() throws {
    let tensor = try NPYFile.read(path: Golden.path("Arrays/b1.npy"))
    #expect(tensor.elementType == .bool)
    #expect(try tensor.integers() == [0, 1, 0, 1, 0, 1])
  }

  @Test func readsFortranOrder() throws {
    for name in ["fortran_f4", "fortran_big_i2"] {
      let tensor = try NPYFile.read(path: Golden.path("Arrays/\(name).npy"))
      #expect(tensor.extents == [2, 3, 4])
      #expect(try tensor.doubles() == (0..<24).map(Double.init), "\(name)")
    }
  }

  @Test func readsVersionsAndOddShapes() throws {
    for version in [2, 3] {
      #expect(try NPYFile.read(path: Golden.path("Arrays/version\(version).npy")).floats() == [0, 1, 2])
    }
    let scalar = try NPYFile.read(path: Golden.path("Arrays/scalar.npy"))
    #expect(scalar.extents.isEmpty)
    #expect(try scalar.floats() == [7])
    let empty = try NPYFile.read(path: Golden.path("Arrays/empty.npy"))
    #expect(empty.extents == [0, 3])
    #expect(empty.elementCount == 0)
  }

  @Test func pointsIntoTheFile() throws {
    let file = try MappedFile(path: Golden.path("Arrays/little_f4.npy"))
    guard case .bytes(let storage, let range) = try NPYFile.read(file).content else {
      Issue.record("expected bytes")
      return
    }
    #expect(storage === file)
    #expect(range == (file.byteCount - 24)..<file.byteCount)
  }

  @Test(arguments: codes.filter { !$0.hasPrefix("big") } + ["b1", "scalar", "empty"])
  func writesWhatNumPyWrites(name: String) throws {
    let path = Golden.path("Arrays/\(name).npy")
    #expect(try NPYFile.bytes(of: NPYFile.read(path: path)) == TemporaryFolder.bytes(of: path))
  }

  @Test func widensWhatNumPyLacks() throws {
    let brain = try Tensor([UInt16(0x3F80), 0xC000], type: TensorType(.bfloat16, Shape([2])))
    let read = try NPYFile.read(MappedFile(bytes: try NPYFile.bytes(of: brain), name: "m"))
    #expect(read.elementType == .float32)
    #expect(try read.floats() == [1, -2])
    let storage = OwnedStorage([UInt8(0x2F), 0x07])
    let nibbles = try Tensor(type: TensorType(.int4, Shape([3])), storage: storage, range: 0..<2)
    let integers = try NPYFile.read(MappedFile(bytes: try NPYFile.bytes(of: nibbles), name: "m"))
    #expect(integers.elementType == .int8)
    #expect(try integers.integers() == [-1, 2, 7])
    let splat = try Tensor(type: TensorType(.float32, Shape([2, 2])), splat: .floating(3))
    #expect(try NPYFile.read(MappedFile(bytes: try NPYFile.bytes(of: splat), name: "m")).floats() == [3, 3, 3, 3])
  }

  @Test(arguments: ["complex", "text", "records", "objects"])
  func refusesOtherElements(name: String) {
    let error = #expect(throws: ModelError.self) { try NPYFile.read(path: Golden.path("Arrays/\(name).npy")) }
    #expect(error?.code == .unsupported)
  }

  /// A file of version 1 with this header and `count` bytes of content.
  private func file(_ header: String, count: Int = 8) -> MappedFile {
    let length = [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(header.utf8)
    return MappedFile(bytes: bytes + [UInt8](repeating: 0, count: count), name: "m")
  }

  @Test func takesUnusualButValidHeaders() throws {
    for header in [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
      "{\"shape\":(2L,),\"descr\":\"<f4\",\"fortran_order\":True}",
      "  { 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 1 , 2 ) }\n\n",
      "{'descr':'<f8','fortran_order':False,'shape':()}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (2,2,2), }",
    ] {
      #expect(throws: Never.self, "\(header)") { try NPYFile.read(file(header)) }
    }
  }

  static let hostileHeaders = [
    "", "{", "{}", "}", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 2, }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'extra': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4\\x', 'fortran_order': False, 'shape': (2,), }", "{'descr': '<f4",
  ]

  @Test(arguments: hostileHeaders)
  func refusesHostileHeaders(header: String) {
    let error = #expect(throws: ModelError.self) { try NPYFile.read(file(header)) }
    #expect(error?.code == .malformed)
  }

  @Test(arguments: ["f4", "|f4", "<f3", "=f4", "<f16", "", "<b2", "<"])
  func refusesUnknownTypeNames(name: String) {
    let error = #expect(throws: ModelError.self) {
      try NPYFile.read(file("{'descr': '\(name)', 'fortran_order': False, 'shape': (2,), }"))
    }
    #expect(error?.code == .unsupported)
  }

  @Test func refusesEveryTruncationAndAnyRest() throws {
    let whole = try #require(TemporaryFolder.bytes(of: Golden.path("Arrays/little_f4.npy")))
    for count in 0..<whole.count {
      #expect(throws: ModelError.self, "\(count)") {
        try NPYFile.read(MappedFile(bytes: Array(whole[..<count]), name: "m"))
      }
    }
    #expect(throws: ModelError.self) { try NPYFile.read(MappedFile(bytes: whole + [0], name: "m")) }
  }

  @Test func refusesVersionsAndHeadersOutOfBounds() throws {
    var bytes = try #require(TemporaryFolder.bytes(of: Golden.path("Arrays/version2.npy")))
    bytes[6] = 4
    #expect(throws: ModelError.self) { try NPYFile.read(MappedFile(bytes: bytes, name: "m")) }
    bytes[6] = 2
    bytes[11] = 0xFF
    #expect(throws: ModelError.self) { try NPYFile.read(MappedFile(bytes: bytes, name: "m")) }
  }
}
