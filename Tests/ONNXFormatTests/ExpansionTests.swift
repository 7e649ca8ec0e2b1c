import FormatSupport
import ModelGraph
import ONNXFormat
import Testing

/// Files that use one part of theirs many times, or say one thing twice.
struct ExpansionTests {
  private func read(_ message: MessageBuilder) throws(ModelError) -> Program {
    try ONNXFormat.read(MappedFile(bytes: message.bytes, name: "test.onnx"), options: .standard)
  }

  private func expectMalformed(
    _ message: MessageBuilder, _ text: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ModelError.self, sourceLocation: location) { try read(message) }
    #expect(error?.code == .malformed, sourceLocation: location)
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")", sourceLocation: location)
  }

  private let longName = String(repeating: "n", count: 1_000_000)
  private let tooMuch = "more than 256 MiB would come of them"

  /// A model whose graph x → y calls the function `f` of the domain `d`.
  private func model(calls: [MessageBuilder], _ function: MessageBuilder) -> MessageBuilder {
    var graph = MessageBuilder()
    for call in calls { graph = graph.message(1, call.text(4, "f").text(7, "d")) }
    graph = graph.message(11, MessageBuilder.value("x")).message(12, MessageBuilder.value("y"))
    return MessageBuilder.model(graph).message(8, MessageBuilder().text(1, "d").int(2, 1))
      .message(25, function.text(1, "f").text(10, "d"))
  }

  private func call(_ output: String = "y") -> MessageBuilder { MessageBuilder().text(1, "x").text(2, output) }

  /// A function p → q of so many nodes.
  private func chain(_ count: Int) -> MessageBuilder {
    var function = MessageBuilder().text(4, "p").text(5, "q")
    for index in 0..<count {
      function = function.message(
        7,
        MessageBuilder().text(1, index == 0 ? "p" : "m\(index)").text(2, index == count - 1 ? "q" : "m\(index + 1)")
          .text(4, "Relu"))
    }
    return function
  }

  @Test func longNamesOfCalls() throws {
    let few = model(calls: [call().text(3, longName)], chain(2))
    #expect(try read(few).mainGraph.nodes.count == 2)
    expectMalformed(model(calls: [call().text(3, longName)], chain(150)), tooMuch)
  }

  @Test func longNamesOfParts() {
    var node = MessageBuilder().text(2, "y").text(3, longName).text(4, "Max")
    for _ in 0..<150 { node = node.text(1, "x") }
    let graph = MessageBuilder().message(1, node).message(11, MessageBuilder.value("x"))
      .message(12, MessageBuilder.value("y"))
    expectMalformed(MessageBuilder.model(graph), tooMuch)
  }

  /// A call of a function with many inputs goes through all of them, whatever the call gives.
  @Test func manyInputsOfCalls() {
    var function = chain(1)
    for index in 0..<10_000 { function = function.text(4, "unused \(index)") }
    expectMalformed(model(calls: (0..<2_000).map { call("y\($0)") }, function), tooMuch)
  }

  @Test func constantsOfFunctionsAreDecodedOnce() throws {
    let tensor = MessageBuilder().int(1, 4).int(2, 1).raw((0..<4).flatMap { [0x25, 0, 0, 0x80, 0x3F + $0] })
    let constant = MessageBuilder().text(2, "c").text(4, "Constant")
      .message(5, MessageBuilder().text(1, "value").message(5, tensor).int(20, 4))
    let function = MessageBuilder().text(4, "p").text(5, "q").message(7, constant)
      .message(7, MessageBuilder().text(1, "p").text(1, "c").text(2, "q").text(4, "Add"))
    let graph = try read(model(calls: [call("y"), call("z")], function)).mainGraph
    let contents = try graph.nodes.map { try #require(graph.constant($0, 1)) }
    #expect(contents.count == 2)
    let places = contents.map { tensor -> UnsafeRawPointer? in
      guard case .bytes(let storage, _) = tensor.content else { return nil }
      return storage.bytes.baseAddress
    }
    #expect(places[0] != nil && places[0] == places[1])
  }

  // MARK: One name twice

  @Test func metadataOfOneKey() throws {
    var model = MessageBuilder.model(MessageBuilder.graph())
    for (key, value) in [("author", "a"), ("author", "b"), ("date", "c")] {
      model = model.message(14, MessageBuilder().text(1, key).text(2, value))
    }
    let program = try read(model)
    #expect(program.metadata == ["metadata.author": "a", "metadata.author#1": "b", "metadata.date": "c"])
    #expect(program.findings.map(\.code) == ["repeated-metadata"])
    #expect(program.findings.first?.message.hasSuffix("'author'") == true)
  }

  @Test func attributesOfOneName() {
    let attribute = MessageBuilder().text(1, "a").int(3, 1).int(20, 2)
    let node = MessageBuilder().text(1, "x").text(2, "y").text(4, "Unheard").message(5, attribute).message(5, attribute)
    let graph = MessageBuilder().message(1, node).message(11, MessageBuilder.value("x"))
      .message(12, MessageBuilder.value("y"))
    expectMalformed(MessageBuilder.model(graph), "the attribute stands there twice")
    let twice = call().message(5, attribute).message(5, attribute)
    expectMalformed(model(calls: [twice], chain(1).text(6, "a")), "the attribute stands there twice")
  }

  @Test func functionInputsOfOneName() {
    expectMalformed(model(calls: [call()], chain(1).text(4, "p")), "two inputs of the function 'f' are named 'p'")
  }
}
