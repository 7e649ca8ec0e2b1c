import ModelGraph
import ReferenceInterpreter
import Testing

/// ONNX's arithmetic on counts, by hand.
@Suite struct RealRescalingTests {
  static func type(_ scale: Float, _ zeroPoint: Int32, _ shape: Shape = [4], _ element: ElementType = .int8)
    -> TensorType
  {
    TensorType(element, shape, quantization: .perTensor(scale: scale, zeroPoint: zeroPoint))
  }

  @Test func tiesGoToEvenBeforeTheZeroPoint() throws {
    let half = try RealRescaling.products(
      input: Self.type(0.5, 0), weights: Self.type(1, 0), output: Self.type(1, 3), channels: 1)
    #expect([-3, -1, 1, 3, 5].map { half.count(of: Float($0), channel: 0) } == [1, 3, 3, 5, 5])
  }

  @Test func saturatesAndClamps() throws {
    let plain = try RealRescaling.average(input: Self.type(1, 0), output: Self.type(1, 100))
    #expect([-1e9, -228, 26, 28, 1e30].map { plain.count(of: $0, channel: 0) } == [-128, -128, 126, 127, 127])
    let relu6 = try RealRescaling.average(input: Self.type(1, 0), output: Self.type(0.1, -20), clamp: .relu6)
    #expect(relu6.range == -20...40)
    #expect([-1, 3, 7].map { relu6.count(of: $0, channel: 0) } == [-20, 10, 40])
    let outside = try RealRescaling.average(
      input: Self.type(1, 0), output: Self.type(0.01, 0), clamp: ClampRange(lower: 5, upper: 6))
    #expect(outside.range == 127...127)
  }

  @Test func theMultiplierIsRoundedStepByStep() throws {
    let rescaling = try RealRescaling.products(
      input: Self.type(0.1, 0), weights: Self.type(0.3, 0), output: Self.type(0.7, 0), channels: 2)
    #expect(rescaling.multipliers == [(0.1 as Float) * 0.3 / 0.7])
  }

  @Test func refusesScalesThatAreNone() {
    #expect(throws: ModelError.self) {
      try RealRescaling.average(input: Self.type(0, 0), output: Self.type(1, 0))
    }
    #expect(throws: ModelError.self) {
      try RealRescaling.average(input: Self.type(1, 0), output: Self.type(.nan, 0))
    }
    #expect(throws: ModelError.self) {
      try RealRescaling.average(input: Self.type(3e38, 0), output: Self.type(1e-38, 0))
    }
  }

  @Test func addsInRealNumbers() throws {
    let a = try Tensor([Int8(-128), 127, 5, 0], type: Self.type(0.5, 0))
    let b = try Tensor([Int8(-128), 127, 0, 1], type: Self.type(0.25, -1))
    let sum = try ReferenceInterpreter.evaluate(
      .binary(Binary(.add)), [a, b], outputTypes: [Self.type(1, 2)], arithmetic: .onnx)
    // −64 − 31.75, 63.5 + 32, 2.5 + 0.25, 0.5: −95.75 → −96, 95.5 → 96, 2.75 → 3, 0.5 → 0.
    #expect(try sum[0].integers() == [-94, 98, 5, 2])
  }

  @Test func aBiasOfAnotherScaleIsRefused() throws {
    let x = try Tensor([Int8(1), 2], type: Self.type(0.5, 0, [1, 2]))
    let w = try Tensor([Int8(3), 4], type: Self.type(0.25, 0, [1, 2]))
    func result(_ scale: Float) throws -> [Int] {
      let bias = try Tensor([Int32(8)], type: Self.type(scale, 0, [1], .int32))
      return try ReferenceInterpreter.evaluate(
        .fullyConnected(FullyConnected()), [x, w, bias], outputTypes: [Self.type(0.25, 0, [1, 1])], arithmetic: .onnx)[
          0
        ]
        .integers()
    }
    // (3 + 8 + 8) · 0.125 / 0.25 = 9.5.
    #expect(try result(0.125) == [10])
    let error = #expect(throws: ModelError.self) { try result(0.126) }
    #expect(error?.code == .malformed)
  }

  @Test func dynamicQuantizationOfZeros() throws {
    let x = try Tensor([Float(0), 0], shape: [2])
    let types = [TensorType(.uint8, [2]), TensorType(.float32, .scalar), TensorType(.uint8, .scalar)]
    let results = try ReferenceInterpreter.evaluate(.dynamicQuantize(DynamicQuantize()), [x], outputTypes: types)
    #expect(try results.map { try $0.doubles() } == [[0, 0], [1], [0]])
  }
}
