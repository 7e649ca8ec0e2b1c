import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct AttributeReaderTests {
  let attributes = AttributeReader<JSONValue>([
    "filters": .integer(32), "rate": .double(0.5), "whole": .double(3), "bias": .bool(true), "name": .string("x"),
    "strides": .array([.integer(1), .integer(2)]), "nothing": .null, "config": .object(["a": .integer(1)]),
  ])

  @Test func convertsAndRemembers() throws {
    #expect(try attributes.integer("filters") == 32)
    #expect(try attributes.integer("whole") == 3)
    #expect(try attributes.integer("missing", default: 4) == 4)
    #expect(try attributes.optionalInteger("nothing") == nil)
    #expect(try attributes.real("filters") == 32)
    #expect(try attributes.integers("strides", count: 2) == [1, 2])
    #expect(try attributes.integers("filters", count: 2) == [32, 32])
    #expect(attributes.contains("bias"))
    #expect(attributes.unreadNames == ["bias", "config", "name", "rate"])
    attributes.ignore("name", "rate")
    let error = #expect(throws: ModelError.self) { try attributes.requireAllRead() }
    #expect(error?.code == .unsupported)
    #expect(error?.message == "unknown attributes 'bias', 'config'")
    _ = try (attributes.bool("bias"), attributes.object("config"))
    try attributes.requireAllRead()
  }

  @Test func refusesWrongKinds() {
    #expect(throws: ModelError(.malformed, "is missing", context: [.attribute("missing")])) {
      try attributes.integer("missing")
    }
    #expect(throws: ModelError(.malformed, "expected an integer, found a number", context: [.attribute("rate")])) {
      try attributes.integer("rate")
    }
    #expect(throws: ModelError.self) { try attributes.integers("strides", count: 3) }
    #expect(throws: ModelError.self) { try attributes.string("bias") }
    #expect(throws: ModelError.self) { try attributes.optionalString("bias") }
    #expect(throws: ModelError.self) { try attributes.bool("nothing", default: true) }
  }
}
