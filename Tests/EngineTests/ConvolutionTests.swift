import ModelGraph
import TestSupport
import Testing

@Suite struct ConvolutionTests {
  struct Case {
    var input: [Int]
    var outputs: Int
    var kernel = Size2D(3)
    var strides = Size2D.one
    var dilation = Size2D.one
    var padding = Padding2D.none
    var groups = 1
    var clamp = ClampRange.unbounded
    var hasBias = true
  }

  static let one = EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)
  static let odd = EdgeInsets(top: 0, left: 0, bottom: 1, right: 1)

  private func check(_ test: Case, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let filter = try Tensor.random(
      [test.outputs, test.kernel.height, test.kernel.width, test.input[3] / test.groups], &generator)
    let bias = test.hasBias ? try Tensor.random([test.outputs], &generator) : nil
    let op = Conv2D(
      strides: test.strides, dilation: test.dilation, padding: test.padding, groups: test.groups,
      outputClamp: test.clamp)
    try expectAgreement(of: .conv2D(op), inputs: [test.input], constants: [filter, bias], seed: seed)
  }

  @Test func pointwise() throws {
    for (index, (channels, outputs)) in [(8, 16), (3, 5), (16, 24), (24, 8), (33, 17), (1, 1), (96, 40)].enumerated() {
      try check(
        Case(input: [2, 5, 7, channels], outputs: outputs, kernel: .one, clamp: index % 2 == 0 ? .relu6 : .unbounded),
        seed: UInt64(index))
    }
  }

  @Test func firstConvolution() throws {
    for (index, size) in [(6, 6), (7, 9), (2, 2), (13, 4)].enumerated() {
      for strides in [Size2D.one, Size2D(2)] {
        for padding in [Padding2D.explicit(Self.one), .explicit(Self.odd), .same(.upper), .same(.lower)] {
          try check(
            Case(
              input: [2, size.0, size.1, 3], outputs: 8 + index * 7, strides: strides, padding: padding, clamp: .relu6),
            seed: UInt64(index))
        }
      }
    }
  }

  @Test func dense() throws {
    let cases = [
      Case(input: [1, 8, 8, 16], outputs: 24, padding: .explicit(Self.one)),
      Case(input: [2, 9, 7, 5], outputs: 10, strides: Size2D(2), padding: .explicit(Self.odd), clamp: .relu),
      Case(input: [1, 9, 11, 3], outputs: 64, kernel: Size2D(7), strides: Size2D(2), padding: .same(.upper)),
      Case(input: [1, 12, 12, 8], outputs: 8, dilation: Size2D(3), padding: .same(.upper), hasBias: false),
      Case(input: [2, 6, 5, 12], outputs: 20, kernel: .one, strides: Size2D(2)),
      Case(
        input: [1, 7, 8, 4], outputs: 6, kernel: Size2D(height: 1, width: 5), strides: Size2D(height: 2, width: 1),
        padding: .explicit(EdgeInsets(top: 0, left: 2, bottom: 0, right: 2))),
      Case(input: [1, 4, 4, 1], outputs: 9, padding: .explicit(Self.one)),
      Case(input: [1, 1, 1, 40], outputs: 7, padding: .explicit(Self.one)),
    ]
    for (index, test) in cases.enumerated() { try check(test, seed: UInt64(index)) }
  }

  @Test func depthwise() throws {
    for channels in [8, 3, 20] {
      for multiplier in [1, 2, 3] {
        for (strides, dilation) in [(1, 1), (2, 1), (3, 1), (1, 2), (1, 4)] {
          for padding in [Padding2D.explicit(Self.one), .explicit(Self.odd), .same(.upper)] {
            try check(
              Case(
                input: [2, 9, 10, channels], outputs: channels * multiplier, strides: Size2D(strides),
                dilation: Size2D(dilation), padding: padding, groups: channels, clamp: .relu6),
              seed: UInt64(channels + multiplier))
          }
        }
      }
    }
    try check(
      Case(input: [1, 7, 7, 16], outputs: 16, kernel: Size2D(5), padding: .same(.upper), groups: 16), seed: 3)
    try check(
      Case(input: [1, 1, 2, 8], outputs: 8, padding: .explicit(Self.one), groups: 8, hasBias: false), seed: 4)
  }

  @Test func grouped() throws {
    try check(Case(input: [2, 6, 6, 12], outputs: 8, padding: .explicit(Self.one), groups: 4), seed: 1)
    try check(Case(input: [1, 5, 6, 32], outputs: 48, strides: Size2D(2), groups: 2, clamp: .relu), seed: 2)
    try check(Case(input: [1, 5, 6, 10], outputs: 15, kernel: .one, groups: 5, hasBias: false), seed: 3)
  }

  @Test(arguments: FilterLayout.allCases) func filtersInAnyOrder(layout: FilterLayout) throws {
    var generator = SeededGenerator(seed: 9)
    let shapes: [FilterLayout: ([Int], Int)] = [
      .outputHeightWidthInput: ([6, 3, 3, 4], 1), .outputInputHeightWidth: ([6, 4, 3, 3], 1),
      .heightWidthInputOutput: ([3, 3, 4, 6], 1), .heightWidthInputMultiplier: ([3, 3, 4, 2], 4),
      .oneHeightWidthOutput: ([1, 3, 3, 8], 4),
    ]
    guard let (shape, groups) = shapes[layout] else { return }  // the rest belongs to transposed convolutions
    let filter = try Tensor.random(shape, &generator)
    let op = Conv2D(padding: .explicit(Self.one), groups: groups, filterLayout: layout)
    try expectAgreement(of: .conv2D(op), inputs: [[1, 5, 5, 4]], constants: [filter, nil])
  }

  @Test func denseLayers() throws {
    var generator = SeededGenerator(seed: 5)
    for (inputs, outputs) in [(1, 1), (7, 3), (64, 10), (100, 130), (33, 64)] {
      for shape in [[1, inputs], [3, inputs], [2, 3, inputs], [2, 1, 1, inputs]] {
        let weights = try Tensor.random([outputs, inputs], &generator)
        let bias = try Tensor.random([outputs], &generator)
        for keeps in [true, false] {
          let op = FullyConnected(keepsLeadingAxes: keeps, outputClamp: .relu)
          try expectAgreement(of: .fullyConnected(op), inputs: [shape], constants: [weights, bias])
        }
      }
    }
    let transposed = try Tensor.random([9, 4], &generator)
    try expectAgreement(
      of: .fullyConnected(FullyConnected(weightLayout: .inputOutput)), inputs: [[2, 9]], constants: [transposed, nil])
    try expectAgreement(of: .matMul(MatMul()), inputs: [[3, 2, 9]], constants: [transposed])
    try expectAgreement(of: .matMul(MatMul(transposesB: true)), inputs: [[5, 4]], constants: [transposed])
  }
}
