public import ModelGraph
public import Testing

/// One operator with its attributes and its inputs: a row of the table that tests everything that gives operators a meaning.
public struct OperatorCase: Sendable, CustomTestStringConvertible {
  /// Unique: the operator, a dot, what is special. The inputs are seeded with it, and the golden values stand under it.
  public let name: String
  public let op: Op
  /// Nil where an optional input is absent.
  public let inputs: [Tensor?]
  /// Positions of the inputs that a network would hold as constants: filters, biases, shapes.
  public let constants: Set<Int>

  public var testDescription: String { name }

  init(_ name: String, _ op: Op, _ inputs: OperatorInput...) {
    self.name = name
    self.op = op
    do {
      var tensors: [Tensor?] = []
      for (index, input) in inputs.enumerated() {
        tensors.append(try input.tensor(seed: Self.seed("\(name)#\(index)")))
      }
      self.inputs = tensors
    } catch {
      fatalError("the operator case '\(name)': \(error)")
    }
    constants = Set(inputs.indices.filter { inputs[$0].isConstant })
  }

  /// The inputs that a caller passes to ``graph()``.
  public var arguments: [Tensor] { inputs.indices.compactMap { constants.contains($0) ? nil : inputs[$0] } }

  /// The types of the outputs.
  public func outputTypes() throws(ModelError) -> [TensorType] {
    try op.payload.outputTypes(OperatorInputs(types: inputs.map { $0?.type }, constants: inputs))
  }

  /// A graph of the operator alone: constants as constants, every other input an input `x0`, `x1`, …, outputs `y0`, …
  public func graph() throws(ModelError) -> Graph {
    var builder = GraphBuilder(name: name)
    var operands: [ValueID?] = []
    for (index, tensor) in inputs.enumerated() {
      guard let tensor else {
        operands.append(nil)
        continue
      }
      operands.append(
        constants.contains(index)
          ? builder.constant(name: "c\(index)", tensor) : builder.input(name: "x\(index)", type: tensor.type))
    }
    for (index, output) in try builder.add(op, name: "node", inputs: operands).enumerated() {
      builder.output(output, name: "y\(index)")
    }
    return try builder.build()
  }

  /// FNV-1a of the text's UTF-8.
  private static func seed(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
