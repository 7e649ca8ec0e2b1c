import FormatSupport
import KerasFormat
import ModelGraph
import TestSupport
import Testing

/// Models that are broken or unusual in one way each (Fixtures/make_odd.py).
@Suite struct OddModelTests {
  static let folder = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/odd/"

  static func read(_ name: String) throws -> Program {
    try KerasFormat.read(try MappedFile(path: folder + name + ".h5"), options: .standard)
  }

  @Test func theModelThatTheOthersAreMadeOfIsRead() throws {
    let graph = try Self.read("good").mainGraph
    #expect(graph.nodes.map(\.name) == ["d"])
    #expect(graph.parameterCount() == ParameterCount(trainable: 15))
  }

  @Test(arguments: [
    ("not_json", ModelError.Code.malformed, "in entry 'model_config'"),
    ("no_model", .malformed, "the model configuration is an array"),
    ("python_class", .unsupported, "'MyModel', whose layers stand in Python code"),
    ("cyclic", .malformed, "layer 'd' depends on its own output"),
    ("twice", .malformed, "two layers are named 'd'"),
    ("no_such_layer", .malformed, "the layer 'nowhere' is referred to"),
    ("missing_weight", .malformed, "needs a weight 'bias', and the file holds only 'd/kernel:0' for it"),
    ("missing_layer", .malformed, "needs a weight 'kernel', and the file holds none for it"),
    ("surplus_weight", .malformed, "1 weight that no layer of the model has: 'model_weights/d/d/extra:0'"),
    ("surplus_layer", .malformed, "2 weights that no layer of the model has: 'model_weights/gone/gone/kernel:0'"),
    ("wrong_shape", .malformed, "'kernel' has the shape [4, 3], the file holds [4, 5]"),
    ("wrong_input", .malformed, "'kernel' has the shape [4, 3], the file holds [7, 3]"),
    ("nested_too_deep", .malformed, "in entry 'model_config'"),
  ])
  func whatIsWrongIsNamed(name: String, code: ModelError.Code, text: String) throws {
    let error = #expect(throws: ModelError.self) { try Self.read(name) }
    #expect(error?.code == code)
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("unknown_attribute", "unknown attribute 'gate'"),
    ("lambda", "a Lambda layer is Python code, which Ferry never executes"),
    ("unknown_class", "unknown layer class 'Gate'"),
    ("quantized", "the layer is quantized by Keras"),
  ])
  func whatHasNoMeaningStaysAsItIs(name: String, reason: String) throws {
    let graph = try Self.read(name).mainGraph
    let opaque = graph.nodes.compactMap { node in if case .opaque(let op) = node.op { op } else { nil } }
    #expect(opaque.count == 1)
    #expect(opaque.first?.reason.contains(reason) == true, "\(opaque.first?.reason ?? "")")
    let error = #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
    #expect(error?.code == .unsupported)
  }

  @Test func anUnknownLayerHasTheOutputsThatAreAskedFor() throws {
    let graph = try Self.read("unknown_outputs").mainGraph
    let gate = try #require(graph.nodes.first)
    #expect(gate.outputs.map { graph[$0].name } == ["g", "g:1", "g:2"])
    #expect(graph.nodes[1].inputs.first == gate.outputs[2])
    #expect(graph.outputs.map(\.value) == [gate.outputs[0], graph.nodes[1].outputs[0]])
    // One more than Ferry makes.
    let error = #expect(throws: ModelError.self) { try Self.read("unknown_output_too_many") }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains("layer 'g' has 1 outputs, number 1000000000 is asked for") == true)
  }

  @Test func weightsOfAnUnknownLayerAreCounted() throws {
    #expect(try Self.read("unknown_class").mainGraph.parameterCount().total == 4)
  }

  @Test func otherPrecisionsAreSaid() throws {
    for name in ["mixed_precision", "half_weights"] {
      let program = try Self.read(name)
      #expect(program.findings.map(\.code) == ["computes-in-float32"])
      let types = program.mainGraph.values.map(\.type.elementType)
      #expect(types.allSatisfy { $0 == .float32 }, "\(name)")
    }
  }

  @Test func aSuffixOnEveryNameIsNoOtherLayer() throws {
    let graph = try Self.read("suffix").mainGraph
    #expect(graph.nodes.map(\.name) == ["m/d", "m/d_1"])
    #expect(graph.nodes.map { graph.type($0, 1)?.shape } == [[4, 3], [3, 3]])
  }

  // MARK: Archives

  private static func readArchive(_ name: String) throws(ModelError) -> Program {
    try KerasFormat.read(try MappedFile(path: folder + name + ".keras"), options: .standard)
  }

  @Test func aSharedLayerHasItsWeightsInOneOfItsPlaces() throws {
    let program = try Self.readArchive("shared")
    #expect(program.mainGraph.nodes.map(\.name).count == 2)
    #expect(program.mainGraph.parameterCount().total == 15)
    #expect(program.findings.map(\.code) == ["shared-weights"])
    #expect(program.findings.first?.message.contains("'d' has those of 'a/d'") == true)
  }

  @Test func twoTwinsAreToldApartByTheIdentifierOnly() throws {
    let error = #expect(throws: ModelError.self) { try Self.readArchive("shared_with_either") }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains("'d' (Dense") == true, "\(error?.description ?? "")")
    let program = try Self.readArchive("shared_by_identifier")
    #expect(program.mainGraph.parameterCount().total == 30)
    #expect(program.findings.first?.message.contains("'d' has those of 'b/d'") == true)
  }

  static func archive(_ entries: [(name: String, content: [UInt8])], limits: Limits = .standard) throws -> ModelError? {
    let bytes = try ZipArchive.bytes(entries, isDeflated: true)
    var options = ImportOptions.standard
    options.limits = limits
    do {
      _ = try KerasFormat.read(MappedFile(bytes: bytes, name: "model.keras"), options: options)
      return nil
    } catch {
      return error
    }
  }

  static let config = Array(#"{"class_name": "Sequential", "config": {"name": "s", "layers": []}}"#.utf8)

  @Test func anArchiveWithoutAnEntryIsMalformed() throws {
    let noConfig = try Self.archive([("metadata.json", Array("{}".utf8))])
    #expect(noConfig?.code == .malformed)
    #expect(noConfig?.message == "the archive holds no 'config.json'")
    let noWeights = try Self.archive([("metadata.json", Array("{}".utf8)), ("config.json", Self.config)])
    #expect(noWeights?.message == "the archive holds no 'model.weights.h5'")
    let noHDF5 = try Self.archive([("config.json", Self.config), ("model.weights.h5", [1, 2, 3])])
    #expect(noHDF5?.code == .malformed)
    #expect(noHDF5?.description.contains("entry 'model.weights.h5'") == true)
  }

  @Test func anArchiveThatGrowsBeyondItsLimitIsMalformed() throws {
    var limits = Limits.standard
    limits.zipExpansionRatio = 100
    let zeros = [UInt8](repeating: 0, count: 4 << 20)
    let error = try Self.archive([("config.json", zeros)], limits: limits)
    #expect(error?.code == .malformed)
  }

  @Test func archivesAndFilesAreRecognised() throws {
    let bytes = try ZipArchive.bytes([("config.json", Self.config)])
    #expect(KerasFormat.matches(header: Array(bytes.prefix(64))))
    #expect(!KerasFormat.matches(header: Array(try ZipArchive.bytes([("x.npy", [1])]).prefix(64))))
    #expect(KerasFormat.matches(header: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(!KerasFormat.matches(header: []))
  }
}
