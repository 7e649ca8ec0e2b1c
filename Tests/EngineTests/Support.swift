import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Every choice of kernels that differs on this machine.
let instructionSets: [InstructionSet] = [.scalar, .avx2, .automatic]

extension Tensor {
  static func random(_ shape: [Int], _ generator: inout SeededGenerator) throws -> Tensor {
    try Tensor(generator.floats(shape.reduce(1, *)), shape: shape)
  }
}

/// A graph of one node over runtime inputs and constants, its first input behind a 1×1 pool when `isBlocked` asks for it,
/// so that a map reaches the node in blocks of channels.
func graph(
  of op: Op, inputs: [[Int]], constants: [Tensor?] = [], isBlocked: Bool = false
) throws -> Graph {
  var builder = GraphBuilder(name: "one node")
  var operands: [ValueID?] = []
  for (index, shape) in inputs.enumerated() {
    var value = builder.input(name: "x\(index)", type: TensorType(.float32, Shape(shape)))
    if isBlocked, shape.count == 4 {
      let pool = Pool2D(.maximum, kernel: .one, strides: .one)
      value = try builder.add(.pool2D(pool), name: "pool\(index)", inputs: [value])[0]
    }
    operands.append(value)
  }
  for (index, constant) in constants.enumerated() {
    operands.append(constant.map { builder.constant(name: "c\(index)", $0) })
  }
  let outputs = try builder.add(op, name: "node", inputs: operands)
  for (index, output) in outputs.enumerated() { builder.output(output, name: "y\(index)") }
  return try builder.build()
}

/// Runs `graph` on random inputs and expects every node's output to be the interpreter's, within 10⁻⁵ of its largest
/// element (`scale` times that where a formula is steep).
func expectAgreement(
  _ graph: Graph, seed: UInt64 = 1, batch: Int = 1, scale: Double = 1, inputs given: [Tensor]? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var generator = SeededGenerator(seed: seed)
  var inputs: [Tensor] = given ?? []
  if given == nil {
    for port in graph.inputs {
      let type = graph.signatureType(port)
      let shape = try #require(type.shape.dimensions).map { $0.fixedValue ?? batch }
      inputs.append(try Tensor.random(shape, &generator))
    }
  }
  var expected: [NodeID: [Tensor]] = [:]
  let results = try ReferenceInterpreter(graph).run(inputs) { (node, outputs) throws(ModelError) in
    expected[node.id] = outputs
  }
  for set in instructionSets {
    let engine = try Engine(graph: graph, options: EngineOptions(instructionSet: set))
    var seen = 0
    let outputs = try engine.run(inputs) { (node, tensors) throws(ModelError) in
      seen += 1
      for (tensor, reference) in zip(tensors, expected[node.id] ?? []) {
        let difference = Difference(try tensor.floats(), try reference.floats())
        #expect(
          tensor.extents == reference.extents && difference.relativeToLargest <= 1e-5 * scale,
          "\(node.op) \(tensor.type) \(set): \(difference)", sourceLocation: sourceLocation)
      }
    }
    #expect(seen == graph.nodes.count, sourceLocation: sourceLocation)
    #expect(outputs.count == results.count, sourceLocation: sourceLocation)
    for (output, result) in zip(outputs, results) {
      let difference = Difference(try output.floats(), try result.floats())
      #expect(
        output.extents == result.extents && difference.relativeToLargest <= 1e-5 * scale, "\(set): \(difference)",
        sourceLocation: sourceLocation)
    }
    // Without observing, activations are not kept longer than needed: the same bits all the same.
    let again = try engine.run(inputs)
    for (output, repeated) in zip(outputs, again) {
      #expect(
        try output.elements(as: UInt32.self) == repeated.elements(as: UInt32.self), sourceLocation: sourceLocation)
    }
    // However blocks run and however many threads share the work: the same bits.
    for (strategy, threads) in [(BlockStrategy.rows, 1), (.panels, 1), (.automatic, 2), (.rows, 3), (.panels, 3)] {
      let options = EngineOptions(instructionSet: set, threads: threads, blockStrategy: strategy)
      for (output, other) in zip(outputs, try Engine(graph: graph, options: options).run(inputs)) {
        #expect(
          try output.elements(as: UInt32.self) == other.elements(as: UInt32.self), "\(set) \(strategy) \(threads)",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// The same for a graph of one node, its maps plain and blocked.
func expectAgreement(
  of op: Op, inputs: [[Int]], constants: [Tensor?] = [], seed: UInt64 = 1, scale: Double = 1,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for isBlocked in [false, true] where !isBlocked || inputs.contains(where: { $0.count == 4 }) {
    try expectAgreement(
      try graph(of: op, inputs: inputs, constants: constants, isBlocked: isBlocked), seed: seed, scale: scale,
      sourceLocation: sourceLocation)
  }
}
