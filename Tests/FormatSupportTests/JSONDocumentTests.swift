import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct JSONDocumentTests {
  private func root(_ text: String) throws -> JSONElement {
    let bytes = Array("??\(text)!".utf8)
    return try JSONParser.document(JSONDocument.Text(OwnedStorage(bytes), 2..<(bytes.count - 1))).root
  }

  @Test func showsEveryKindOfValue() throws {
    let element = try root(#"{"a":[1,-2.5,true,false,null,"x","é","\u00e9\n",{},"inf"]}"#)
    let list = try #require(element["a"]?.elements)
    #expect(list.map(\.integerValue) == [1] + [Int?](repeating: nil, count: 9))
    #expect(list.map(\.realValue) == [1, -2.5] + [Double?](repeating: nil, count: 7) + [.infinity])
    #expect(list.map(\.boolValue).filter { $0 != nil } == [true, false])
    #expect(list.map(\.isNull).firstIndex(of: true) == 4)
    #expect(list.compactMap(\.stringValue) == ["x", "é", "é\n", "inf"])
    #expect(
      list.compactMap { $0.utf8.map { Array($0.storage.bytes[$0.range]) } }.map { String(decoding: $0, as: UTF8.self) }
        == ["x", "é", "é\n", "inf"])
    #expect(list.map(\.kind) == list.map(\.value.kind))
    #expect(list[8].isObject)
    #expect(list[8].memberNames == [])
  }

  @Test(arguments: [1, 7, 8, 9, 10, 40]) func findsMembersOfObjectsOfAnySize(count: Int) throws {
    let members = (0..<count).map { #""\#($0)":{"x":[\#($0),{"y":[]}]}"# }
    let element = try root("{\(members.joined(separator: ","))}")
    #expect(element.count == count)
    #expect(element.memberNames == (0..<count).map(String.init))
    for index in 0..<count { #expect(element["\(index)"]?["x"]?.elements?.first?.integerValue == index) }
    #expect(element["\(count)"] == nil)
    #expect(element["x"] == nil)
  }

  /// Names that are the same text are the same name, however they are written and however many there are.
  @Test(arguments: [0, 7, 22, 23, 24, 25, 60], [("a", "a"), ("a", #"\u0061"#), ("é", #"\u00e9"#), ("é", "e\u{301}")])
  func refusesTwoMembersOfOneName(others: Int, names: (String, String)) {
    let between = (0..<others).map { #""\#($0)":0,"# }.joined()
    let error = #expect(throws: ModelError.self) { try root(#"{"\#(names.0)":1,\#(between)"\#(names.1)":2}"#) }
    #expect(error?.message.contains("occurs twice") == true)
    #expect(error?.byteOffset == #"{"\#(names.0)":1,\#(between)"#.utf8.count)
  }

  @Test func saysWhereAFaultLies() {
    let bytes = Array("{\"a\":\"x\\q\"}".utf8)
    let error = #expect(throws: ModelError.self) {
      try JSONParser.document(JSONDocument.Text(OwnedStorage(bytes), bytes.indices), baseOffset: 100)
    }
    #expect(error?.byteOffset == 107)
  }
}
