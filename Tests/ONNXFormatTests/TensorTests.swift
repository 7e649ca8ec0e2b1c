import FormatSupport
import ModelGraph
import ONNXFormat
import TestSupport
import Testing

@Suite struct TensorTests {
  /// Every element type, in its own field and as raw bytes.
  @Test func everyStorageKind() throws {
    let graph = try Fixtures.graph("storage")
    let constants = graph.values.filter { $0.constant != nil }
    #expect(constants.count == 28)
    for value in constants {
      let tensor = try #require(value.constant)
      #expect(tensor.extents == [2, 3])
      let expected: [Double] =
        switch tensor.elementType {
        case .bool: [0, 1, 0, 1, 1, 0]
        case .uint8, .uint16, .uint32, .uint64: [0, 1, 2, 3, 4, 5]
        default: [-3, -2, -1, 0, 1, 2]
        }
      #expect(try tensor.doubles() == expected, "\(value.name)")
      #expect(value.origin == ValueOrigin(name: value.name))
    }
    #expect(Set(constants.map(\.type.elementType)).count == 14)
  }

  /// Raw bytes and packed floats are not copied.
  @Test func weightsStayInTheFile() throws {
    let file = try MappedFile(path: Fixtures.path("storage.onnx"))
    let graph = try ONNXFormat.read(file, options: .standard).mainGraph
    for name in ["float_raw", "float_typed", "double_typed", "int8_raw"] {
      let tensor = try #require(graph.values.first { $0.name == name }?.constant)
      guard case .bytes(let storage, _) = tensor.content else {
        Issue.record("\(name) is no range of bytes")
        continue
      }
      #expect(storage === file)
    }
  }

  @Test func constantNodes() throws {
    let graph = try Fixtures.graph("constants")
    #expect(graph.nodes.isEmpty)
    let contents = try graph.outputs.map { try graph[$0.value].constant?.doubles() ?? [] }
    #expect(contents == [[7], [1, 2, 3], [0.5], [0.5, 1.5], [1, 2]])
    #expect(graph.outputs.map { graph[$0.value].type.shape } == [[], [3], [], [2], [1, 2]])
  }

  @Test func externalContent() throws {
    let graph = try Fixtures.graph("external")
    let weights = try #require(graph.values.first { $0.name == "w" }?.constant)
    #expect(try weights.floats() == (0..<144).map(Float.init))
  }

  /// A link beside the model that leads elsewhere.
  @Test func externalLinkIsRefused() throws {
    let folder = TemporaryFolder()
    let model = try #require(TemporaryFolder.bytes(of: Fixtures.path("external_link.onnx")))
    let path = folder.write(model, to: "model.onnx")
    #expect(ToolRun.run("ln", ["-s", Fixtures.path("external.bin"), folder.path("link.bin")]).exitCode == 0)
    let error = #expect(throws: ModelError.self) {
      try ONNXFormat.read(try MappedFile(path: path), options: .standard)
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("symbolic link") == true)
  }

  /// To Swift, a slash and the mark behind it are one character; to the system the name leads out of the folder.
  @Test func externalDataBehindACombinedSlashIsRefused() throws {
    let folder = TemporaryFolder()
    folder.write([UInt8](repeating: 7, count: 16), to: "\u{301}secret.bin")
    #expect(ToolRun.run("mkdir", [folder.path("model")]).exitCode == 0)
    let entry = MessageBuilder().text(1, "location").text(2, "../\u{301}secret.bin")
    let tensor = MessageBuilder().int(1, 4).int(2, 1).text(8, "w").message(13, entry).int(14, 1)
    let node = MessageBuilder().text(1, "x").text(1, "w").text(2, "y").text(4, "Add")
    let graph = MessageBuilder().message(1, node).message(5, tensor).message(11, MessageBuilder.value("x"))
      .message(12, MessageBuilder.value("y"))
    let path = folder.write(MessageBuilder.model(graph).bytes, to: "model/m.onnx")
    let error = #expect(throws: ModelError.self) {
      try ONNXFormat.read(try MappedFile(path: path), options: .standard)
    }
    #expect(error?.code == .malformed && error?.message.contains("own folder") == true)
  }

  /// A model that never was a file has no folder.
  @Test func externalDataNeedsAFolder() throws {
    let model = try #require(TemporaryFolder.bytes(of: Fixtures.path("external.onnx")))
    let error = #expect(throws: ModelError.self) {
      try ONNXFormat.read(MappedFile(bytes: model, name: Fixtures.path("external.onnx")), options: .standard)
    }
    #expect(error?.code == .noInput)
  }

  @Test(arguments: [
    ("input_0.pb", "x", [1, 3], [1.5, -2, 3.25]), ("input_unpacked.pb", "u", [3], [1.5, -2, 3.25]),
    ("input_pieces.pb", "p", [4], [1, 2, 3, -1]),
  ]) func tensorFile(_ file: String, _ name: String, _ extents: [Int], _ elements: [Double]) throws {
    let result = try ONNXFormat.readTensor(try MappedFile(path: Fixtures.path(file)))
    #expect(result.name == name)
    #expect(result.tensor.extents == extents)
    #expect(try result.tensor.doubles() == elements)
  }
}
