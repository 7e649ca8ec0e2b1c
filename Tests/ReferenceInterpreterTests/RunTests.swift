import Glibc
import ModelGraph
import ReferenceInterpreter
import Structure
import TestSupport
import Testing

/// Whole graphs: ports, symbols, observers, errors.
@Suite struct RunTests {
  /// (x · 2) and, behind it, relu(x · 2 + c), over a batch of maps of two channels; channels last inside, channels first outside.
  static func graph(permuted: Bool = true) throws -> Graph {
    var builder = GraphBuilder(name: "small")
    let permutation = permuted ? Layout.firstToLast : nil
    let x = builder.input(
      name: "x", type: TensorType(.float32, [.symbolic("batch"), 1, .symbolic("width"), 2]), permutation: permutation)
    let two = builder.constant(name: "two", try Tensor([2] as [Float], shape: []))
    let offset = builder.constant(name: "offset", try Tensor([10, -10] as [Float], shape: [2]))
    let doubled = try builder.add(.binary(Binary(.multiply)), name: "double", inputs: [x, two])[0]
    let shifted = try builder.add(.binary(Binary(.add)), name: "shift", inputs: [doubled, offset])[0]
    let limited = try builder.add(.clamp(Clamp(.relu)), name: "limit", inputs: [shifted])[0]
    builder.output(limited, name: "limited", permutation: permutation)
    builder.output(doubled, name: "doubled")
    return try builder.build()
  }

