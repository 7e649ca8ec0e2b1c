import ModelGraph
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  static let functions: [Binary.Function] = [
    .add, .subtract, .multiply, .divide, .maximum, .minimum, .squaredDifference,
  ]

  @Test func binaryOfTwoInputs() throws {
    let shapes: [([Int], [Int])] = [
      ([2, 3, 5, 9], [2, 3, 5, 9]), ([1, 4, 4, 16], [16]), ([2, 3, 3, 10], [1, 1, 1, 10]),
      ([2, 3, 3, 10], [2, 1, 1, 10]), ([1, 3, 4, 8], [1, 1, 4, 8]), ([3, 1], [1, 5]), ([4], [1]), ([2, 3], [3]),
      ([5, 1, 7], [2, 1]), ([1, 2, 2, 3], [1]), ([10], [2, 3, 3, 10]),
    ]
    for (seed, (left, right)) in shapes.enumerated() {
      for function in Self.functions {
        let op = Binary(function, outputClamp: seed % 2 == 0 ? .unbounded : ClampRange(lower: -0.4, upper: 0.7))
        try expectAgreement(of: .binary(op), inputs: [left, right], seed: UInt64(seed + 1))
      }
    }
  }

  @Test func binaryWithConstants() throws {
    var generator = SeededGenerator(seed: 4)
    for shape in [[1], [9], [1, 1, 1, 9], [3, 4, 9], [1, 3, 4, 1], [2, 3, 4, 9]] {
      let constant = try Tensor.random(shape, &generator)
      for function in Self.functions {
        try expectAgreement(of: .binary(Binary(function)), inputs: [[2, 3, 4, 9]], constants: [constant])
      }
    }
    let base = try Tensor((0..<12).map { Float($0) / 4 + 0.1 }, shape: [12])
    var builder = GraphBuilder(name: "power")
    let x = builder.input(name: "x", type: TensorType(.float32, [2, 12]))
    let positive = builder.constant(name: "base", base)
    let y = try builder.add(.binary(Binary(.power)), name: "power", inputs: [positive, x])[0]
    builder.output(y, name: "y")
    try expectAgreement(try builder.build())
  }

  @Test func slopes() throws {
    var generator = SeededGenerator(seed: 8)
    for shape in [[7], [1, 1, 7], [1], [3, 4, 7]] {
      let slope = try Tensor.random(shape, &generator)
      try expectAgreement(of: .prelu(PReLU()), inputs: [[2, 3, 4, 7]], constants: [slope])
    }
  }

  @Test func unary() throws {
    let functions: [Unary.Function] = [
      .absolute, .negate, .exponential, .square, .floor, .ceiling, .roundHalfToEven, .sign, .sine, .cosine,
      .errorFunction, .sigmoid, .hyperbolicTangent, .softplus, .softsign, .silu, .hardSwish,
      .hardSigmoid(alpha: 0.3, beta: 0.4), .leakyReLU(alpha: 0.1), .elu(alpha: 1.2),
      .selu(alpha: 1.6733, gamma: 1.0507), .gelu(approximate: false), .gelu(approximate: true),
      .thresholdedReLU(theta: 0.3),
    ]
    for function in functions {
      for shape in [[2, 3, 3, 11], [17], [3, 5]] { try expectAgreement(of: .unary(Unary(function)), inputs: [shape]) }
    }
  }

  @Test func unaryOfPositiveNumbers() throws {
    for function in [Unary.Function.logarithm, .squareRoot, .reciprocalSquareRoot, .reciprocal] {
      let graph = try graph(of: .unary(Unary(function)), inputs: [[19]])
      let inputs = [try Tensor((1...19).map { Float($0) * 0.37 }, shape: [19])]
      try expectAgreement(graph, inputs: inputs)
    }
  }

  @Test func clamps() throws {
    for range in [ClampRange.relu, .relu6, ClampRange(lower: -0.5, upper: 0.25), ClampRange(upper: 0), .unbounded] {
      try expectAgreement(of: .clamp(Clamp(range)), inputs: [[1, 3, 3, 5]])
    }
  }

  @Test func batchNorms() throws {
    var generator = SeededGenerator(seed: 3)
    let channels = 10
    let vectors = try (0..<3).map { _ in try Tensor.random([channels], &generator) }
    let variance = try Tensor((1...channels).map { Float($0) / 3 }, shape: [channels])
    for op in [BatchNorm(epsilon: 1e-3, axis: 3), BatchNorm(epsilon: 1e-5, axis: 3, outputClamp: .relu6)] {
      try expectAgreement(
        of: .batchNorm(op), inputs: [[2, 3, 4, channels]], constants: [vectors[0], vectors[1], vectors[2], variance])
    }
    try expectAgreement(
      of: .batchNorm(BatchNorm(epsilon: 1e-3, axis: 1)), inputs: [[4, channels]],
      constants: [nil, nil, vectors[2], variance])
  }

  @Test func softmax() throws {
    let shapes = [[1, 10], [3, 1001], [2, 3, 4, 5], [7], [2, 5, 3]]
    for shape in shapes {
      for axis in shape.indices {
        try expectAgreement(of: .softmax(Softmax(axis: axis)), inputs: [shape])
        try expectAgreement(of: .softmax(Softmax(axis: axis, beta: 2.5, coversTrailingAxes: true)), inputs: [shape])
      }
    }
  }
}
