import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

/// `Schemas/native-graph.schema.json` says what is written.
@Suite struct SchemaTests {
  let definitions: [String: JSONValue]

  init() throws {
    let file = try MappedFile(path: SharedModels.packageRoot + "Schemas/native-graph.schema.json")
    definitions = try #require(JSONParser.parse(file.bytes).objectValue?["$defs"]?.objectValue)
  }

  /// The definition of an operator's attributes, by way of the node's list of alternatives.
  private func attributes(_ name: String) -> [String: JSONValue]? {
    for alternative in definitions["node"]?.objectValue?["oneOf"]?.arrayValue ?? [] {
      let properties = alternative.objectValue?["properties"]?.objectValue
      guard properties?["operator"]?.objectValue?["const"]?.stringValue == name else { continue }
      let reference = properties?["attributes"]?.objectValue?["$ref"]?.stringValue ?? ""
      return definitions[String(reference.dropFirst("#/$defs/".count))]?.objectValue
    }
    return nil
  }

  @Test(arguments: OpSamples.all)
  func knowsEveryAttribute(op: Op) throws {
    let definition = try #require(attributes(op.name))
    let fields = Set(try #require(op.encodedAttributes().objectValue).keys)
    let required = (definition["required"]?.arrayValue ?? []).compactMap(\.stringValue)
    let properties = definition["properties"]?.objectValue ?? [:]
    #expect(Set(required) == fields)
    #expect(Set(properties.keys) == fields)
    #expect(definition["additionalProperties"] == .bool(false))
  }

  @Test func listsEveryElementType() throws {
    let names = try #require(definitions["elementType"]?.objectValue?["enum"]?.arrayValue).compactMap(\.stringValue)
    #expect(Set(names) == Set(ElementType.allCases.map(\.name)))
  }
}
