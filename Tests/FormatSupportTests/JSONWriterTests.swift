import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct JSONWriterTests {
  @Test func sortsKeysByBytes() {
    let value = JSONValue.object(["b": .null, "a": .bool(true), "ä": .integer(1), "B": .array([]), "z": .object([:])])
    #expect(JSONWriter.text(value) == #"{"B":[],"a":true,"b":null,"z":{},"ä":1}"#)
  }

  @Test func putsMembersInOrder() {
    var json = JSONWriter()
    json.beginObject()
    json.beginMember("b")
    json.beginArray()
    for number in [3, 1] as [Int64] {
      json.beginElement()
      json.beginObject()
      json.beginMember("y[")
      json.write(number)
      json.beginMember("x{")
      json.write("[{")
      json.endObject()
    }
    json.endArray()
    // Alike in their first bytes, and one at the beginning of another.
    for name in ["a name b", "a name a", "a name", "a\"", "a!", "a#", "a", ""] {
      json.beginMember(name)
      json.write(.null)
    }
    json.endObject()
    #expect(
      json.text == #"{"":null,"a":null,"a name":null,"a name a":null,"a name b":null,"a!":null,"a\"":null,"a#":null,"#
        + #""b":[{"x{":"[{","y[":3},{"x{":"[{","y[":1}]}"#)
  }

  /// As many members as a dictionary has, in the order that it gives them, written and read again.
  @Test func writesWhatIsReadAgain() throws {
    var generator = SeededGenerator(seed: 3)
    func value(_ depth: Int) -> JSONValue {
      let count = generator.integer(in: 0...6)
      switch generator.integer(in: depth == 0 ? 0...3 : 0...5) {
      case 0: return .null
      case 1: return .integer(Int64(generator.integer(in: -9...9)))
      case 2: return .string(String(repeating: "\"\\\n\u{1}é{[", count: count * 300))
      case 3: return .bool(count > 3)
      case 4: return .array((0..<count).map { _ in value(depth - 1) })
      default:
        return .object(
          Dictionary((0..<count).map { _ in ("k\(generator.integer(in: 0...99))", value(depth - 1)) }) { $1 })
      }
    }
    for _ in 0..<200 {
      let value = value(4)
      for isIndented in [false, true] {
        #expect(try JSONParser.parse(JSONWriter.text(value, isIndented: isIndented)) == value)
      }
    }
  }

  @Test func indents() {
    let value = JSONValue.object(["a": .array([.integer(1), .integer(2)]), "b": .array([])])
    #expect(JSONWriter.text(value, isIndented: true) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}\n")
  }

  @Test func escapes() throws {
    let text = "\"\\\n\r\t\u{1}\u{1F}\u{7F}é😀"
    let written = JSONWriter.text(.string(text))
    #expect(written == #""\"\\\n\r\t\u0001\u001f\u007fé😀""#)
    #expect(try JSONParser.parse(written) == .string(text))
  }

  @Test func namesWhatIsNotFinite() {
    let values: [JSONValue] = [.double(.infinity), .double(-.infinity), .double(.nan), .real(Float.infinity)]
    #expect(JSONWriter.text(.array(values)) == #"["inf","-inf","nan","inf"]"#)
    #expect(JSONValue.string("-inf").realValue == -.infinity)
    #expect(JSONValue.string("infinity").realValue == nil)
  }

  @Test func numbersReadBackExactly() throws {
    var generator = SeededGenerator(seed: 1)
    var doubles: [Double] = [0, -0.0, 1, 1e20, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 100]
    var floats: [Float] = [0, -0.0, 0.1, 1e20, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_216]
    for _ in 0..<20_000 {
      let double = Double(bitPattern: generator.next())
      if double.isFinite { doubles.append(double) }
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if float.isFinite { floats.append(float) }
    }
    let readDoubles = try JSONParser.parse(JSONWriter.text(.array(doubles.map { .real($0) })))
    #expect(readDoubles.arrayValue?.map { ($0.realValue ?? .nan).bitPattern } == doubles.map(\.bitPattern))
    let readFloats = try JSONParser.parse(JSONWriter.text(.array(floats.map { .real($0) })))
    #expect(readFloats.arrayValue?.map { Float($0.realValue ?? .nan).bitPattern } == floats.map(\.bitPattern))
    #expect(JSONWriter.text(.real(Float(0.1))) == "0.1")
  }
}