  @Test func portsArePermuted() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [1, 2, 1, 3])
    let outputs = try ReferenceInterpreter(Self.graph()).run([x])
    #expect(outputs.map(\.extents) == [[1, 2, 1, 3], [1, 1, 3, 2]])
    #expect(try outputs[0].floats() == [12, 14, 16, 0, 0, 2])
    #expect(try outputs[1].floats() == [2, 8, 4, 10, 6, 12])
  }

  @Test func symbolsAreTakenFromTheInputs() throws {
    let interpreter = try ReferenceInterpreter(Self.graph(permuted: false))
    for (batch, width) in [(1, 4), (3, 2), (0, 5)] {
      let x = try Tensor([Float](repeating: 1, count: batch * width * 2), shape: [batch, 1, width, 2])
      #expect(try interpreter.run([x])[0].extents == [batch, 1, width, 2])
    }
  }

  @Test func everyNodeIsObserved() throws {
    var seen: [String] = []
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [1, 2, 1, 2])
    let outputs = try ReferenceInterpreter(Self.graph()).run([x]) { (node, outputs) throws(ModelError) in
      seen.append("\(node.name) \(try outputs.map { (tensor) throws(ModelError) in try tensor.floats() })")
    }
    #expect(
      seen == ["double [[2.0, 6.0, 4.0, 8.0]]", "shift [[12.0, -4.0, 14.0, -2.0]]", "limit [[12.0, 0.0, 14.0, 0.0]]"])
    #expect(outputs.count == 2)
  }

  @Test func anObserverCanStop() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [1, 2, 1, 2])
    var count = 0
    #expect(throws: ModelError(.usage, "enough")) {
      _ = try ReferenceInterpreter(Self.graph()).run([x]) { (_, _) throws(ModelError) in
        count += 1
        if count == 2 { throw ModelError(.usage, "enough") }
      }
    }
    #expect(count == 2)
  }

  @Test func inputsThatDoNotFitAreUsageErrors() throws {
    let interpreter = try ReferenceInterpreter(Self.graph())
    let fitting = try Tensor([1, 2] as [Float], shape: [1, 2, 1, 1])
    let wrong: [[Tensor]] = [
      [], [fitting, fitting], [try Tensor([1, 2] as [Int64], shape: [1, 2, 1, 1])],
      [try Tensor([1, 2, 3] as [Float], shape: [1, 3, 1, 1])], [try Tensor([1, 2] as [Float], shape: [2])],
      [fitting.with(quantization: .perTensor(scale: 1, zeroPoint: 0))],
    ]
    for inputs in wrong {
      #expect { try interpreter.run(inputs) } throws: { ($0 as? ModelError)?.code == .usage }
    }
  }

  @Test func errorsNameTheSourceNode() throws {
    var builder = GraphBuilder(name: "division")
    let x = builder.input(name: "x", type: TensorType(.int32, [1]))
    let zero = builder.constant(name: "zero", try Tensor([0] as [Int32], type: TensorType(.int32, [1])))
    let y = try builder.add(
      .binary(Binary(.divide)), name: "quotient", inputs: [x, zero],
      origin: [SourceNode(name: "Div_7", operatorName: "Div", index: 7)])[0]
    builder.output(y, name: "y")
    let interpreter = try ReferenceInterpreter(try builder.build())
    let x1 = try Tensor([1] as [Int32], type: TensorType(.int32, [1]))
    #expect { try interpreter.run([x1]) } throws: {
      ($0 as? ModelError)?.context == [.node(name: "Div_7", operator: "Div", index: 7)]
    }
  }

  @Test func opaqueNodesAreAllNamed() throws {
    var builder = GraphBuilder(name: "mysteries")
    var value = builder.input(name: "x", type: TensorType(.float32, [1]))
    for name in ["First", "Second"] {
      let op = OpaqueOp(
        domain: "custom", operatorName: name, version: 1, statedOutputTypes: [TensorType(.float32, [1])],
        reason: "unknown")
      value = try builder.add(.opaque(op), name: name, inputs: [value])[0]
    }
    builder.output(value, name: "y")
    let graph = try builder.build()
    #expect { _ = try ReferenceInterpreter(graph) } throws: {
      let message = ($0 as? ModelError)?.message ?? ""
      return message.contains("First") && message.contains("Second")
    }
  }

  @Test func aCountMayLeaveOutItsQuantization() throws {
    let quantization = Quantization.perTensor(scale: 0.5, zeroPoint: 2)
    var builder = GraphBuilder(name: "counts")
    let x = builder.input(name: "x", type: TensorType(.uint8, [2], quantization: quantization))
    builder.output(try builder.add(.dequantize(Dequantize()), name: "real", inputs: [x])[0], name: "y")
    let interpreter = try ReferenceInterpreter(try builder.build())
    let plain = try Tensor([0, 4] as [UInt8], type: TensorType(.uint8, [2]))
    #expect(try interpreter.run([plain])[0].floats() == [-1, 1])
    #expect(try interpreter.run([plain.with(quantization: quantization)])[0].floats() == [-1, 1])
  }

  /// A whole network: each layer's sums keep their scale, so that a wrong one shows.
  @Test func aWholeMobileNetRuns() throws {
    var generator = SeededGenerator(seed: 7)
    let graph = try MobileNetV2().graph { (_, parameter, shape) throws(ModelError) in
      let count = shape.reduce(1, *)
      let fanIn = shape.count == 4 && shape[3] > 1 ? count / shape[3] : shape.count == 2 ? shape[0] : 9
      switch parameter {
      case .kernel:
        let scale = 2 / Float(fanIn).squareRoot()
        return try Tensor(generator.floats(count).map { $0 * scale }, shape: shape)
      case .bias, .beta, .movingMean: return try Tensor(generator.floats(count).map { $0 * 0.1 }, shape: shape)
      case .gamma, .movingVariance: return try Tensor(generator.floats(count).map { $0 * 0.1 + 1 }, shape: shape)
      }
    }
    let x = try Tensor(generator.floats(224 * 224 * 3), shape: [1, 224, 224, 3])
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let start = Double(clock.tv_sec) + Double(clock.tv_nsec) * 1e-9
    let y = try ReferenceInterpreter(graph).run([x])[0]
    clock_gettime(CLOCK_MONOTONIC, &clock)
    if MeasuredAgreement.isPrinted {
      print("agreement whole network \(Double(clock.tv_sec) + Double(clock.tv_nsec) * 1e-9 - start) s")
    }
    #expect(y.extents == [1, 1000])
    let sum = try y.doubles().reduce(0, +)
    #expect(abs(sum - 1) < 1e-5, "the probabilities add up to \(sum)")
  }
}
