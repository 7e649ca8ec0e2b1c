import FormatSupport
import ModelGraph
import TFLiteFormat
import TestSupport
import Testing

/// Small files that ask for much, or say one thing twice.
struct HostileModelTests {
  private func read(_ model: FlatNode, limits: Limits = .standard) throws(ModelError) -> Program {
    try TFLiteFormat.read(MappedFile(bytes: model.file(), name: "test"), options: ImportOptions(limits: limits))
  }

  private func model(_ graphs: [FlatNode], _ more: [Int: FlatNode.Field] = [:]) -> FlatNode {
    .table([0: .int32(3), 2: .node(.nodes(graphs))].merging(more) { $1 })
  }

  private func graph(
    tensors: [FlatNode], inputs: [Int32] = [], outputs: [Int32], operators: [FlatNode] = []
  ) -> FlatNode {
    .table([
      0: .node(.nodes(tensors)), 1: .node(.int32s(inputs)), 2: .node(.int32s(outputs)), 3: .node(.nodes(operators)),
    ])
  }

  private func tensor(_ name: String, _ more: [Int: FlatNode.Field] = [:]) -> FlatNode {
    .table([0: .node(.int32s([2])), 3: .node(.string(name))].merging(more) { $1 })
  }

  /// A graph of one input, which is all of its outputs.
  private func passing(_ name: String, outputCount: Int = 1) -> FlatNode {
    graph(tensors: [tensor(name)], inputs: [0], outputs: [Int32](repeating: 0, count: outputCount))
  }

  // MARK: Sparse constants

  private static let elementCount = 25_000
  private static let byteCount = 4 * elementCount

  /// One element of many, the third.
  private let sparsity = FlatNode.table([
    0: .node(.int32s([0])),
    2: .node(
      .nodes([
        .table([
          0: .int8(1), 2: .int8(1), 3: .node(.table([0: .node(.int32s([0, 1]))])),
          4: .int8(1), 5: .node(.table([0: .node(.int32s([2]))])),
        ])
      ])),
  ])

  /// - Parameter buffers: the number of each tensor's buffer; all hold the same value.
  private func sparseGraph(buffers: [Int32]) -> FlatNode {
    let shape = FlatNode.Field.node(.int32s([Int32(Self.elementCount)]))
    return graph(
      tensors: buffers.enumerated().map {
        tensor("w\($0)", [0: shape, 2: .int32($1), 6: .node(sparsity)])
      }, outputs: buffers.indices.map(Int32.init))
  }

  private func sparseModel(_ graphs: [FlatNode]) -> FlatNode {
    let value = FlatNode.table([0: .node(.bytes([0, 0, 0x20, 0x40]))])
    return model(graphs, [4: .node(.nodes([.table([:]), value, value, value]))])
  }

  private func limits(ofConstants count: Int) -> Limits {
    var limits = Limits.standard
    limits.packedWeightBytes = count * Self.byteCount
    limits.weightExpansionRatio = 1
    return limits
  }

  @Test func sparseConstantsHaveOneBudget() throws {
    let three = sparseModel([sparseGraph(buffers: [1, 2, 3])])
    #expect(try read(three, limits: limits(ofConstants: 3)).mainGraph.outputs.count == 3)
    let error = #expect(throws: ModelError.self) { try read(three, limits: limits(ofConstants: 2)) }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("a sparse constant of 100000 bytes") == true)
    #expect(error?.context == [.tensor("w2")])
    let graphs = sparseModel([sparseGraph(buffers: [1, 2]), sparseGraph(buffers: [3])])
    let second = #expect(throws: ModelError.self) { try read(graphs, limits: limits(ofConstants: 2)) }
    #expect(second?.context == [.subgraph("subgraph 1"), .tensor("w0")])
  }

  @Test func sparseConstantsAreShared() throws {
    let file = sparseModel([sparseGraph(buffers: [1, 1, 1]), sparseGraph(buffers: [1])])
    let program = try read(file, limits: limits(ofConstants: 1))
    let graph = program.mainGraph
    #expect(Set(graph.outputs.map(\.value)).count == 1)
    let constant = try #require(graph[graph.outputs[0].value].constant)
    #expect(try constant.floats().prefix(4) == [0, 0, 2.5, 0])
  }

  // MARK: Names

  @Test func oneTensorIsManyOutputs() throws {
    let count = 100_000
    let names = try read(model([passing("x", outputCount: count)])).mainGraph.outputs.map(\.name)
    #expect(names.prefix(3) == ["x", "x#1", "x#2"])
    #expect(names.last == "x#\(count - 1)")
  }

