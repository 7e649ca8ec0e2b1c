import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct JSONParserTests {
  @Test func readsEveryKindOfValue() throws {
    let value = try JSONParser.parse(#" { "a" : [ 1 , -2.5e3 , true , false , null , "x" , {} , [] ] } "#)
    #expect(
      value
        == .object([
          "a": .array([
            .integer(1), .double(-2500), .bool(true), .bool(false), .null, .string("x"), .object([:]), .array([]),
          ])
        ]))
  }

  @Test(arguments: [
    ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("1.0", .double(1)), ("1e5", .double(1e5)), ("1E-5", .double(1e-5)),
    ("0.1", .double(0.1)), ("4.9e-324", .double(.leastNonzeroMagnitude)), ("-0.0", .double(-0.0)),
  ])
  func readsNumbers(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(text) == value)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\u20AC""#, "ä€"), (#""\ud83d\ude00""#, "😀"),
    ("\"😀\"", "😀"), (#""a\u0000b""#, "a\0b"),
    (#""é\n€\u00e9😀\"z""#, "é\n€é😀\"z"),
  ])
  func readsStrings(text: String, value: String) throws {
    #expect(try JSONParser.parse(text) == .string(value))
  }

  static let refused = [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{,}",
    "[,]", "1 2", "[1]]", "tru", "nul", "truee", "True", "'a'", "\"a", "\"a\u{1}b\"", #""\x""#, #""\"#, #""\u12"#,
    #""\u12G4""#, #""\ud800""#, #""\ud800\n""#, #""\ud800\u0041""#, #""\udc00""#, "01", "-", "-a", "1.", ".5", "1e",
    "1e+", "+1", "0x1", "9223372036854775808", "1e999", "NaN", "Infinity", "-Infinity", "{\"a\":1,\"a\":2}",
    "{\"a\":1 \"b\":2}", "[1 2]", "\u{FEFF}1",
  ]

  @Test(arguments: refused)
  func refuses(text: String) {
    let error = #expect(throws: ModelError.self) { try JSONParser.parse(text) }
    #expect(error?.code == .malformed)
    #expect(error?.byteOffset != nil)
  }

  static let invalidUTF8: [[UInt8]] = [
    [0x22, 0xC3, 0x5C, 0x6E, 0xA9, 0x22], [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
    [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF],
  ]

  @Test(arguments: invalidUTF8)
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let file = MappedFile(bytes: bytes, name: "m")
    #expect(throws: ModelError.self) { try JSONParser.parse(file.bytes) }
  }

  @Test func takesPythonsTokensWhenAsked() throws {
    let value = try JSONParser.parse("[NaN, Infinity, -Infinity]", allowsNonFinite: true)
    let numbers = value.arrayValue?.compactMap(\.realValue) ?? []
    #expect(numbers.count == 3 && numbers[0].isNaN && numbers[1] == .infinity && numbers[2] == -.infinity)
    #expect(throws: ModelError.self) { try JSONParser.parse("Nan", allowsNonFinite: true) }
    #expect(throws: ModelError.self) { try JSONParser.parse("-Infinit", allowsNonFinite: true) }
  }

  @Test func boundsDepthAndSize() throws {
    var limits = Limits()
    limits.jsonDepth = 3
    limits.jsonBytes = 20
    #expect(try JSONParser.parse("[[{}]]", limits: limits) == .array([.array([.object([:])])]))
    #expect(throws: ModelError.self) { try JSONParser.parse("[[[[]]]]", limits: limits) }
    #expect(throws: ModelError.self) { try JSONParser.parse("[1,2,3,4,5,6,7,8,9,0]", limits: limits) }
    limits.jsonValues = 3
    #expect(throws: Never.self) { try JSONParser.parse("[1,2]", limits: limits) }
    #expect(throws: ModelError.self) { try JSONParser.parse("[1,2,3]", limits: limits) }
    let deep = String(repeating: "[", count: 1_000_000)
    let error = #expect(throws: ModelError.self) { try JSONParser.parse(deep) }
    #expect(error?.byteOffset == Limits.standard.jsonDepth)
  }

  @Test func countsOffsetsFromTheBase() throws {
    let file = MappedFile(bytes: Array("[1,x]".utf8), name: "m")
    let error = #expect(throws: ModelError.self) { try JSONParser.parse(file.bytes, baseOffset: 8) }
    #expect(error?.byteOffset == 11)
  }
}
