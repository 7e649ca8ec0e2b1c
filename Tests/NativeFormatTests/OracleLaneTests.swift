import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

/// Native files beside the readers and the schema validator of Python's libraries: `Tests/oracle/run` runs this suite, and
/// `Tests/run` leaves it to that.
@Suite(.enabled(if: PythonOracle.isAvailable, PythonOracle.comment))
struct OracleLaneTests {
  @Test func operatorsAgreeWithTheSchema() throws {
    var nodes: [JSONValue] = []
    for op in OpSamples.all {
      nodes.append(.object(["operator": .string(op.name), "attributes": try op.encodedAttributes()]))
    }
    let folder = TemporaryFolder()
    let path = folder.write(JSONWriter.bytes(.array(nodes)), to: "nodes.json")
    let run = PythonOracle.run("native_file.py", ["--nodes", path])
    #expect(run.exitCode == 0, "\(run.errorText)")
  }

  @Test func otherReadersAgree() throws {
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