  /// The texts that a file makes of its long name together, beyond eight times its size.
  private func expectTooManyNames(_ model: FlatNode, _ location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: ModelError.self, sourceLocation: location) { try read(model) }
    #expect(error?.code == .malformed, sourceLocation: location)
    #expect(error?.message.contains("names would grow without bound") == true, sourceLocation: location)
  }

  private let longName = String(repeating: "n", count: 10_000)

  @Test func longNamesOfOutputs() { expectTooManyNames(model([passing(longName, outputCount: 100)])) }

  @Test func longNamesOfSteps() {
    let pack = FlatNode.table([1: .node(.int32s([Int32](repeating: 0, count: 100))), 2: .node(.int32s([1]))])
    let packed = tensor(longName, [0: .node(.int32s([100, 2]))])
    expectTooManyNames(
      model(
        [graph(tensors: [tensor("x"), packed], inputs: [0], outputs: [1], operators: [pack])],
        [1: .node(.nodes([.table([0: .int8(83)])]))]))
  }

  @Test func longNamesOfParts() {
    let unpack = FlatNode.table([1: .node(.int32s([0])), 2: .node(.int32s(Array(1...100)))])
    let tensors = [tensor("x", [0: .node(.int32s([100, 2]))]), tensor(longName)] + (0..<99).map { tensor("y\($0)") }
    let codes = FlatNode.nodes([.table([0: .int8(88)])])
    expectTooManyNames(
      model([graph(tensors: tensors, inputs: [0], outputs: [1], operators: [unpack])], [1: .node(codes)]))
  }

  @Test func longNamesOfOperators() {
    let custom = FlatNode.table([0: .int8(32), 1: .node(.string(longName))])
    let operators = [FlatNode](repeating: .table([:]), count: 100)
    expectTooManyNames(
      model(
        [graph(tensors: [tensor("x")], inputs: [0], outputs: [0], operators: operators)], [1: .node(.nodes([custom]))]))
  }

  // MARK: Unknown fields

  /// Buffers that are all one table, whose vtable has as much room as there can be.
  private func modelOfWideBuffers(_ count: Int, arePresent: Bool) -> FlatNode {
    let buffer = FlatNode.table([3: .int8(0)], extra: (32_761, arePresent))
    return model([passing("x")], [4: .node(.nodes([FlatNode](repeating: buffer, count: count)))])
  }

  @Test func lookingForUnknownFieldsIsCharged() {
    let error = #expect(throws: ModelError.self) { try read(modelOfWideBuffers(1_000, arePresent: false)) }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("grow without bound") == true)
    // Long before the last one.
    guard case .entry(let place)? = error?.context.first else {
      Issue.record("no place is named")
      return
    }
    #expect(place.hasPrefix("buffers[") && place.count <= "buffers[17]".count)
  }

  @Test func enoughUnknownFieldsEndTheSearch() throws {
    let findings = try read(modelOfWideBuffers(10_000, arePresent: true)).findings
    let text = try #require(findings.first { $0.code == "unknown-fields" }?.message)
    #expect(text.contains("Buffer.field 3, Buffer.field 4, "))
    #expect(text.hasSuffix("Buffer.field 34, …"))
  }

  // MARK: One name twice

  @Test func metadataOfOneName() throws {
    let buffers = FlatNode.nodes([.table([:]), .table([0: .node(.string("a"))]), .table([0: .node(.string("b"))])])
    let entries = [("note", 1), ("note", 2), ("description", 1), ("own", 2)].map { name, buffer in
      FlatNode.table([0: .node(.string(name)), 1: .int32(buffer)])
    }
    let program = try read(
      model([passing("x")], [3: .node(.string("text")), 4: .node(buffers), 6: .node(.nodes(entries))]))
    #expect(
      program.metadata == ["description": "text", "note": "a", "note#1": "b", "description#1": "a", "own": "b"])
    #expect(program.findings.map(\.code) == ["repeated-metadata"])
    #expect(program.findings.first?.message.contains("'note' is shown as 'note#1', 'description' is shown") == true)
  }

  @Test func signatureEntriesOfOneName() throws {
    func entries(_ rows: [(String, Int32)]) -> FlatNode.Field {
      .node(.nodes(rows.map { .table([0: .node(.string($0)), 1: .int32($1)]) }))
    }
    let signature = FlatNode.table([
      0: entries([("a", 0), ("a", 1), ("b", 0)]), 1: entries([("y", 0)] + (0..<9).map { ("stray \($0)", 7) }),
      2: .node(.string("run")),
    ])
    let program = try read(
      model(
        [graph(tensors: [tensor("x"), tensor("z")], inputs: [0, 1], outputs: [0])],
        [7: .node(.nodes([signature]))]))
    #expect(
      program.signatures == [Signature(name: "run", graph: 0, inputs: ["a": "z", "b": "x"], outputs: ["y": "x"])])
    #expect(program.findings.map(\.code) == ["signature-name-twice", "signature-without-port"])
    #expect(program.findings[0].message.hasSuffix("of which the last has it: 'a' to tensor 1"))
    #expect(program.findings[1].message.hasSuffix("'stray 3' to tensor 7, 'stray 4' to tensor 7, …"))
  }
}
