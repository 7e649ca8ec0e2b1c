import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct JSONWriterTests {
  @Test func sortsKeysByBytes() {
    let value = JSONValue.object(["b": .null, "a": .bool(true), "ä": .integer(1), "B": .array([]), "z": .object([:])])
    #expect(JSONWriter.text(value) == #"{"B":[],"a":true,"b":null,"z":{},"ä":1}"#)
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
