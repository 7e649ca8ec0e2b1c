import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Random graphs of one operator on counts.
struct QuantizedGraphs {
  let type: ElementType
  let arithmetic: QuantizedArithmetic
  private var generator: SeededGenerator

  init(_ type: ElementType, _ arithmetic: QuantizedArithmetic, seed: UInt64 = 7) {
    self.type = type
    self.arithmetic = arithmetic
    generator = SeededGenerator(seed: seed)
  }

  /// How many counts of the type stand for one of 8 bits.
  private var fineness: Float { type == .int16 ? 256 : 1 }

  private mutating func zeroPoint() -> Int32 {
    switch type {
    case .uint8: Int32.random(in: 0...255, using: &generator)
    case .int16: 0
    default: Int32.random(in: -128...127, using: &generator)
    }
  }

  /// The type of a tensor whose counts stand for numbers of about −1 … 1.
  mutating func counts(_ shape: [Int]) -> TensorType {
    TensorType(
      type, Shape(shape),
      quantization: .perTensor(
        scale: Float.random(in: 0.004...0.02, using: &generator) / fineness, zeroPoint: zeroPoint()))
  }

  /// The type of a result of about this magnitude.
  mutating func outputType(magnitude: Float) -> TensorType {
    TensorType(
      type, .unranked,
      quantization: .perTensor(
        scale: magnitude / Float.random(in: 90...140, using: &generator) / fineness, zeroPoint: zeroPoint()))
  }

  /// The type of a result that lies on both sides of zero.
  func centered(scale: Float) -> TensorType {
    TensorType(type, .unranked, quantization: .perTensor(scale: scale / fineness, zeroPoint: type == .uint8 ? 128 : 0))
  }

  /// Weights, asymmetric ones where the arithmetic has them for unsigned counts, else with a scale for each output channel;
  /// and a bias in counts.
  mutating func weights(_ shape: [Int], input: TensorType) throws -> (weights: Tensor, bias: Tensor) {
    let outputs = shape[0]
    let isAsymmetric = type == .uint8
    let count = isAsymmetric ? 1 : outputs
    let scales = (0..<count).map { _ in Float.random(in: 0.002...0.01, using: &generator) }
    let quantization: Quantization =
      isAsymmetric
      ? .perTensor(scale: scales[0], zeroPoint: Int32.random(in: 90...160, using: &generator))
      : .perAxis(axis: 0, scales: scales, zeroPoints: [Int32](repeating: 0, count: outputs))
    let bytes = (0..<shape.reduce(1, *)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let weights = try Tensor(
      bytes, type: TensorType(isAsymmetric ? .uint8 : .int8, Shape(shape), quantization: quantization))
    let inputScale = try #require(input.quantization?.scales.first)
    let biasScales = scales.map { inputScale * $0 }
    let biasQuantization: Quantization =
      isAsymmetric
      ? .perTensor(scale: biasScales[0], zeroPoint: 0)
      : .perAxis(axis: 0, scales: biasScales, zeroPoints: [Int32](repeating: 0, count: outputs))
    let summands = (0..<outputs).map { _ in Int32.random(in: -3000...3000, using: &generator) }
    let bias =
      type == .int16
      ? try Tensor(
        summands.map { Int64($0) * 256 }, type: TensorType(.int64, Shape([outputs]), quantization: biasQuantization))
      : try Tensor(summands, type: TensorType(.int32, Shape([outputs]), quantization: biasQuantization))
    return (weights, bias)
  }

  mutating func expectAgreement(
    convolution op: Conv2D, channels: Int, outputs: Int, kernel: Size2D,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let x = counts([2, 9, 7, channels])
    let depth = kernel.height * kernel.width * channels / op.groups
    let (weights, bias) = try weights([outputs, kernel.height, kernel.width, channels / op.groups], input: x)
    try expectAgreement(
      of: .conv2D(op), inputs: [x], constants: [weights, bias],
      output: outputType(magnitude: Float(depth).squareRoot() * 0.5), sourceLocation: sourceLocation)
  }

  /// Expects the engine to give the interpreter's counts for random operands: with every instruction set, on several threads,
  /// observed, and for the node alone.
  mutating func expectAgreement(
    of op: Op, inputs: [TensorType], constants: [Tensor?] = [], output: TensorType,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var builder = GraphBuilder(name: "one node", arithmetic: arithmetic)
    var operands: [ValueID?] = []
    var fed: [Tensor] = []
    for (index, type) in inputs.enumerated() {
      operands.append(builder.input(name: "x\(index)", type: type))
      let count = try #require(type.shape.elementCount())
      if type.elementType == .float32 {
        fed.append(try Tensor(generator.floats(count), shape: try #require(type.shape.extents)))
      } else {
        fed.append(try randomBits(type, count))
      }
    }
    for (index, constant) in constants.enumerated() {
      operands.append(constant.map { builder.constant(name: "c\(index)", $0) })
    }
    let stated = output.with(shape: .unranked)
    let outputs = try builder.add(
      op, name: "node", inputs: operands, outputs: [OutputSpecification(name: "y", statedType: stated)])
    builder.output(outputs[0], name: "y")
    let graph = try builder.build()
    let expected = try ReferenceInterpreter(graph).run(fed)[0]
    // A test of counts that are all alike would show nothing.
    if output.elementType == type, expected.elementCount > 8 {
      #expect(Set(try expected.integers()).count > 2, "\(op)", sourceLocation: sourceLocation)
    }
    func check(_ result: Tensor, _ how: String) throws {
      #expect(try result.isIdentical(to: expected), "\(op) \(how)", sourceLocation: sourceLocation)
    }
    // As array files hold them.
    let bare = fed.map { $0.with(quantization: nil) }
    for set in instructionSets {
      for threads in [1, 3] {
        let engine = try Engine(graph: graph, options: EngineOptions(instructionSet: set, threads: threads))
        try check(try engine.run(fed)[0], "\(set) \(threads)")
        _ = try engine.run(fed) { (_, tensors) throws(ModelError) in
          for tensor in tensors {
            do { try check(tensor, "observed") } catch { throw ModelError(.internalFault, "\(error)") }
          }
        }
        try check(try engine.evaluate(graph.nodes[0], inputs: bare + constants)[0], "alone")
      }
    }
  }

  private mutating func randomBits(_ type: TensorType, _ count: Int) throws -> Tensor {
    let words = (0..<count).map { _ in generator.next() }
    return switch type.elementType.bitWidth {
    case 16: try Tensor(words.map { UInt16(truncatingIfNeeded: $0) }, type: type)
    case 32: try Tensor(words.map { UInt32(truncatingIfNeeded: $0) }, type: type)
    default: try Tensor(words.map { UInt8(truncatingIfNeeded: $0) }, type: type)
    }
  }
}
