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

  @Test(.enabled(if: PythonOracle.isAvailable, PythonOracle.comment))
  func operatorsAgreeWithTheSchema() throws {
    var nodes: [JSONValue] = []
    for op in OpSamples.all {
      nodes.append(.object(["operator": .string(op.name), "attributes": try op.encodedAttributes()]))
    }
    let folder = TemporaryFolder()
    let path = folder.write(JSONWriter.bytes(.array(nodes)), to: "nodes.json")
    let run = PythonOracle.run("native_file.py", ["--nodes", path])
    #expect(run.exitCode == 0, "\(run.errorText)")
  }

  @Test(.enabled(if: PythonOracle.isAvailable, PythonOracle.comment))
  func otherReadersAgree() throws {
    for (name, program) in [("small", try SamplePrograms.small()), ("rich", try SamplePrograms.rich())] {
      let folder = TemporaryFolder()
      let model = folder.path("\(name).safetensors")
      try NativeFormat.write(program, provenance: SamplePrograms.provenance, to: model, replacing: false)
      let expected = folder.path("\(name).npz")
      try NPZFile.write(try Self.storedTensors(model), to: expected, replacing: false)
      let run = PythonOracle.run("native_file.py", [model, expected])
      #expect(run.exitCode == 0, "\(run.errorText)")
    }
  }

  /// Every tensor of the file as Ferry reads it, under its name in the header.
  private static func storedTensors(_ path: String) throws -> [(name: String, tensor: Tensor)] {
    let bytes = try #require(TemporaryFolder.bytes(of: path))
    let graphs = try NativeFile(bytes).graph["graphs"]?.arrayValue ?? []
    let program = try NativeFile.read(bytes).program
    var tensors: [String: Tensor] = [:]
    for (stored, graph) in zip(graphs, program.graphs) {
      let constants = Dictionary(uniqueKeysWithValues: graph.values.map { ($0.name, $0.constant) })
      for value in stored.objectValue?["values"]?.arrayValue ?? [] {
        guard let name = value.objectValue?["name"]?.stringValue,
          let key = value.objectValue?["content"]?.objectValue?["tensor"]?.stringValue, tensors[key] == nil,
          let constant = constants[name] ?? nil
        else { continue }
        // 4-bit elements stand in the file as packed bytes.
        tensors[key] =
          constant.elementType == .int4
          ? try Tensor(
            constant.withUnsafeBytes { Array($0) }, type: TensorType(.uint8, Shape([constant.byteCount ?? 0])))
          : constant
      }
    }
    return tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
