import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

@Suite struct OpCodingTests {
  @Test func everyOperatorHasASample() {
    #expect(Set(OpSamples.all.map(\.name)) == Set(Op.blanks.keys))
  }

  @Test(arguments: OpSamples.all)
  func roundTrips(op: Op) throws {
    let text = JSONWriter.text(try op.encodedAttributes())
    let read = try Op.decoded(name: op.name, attributes: element(JSONParser.parse(text)))
    #expect(read == op)
  }

  /// A stored property without a field would be lost on the way.
  @Test(arguments: OpSamples.all)
  func writesEveryProperty(op: Op) throws {
    let fields = try #require(op.encodedAttributes().objectValue)
    let properties = Mirror(reflecting: op.payload).children.compactMap(\.label)
    #expect(Set(fields.keys) == Set(properties))
  }

  @Test(arguments: OpSamples.all)
  func refusesUnknownMissingAndWrongFields(op: Op) throws {
    let fields = try #require(op.encodedAttributes().objectValue)
    var extended = fields
    extended["unheardOf"] = .integer(1)
    let error = #expect(throws: ModelError.self) {
      try Op.decoded(name: op.name, attributes: element(.object(extended)))
    }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("'unheardOf'") == true)
    for key in fields.keys {
      var reduced = fields
      reduced[key] = nil
      let error = #expect(throws: ModelError.self) {
        try Op.decoded(name: op.name, attributes: element(.object(reduced)))
      }
      #expect(error == ModelError(.malformed, "is missing", context: [.attribute(key)]))
      reduced[key] = .array([.object([:])])
      #expect(throws: ModelError.self) { try Op.decoded(name: op.name, attributes: element(.object(reduced))) }
    }
  }

  @Test func refusesUnknownOperatorsAndKinds() throws {
    let error = #expect(throws: ModelError.self) { try Op.decoded(name: "conv7d", attributes: element(.object([:]))) }
    #expect(error?.code == .unsupported)
    for (name, text) in [
      ("clamp", "[]"), ("clamp", #"{"range":{"lower":1e300,"upper":null}}"#), ("binary", #"{"function":"plus"}"#),
      ("unary", #"{"function":{"kind":"relu9"}}"#), ("unary", #"{"function":{"kind":"sine","alpha":1}}"#),
      ("cast", #"{"elementType":"float12"}"#), ("pad", #"{"before":[],"after":[],"mode":{"kind":"wrap"}}"#),
    ] {
      #expect(throws: ModelError.self, "\(name) \(text)") {
        try Op.decoded(name: name, attributes: element(JSONParser.parse(text)))
      }
    }
  }

  private func element(_ value: JSONValue) throws -> JSONElement {
    let bytes = JSONWriter.bytes(value)
    return try JSONParser.document(JSONDocument.Text(OwnedStorage(bytes), 0..<bytes.count)).root
  }
}
