import FormatSupport
import ModelGraph
import ONNXFormat
import TestSupport
import Testing

/// Files that were made to do harm, or were harmed.
@Suite struct HostileFileTests {
  private func read(_ bytes: [UInt8], limits: Limits = .standard) throws(ModelError) -> Program {
    try Fixtures.read(bytes, limits: limits)
  }

  private func expectMalformed(
    _ message: MessageBuilder, _ text: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ModelError.self, sourceLocation: location) { try read(message.bytes) }
    #expect(error?.code == .malformed, sourceLocation: location)
    #expect(error?.message.contains(text) == true, "\(error?.description ?? "")", sourceLocation: location)
  }

  @Test func theBuilderMakesModels() throws {
    let graph = try read(MessageBuilder.model(MessageBuilder.graph()).bytes).mainGraph
    #expect(graph.nodes.map(\.op) == [.clamp(Clamp(.relu))])
  }

  /// Graphs in attributes in nodes in graphs, 5,000 deep: protobuf-c alone would overflow the stack.
  @Test func deepNesting() {
    var graph = MessageBuilder()
    for _ in 0..<1_700 {
      let attribute = MessageBuilder().text(1, "g").message(6, graph).int(20, 5)
      graph = MessageBuilder().message(1, MessageBuilder().text(4, "If").message(5, attribute))
    }
    expectMalformed(MessageBuilder.model(graph), "nested more than 64 deep")
  }

  @Test func nestingWithinTheLimit() throws {
    var body = MessageBuilder()
    for _ in 0..<15 {
      let attribute = MessageBuilder().text(1, "g").message(6, body).int(20, 5)
      body = MessageBuilder().message(1, MessageBuilder().text(4, "If").text(2, "r").message(5, attribute))
    }
    #expect(try read(MessageBuilder.model(MessageBuilder.graph(body)).bytes).mainGraph.opaqueNodes.count == 1)
  }

  /// Two bytes in the file, some hundred in memory.
  @Test func amplification() {
    let nodes = MessageBuilder().raw(
      [UInt8](repeating: 0, count: 0) + (0..<2_000_000).flatMap { _ in [0x0A, 0] as [UInt8] })
    expectMalformed(MessageBuilder.model(nodes), "MiB of memory")
  }

  @Test func brokenNumbers() {
    let eleven = [UInt8](repeating: 0xFF, count: 10) + [1]
    expectMalformed(MessageBuilder().raw([0x08] + eleven), "more than 64 bits")
    expectMalformed(MessageBuilder().raw([0x08, 0x80, 0x80]), "cut off")
    expectMalformed(MessageBuilder().raw([0x08]), "cut off")
    expectMalformed(MessageBuilder().raw([0x00, 0x00]), "field number 0")
    expectMalformed(MessageBuilder().raw([0x0B]), "group")
    expectMalformed(MessageBuilder().raw([0x0E, 0]), "wire type 6")
  }

  @Test func hugeLengths() {
    for length in [UInt64(5), 1 << 31, 1 << 62, 1 << 63, .max] {
      let error = #expect(throws: ModelError.self) {
        try read([0x08, 0x08, 0x3A] + MessageBuilder.varint(length) + [1, 2, 3])
      }
      #expect(error?.code == .malformed)
      #expect(error?.byteOffset == 2)
    }
  }

  @Test func brokenFields() {
    expectMalformed(MessageBuilder().bytes(1, [8]), "wrong wire type")
    expectMalformed(MessageBuilder().int(1, 8).int(1, 8), "occurs twice")
    expectMalformed(MessageBuilder().bytes(2, [0xC3, 0x28]), "not UTF-8")
    expectMalformed(MessageBuilder().bytes(2, [0x41, 0, 0x42]), "not UTF-8")
    expectMalformed(MessageBuilder().text(2, String(repeating: "a", count: 1 << 20 + 1)), "stringLength")
    expectMalformed(MessageBuilder().int(1, 8), "no graph")
    // An int32 field with more bits.
    let tensor = MessageBuilder().int(2, 1 << 40).text(8, "t")
    expectMalformed(
      MessageBuilder.model(MessageBuilder.graph(MessageBuilder().message(5, tensor))), "more than 32 bits")
  }

  /// The number that the pre-scan gives tensors cannot come from a file.
  @Test func foreignScanIndex() throws {
    let tensor = MessageBuilder().int(1, 1).int(2, 1).text(8, "x").bytes(9, [0, 0, 0x80, 0x3F]).int(536_870_911, 77)
    let node = MessageBuilder().text(1, "x").text(2, "y").text(4, "Relu")
    let graph = MessageBuilder().message(1, node).message(5, tensor).message(12, MessageBuilder.value("y"))
    let program = try read(MessageBuilder.model(graph).bytes)
    #expect(program.findings.first?.code == "unread-field")
    #expect(try program.mainGraph.constant(program.mainGraph.nodes[0], 0)?.floats() == [1])
  }

  @Test func unknownFieldsAreFindings() throws {
    let program = try read(MessageBuilder.model(MessageBuilder.graph()).int(900, 1).bytes(20, [1, 2]).bytes)
    #expect(program.findings.map(\.code) == ["unread-field", "unread-field"])
    #expect(program.findings[0].message.contains("field 900 of ModelProto"))
    #expect(program.findings[1].message.contains("training_info"))
  }

  static func tensor(_ type: UInt64, _ extents: [UInt64]) -> MessageBuilder {
    extents.reduce(MessageBuilder()) { $0.int(1, $1) }.int(2, type).text(8, "w")
  }

  /// A tensor that the graph reads, and why it is refused.
  static let tensors: [(MessageBuilder, String)] = [
    (tensor(1, [4]).bytes(9, [0, 0, 0]), "takes 16 bytes, found 3"), (tensor(1, [4]), "no content"),
    (tensor(1, [4]).bytes(4, [UInt8](repeating: 0, count: 12)), "takes 16 bytes, found 12"),
    (tensor(1, [4]).bytes(7, [1, 2, 3, 4]), "float32 elements in int64_data"),
    (tensor(1, [1]).bytes(9, [0, 0, 0, 0]).bytes(4, [0, 0, 0, 0]), "stored twice"),
    (tensor(1, [1]).bytes(9, [0, 0, 0, 0]).bytes(9, [0, 0, 0, 0]), "'raw_data' of TensorProto occurs twice"),
    (tensor(1, [.max]).bytes(9, [0, 0, 0, 0]), "extent -1"),
    (tensor(1, [1 << 40, 1 << 40]).bytes(9, [0]), "tensorElements"),
    (tensor(1, [UInt64](repeating: 1, count: 17)).bytes(9, [0, 0, 0, 0]), "tensorRank"),
    (tensor(3, [1]).bytes(5, MessageBuilder.varint(200)), "200 in int32_data is no int8"),
    (tensor(10, [1]).bytes(5, MessageBuilder.varint(70_000)), "is no float16"),
    (tensor(7, [2]).bytes(7, [0x80]), "cut off"), (tensor(0, [1]).bytes(9, [0]), "undefined"),
    (tensor(1, [1]).bytes(6, [0x41]), "strings in a tensor"),
    (tensor(1, [1]).int(14, 1), "without a location"),
    (tensor(1, [1]).bytes(9, [0, 0, 0, 0]).int(14, 1), "both in the file and in another one"),
  ]

  @Test(arguments: tensors.indices) func tensor(_ index: Int) {
    let (tensor, text) = Self.tensors[index]
    let node = MessageBuilder().text(1, "x").text(1, "w").text(2, "y").text(4, "Add")
    let graph = MessageBuilder().message(1, node).message(5, tensor).message(11, MessageBuilder.value("x"))
      .message(12, MessageBuilder.value("y"))
    expectMalformed(MessageBuilder.model(graph), text)
  }

  /// Every proper prefix at 50 places: refused, or, where only fields at the end are missing, read.
  @Test(arguments: ["storage", "clip_13_constants", "branches", "function_call"])
  func truncation(_ name: String) throws {
    let bytes = try #require(TemporaryFolder.bytes(of: Fixtures.path(name + ".onnx")))
    var refused = 0
    for step in 0..<50 {
      let prefix = Array(bytes.prefix(bytes.count * step / 50))
      do { _ = try read(prefix) } catch {
        #expect(error.code == .malformed || error.code == .unsupported)
        refused += 1
      }
    }
    #expect(refused >= 45)
  }

  /// Any byte may be any other: an error or a graph, never a crash.
  @Test(arguments: ["storage", "clip_13_constants", "branches", "function_call", "resize_11", "conv_pads"])
  func damage(_ name: String) throws {
    let bytes = try #require(TemporaryFolder.bytes(of: Fixtures.path(name + ".onnx")))
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<400 {
      var copy = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        copy[Int.random(in: 0..<copy.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if let program = try? read(copy) { try program.mainGraph.validate() }
    }
  }

  /// Functions that call functions twice each, thirty deep.
  @Test func exponentialFunctions() {
    var model = MessageBuilder.model(
      MessageBuilder().message(1, MessageBuilder().text(1, "x").text(2, "y").text(4, "f0").text(7, "d"))
        .message(11, MessageBuilder.value("x")).message(12, MessageBuilder.value("y"))
    ).message(8, MessageBuilder().text(1, "d").int(2, 1))
    for level in 0..<30 {
      let call = "f\(level + 1)"
      let function = MessageBuilder().text(1, "f\(level)").text(4, "p").text(5, "q").text(10, "d")
        .message(7, MessageBuilder().text(1, "p").text(2, "m").text(4, call).text(7, "d"))
        .message(7, MessageBuilder().text(1, "m").text(2, "q").text(4, call).text(7, "d"))
      model = model.message(25, function)
    }
    expectMalformed(model, "functions expand to more than")
  }

  @Test func recursiveFunction() {
    let function = MessageBuilder().text(1, "f").text(4, "p").text(5, "q").text(10, "d")
      .message(7, MessageBuilder().text(1, "p").text(2, "q").text(4, "f").text(7, "d"))
    let graph = MessageBuilder().message(1, MessageBuilder().text(1, "x").text(2, "y").text(4, "f").text(7, "d"))
      .message(11, MessageBuilder.value("x")).message(12, MessageBuilder.value("y"))
    expectMalformed(MessageBuilder.model(graph).message(25, function), "calls itself")
  }

  @Test func cycle() {
    let graph = MessageBuilder().message(1, MessageBuilder().text(1, "b").text(2, "a").text(4, "Relu"))
      .message(1, MessageBuilder().text(1, "a").text(2, "b").text(4, "Relu")).message(12, MessageBuilder.value("b"))
    expectMalformed(MessageBuilder.model(graph), "cycle")
  }

  @Test(arguments: [[], [0x7B], Array("no model at all".utf8), [UInt8](repeating: 0, count: 100)])
  func otherContent(_ bytes: [UInt8]) {
    let error = #expect(throws: ModelError.self) { try read(bytes) }
    #expect(error?.code == .malformed)
  }
}
