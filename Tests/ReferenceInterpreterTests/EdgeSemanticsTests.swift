import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Meanings worked out by hand, where runtimes disagree or refuse, and the errors.
@Suite struct EdgeSemanticsTests {
  /// Evaluates an operator whose output types follow from its inputs.
  static func evaluate(_ op: Op, _ inputs: [Tensor?], stated: [TensorType]? = nil) throws -> [Tensor] {
    let inferred = try op.payload.outputTypes(OperatorInputs(types: inputs.map { $0?.type }, constants: inputs))
    return try ReferenceInterpreter.evaluate(op, inputs, outputTypes: stated ?? inferred)
  }

  static func integers(_ values: [Int32], _ shape: [Int]? = nil) throws -> Tensor {
    try Tensor(values, type: TensorType(.int32, Shape(shape ?? [values.count])))
  }

  /// The error that an evaluation ends in.
  static func error(_ op: Op, _ inputs: [Tensor?], stated: [TensorType]? = nil) -> ModelError? {
    do {
      _ = try evaluate(op, inputs, stated: stated)
      return nil
    } catch {
      return error as? ModelError
    }
  }

  @Test func aConvolutionByHand() throws {
    // 1 2 3      1 0
    // 4 5 6  ∗   0 −1  + ½, no padding: 1 − 5 + ½, 2 − 6 + ½
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [1, 2, 3, 1])
    let w = try Tensor([1, 0, 0, -1] as [Float], shape: [1, 2, 2, 1])
    let b = try Tensor([0.5] as [Float], shape: [1])
    let y = try Self.evaluate(.conv2D(Conv2D()), [x, w, b])[0]
    #expect(y.extents == [1, 1, 2, 1])
    #expect(try y.floats() == [-3.5, -3.5])
  }

  @Test func sumsAreRoundedOnce() throws {
    // In float32 2²⁴ + 1 − 2²⁴ is 0 in this order.
    let x = try Tensor([16_777_216, 1, -16_777_216] as [Float], shape: [1, 3])
    let ones = try Tensor(type: TensorType(.float32, [1, 3]), splat: .integer(1))
    #expect(try Self.evaluate(.fullyConnected(FullyConnected()), [x, ones])[0].floats() == [1])
    #expect(try Self.evaluate(.reduce(Reduce(.sum, axes: [1], keepsAxes: false)), [x])[0].floats() == [1])
    let y = try Self.evaluate(
      .conv2D(Conv2D()), [try x.reshaped(to: [1, 1, 1, 3]), try ones.reshaped(to: [1, 1, 1, 3])])
    #expect(try y[0].floats() == [1])
  }

  @Test func roundingToBfloat16IsNotDoneTwice() throws {
    // Just above the tie between 1 and 1 + 2⁻⁷: float32 would first round it onto the tie, which goes to even, down.
    let values: [Double] = [1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-8, 1 + 0x1p-8 - 0x1p-40, -1e300, .infinity, 0x1p-140]
    let x = try Tensor(values, type: TensorType(.float64, [6]))
    let y = try Self.evaluate(.cast(Cast(to: .bfloat16)), [x])[0]
    #expect(try y.floats() == [1 + 0x1p-7, 1, 1, -.infinity, .infinity, 0])
    let nan = try Tensor([Double.nan], type: TensorType(.float64, [1]))
    #expect(try Self.evaluate(.cast(Cast(to: .bfloat16)), [nan])[0].floats()[0].isNaN)
  }

  @Test func integerQuotientsAreCutTowardsZero() throws {
    let a = try Self.integers([7, -7, .min])
    let b = try Self.integers([-2, 2, -1])
    #expect(try Self.evaluate(.binary(Binary(.divide)), [a, b])[0].integers() == [-3, -3, Int(Int32.min)])
    #expect(try Self.evaluate(.binary(Binary(.floorDivide)), [a, b])[0].integers() == [-4, -4, Int(Int32.min)])
    let zero = try Self.integers([0])
    #expect(Self.error(.binary(Binary(.divide)), [a, zero])?.code == .malformed)
    let power = try Self.evaluate(
      .binary(Binary(.power)), [try Self.integers([2, -1, 1]), try Self.integers([-1, -3, -9])])
    #expect(try power[0].integers() == [0, -1, 1])
  }

  @Test func aClampSeesTheIntegersThatTheTypeHolds() throws {
    let a = try Tensor([100, 1] as [Int8], type: TensorType(.int8, [2]))
    let y = try Self.evaluate(.binary(Binary(.add, outputClamp: ClampRange(lower: -1.5, upper: 1e9))), [a, a])[0]
    // 200 wraps around to −56, which −1.5 lifts to the integer above it.
    #expect(try y.integers() == [-1, 2])
  }

  @Test func castsSaturate() throws {
    let x = try Tensor([-1, 300, 1e30, .nan] as [Float], shape: [4])
    #expect(try Self.evaluate(.cast(Cast(to: .uint8)), [x])[0].integers() == [0, 255, 255, 0])
    #expect(try Self.evaluate(.cast(Cast(to: .int64)), [x])[0].integers() == [-1, 300, .max, 0])
    let large = try Self.evaluate(.cast(Cast(to: .uint64)), [x])[0]
    #expect(try large.elements(as: UInt64.self) == [0, 300, .max, 0])
  }

  @Test func reductionsOverNothing() throws {
    let x = try Tensor([Float](), shape: [0, 2])
    func reduced(_ function: Reduce.Function) throws -> [Float] {
      try Self.evaluate(.reduce(Reduce(function, axes: [0], keepsAxes: false)), [x])[0].floats()
    }
    #expect(try reduced(.sum) == [0, 0])
    #expect(try reduced(.product) == [1, 1])
    #expect(try reduced(.maximum) == [-.infinity, -.infinity])
    #expect(try reduced(.minimum) == [.infinity, .infinity])
    #expect(try reduced(.mean).allSatisfy(\.isNaN))
    let argument = ArgExtremum(.maximum, axis: 0, keepsAxis: false)
    #expect(Self.error(.argExtremum(argument), [x])?.code == .malformed)
  }

  @Test func theExtremumOfNotANumber() throws {
    let x = try Tensor([1, .nan, 3, .nan] as [Float], shape: [4])
    for kind in ArgExtremum.Kind.allCases {
      let first = Op.argExtremum(ArgExtremum(kind, axis: 0, keepsAxis: false))
      let last = Op.argExtremum(ArgExtremum(kind, axis: 0, keepsAxis: false, takesLast: true))
      #expect(try Self.evaluate(first, [x])[0].integers() == [1])
      #expect(try Self.evaluate(last, [x])[0].integers() == [3])
    }
    let map = try x.reshaped(to: [1, 2, 2, 1])
    #expect(try Self.evaluate(.globalPool(GlobalPool(.maximum, keepsAxes: false)), [map])[0].floats()[0].isNaN)
    let pool = Pool2D(.maximum, kernel: Size2D(height: 1, width: 2), strides: .one)
    #expect(try Self.evaluate(.pool2D(pool), [map])[0].floats().allSatisfy(\.isNaN))
  }

  @Test func aWindowInThePaddingAlone() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [1, 2, 2, 1])
    var pool = Pool2D(
      .average, kernel: .one, strides: Size2D(2),
      padding: .explicit(EdgeInsets(top: 2, left: 0, bottom: 0, right: 0)))
    #expect(Self.error(.pool2D(pool), [x])?.code == .malformed)
    pool.countsPadding = true
    #expect(try Self.evaluate(.pool2D(pool), [x])[0].floats() == [0, 1])
  }

  @Test func paddingsMirrorAsTheirNamesSay() throws {
    let x = try Tensor([1, 2, 3] as [Float], shape: [3])
    func padded(_ mode: Pad.Mode) throws -> [Float] {
      try Self.evaluate(.pad(Pad(before: [2], after: [2], mode: mode)), [x])[0].floats()
    }
    #expect(try padded(.reflect) == [3, 2, 1, 2, 3, 2, 1])
    #expect(try padded(.symmetric) == [2, 1, 1, 2, 3, 3, 2])
    #expect(try padded(.edge) == [1, 1, 1, 2, 3, 3, 3])
    #expect(try padded(.constant(-1)) == [-1, -1, 1, 2, 3, -1, -1])
  }

  @Test func aConstantIsPaddedWithoutBeingWrittenOut() throws {
    let x = try Tensor(type: TensorType(.int64, [2]), splat: .integer(5))
    let y = try Self.evaluate(.pad(Pad(before: [1], after: [0], mode: .constant(9))), [x])[0]
    #expect(try y.integers() == [9, 5, 5])
  }

  @Test func indicesOutsideAnAxisAreRefused() throws {
    let x = try Tensor([1, 2, 3] as [Float], shape: [3])
    for index: Int32 in [3, -4] {
      let error = Self.error(.gather(Gather(axis: 0)), [x, try Self.integers([index])])
      #expect(error?.code == .malformed)
      #expect(error?.message.contains("\(index)") == true)
    }
  }

  @Test func statedTypesAreHeldTo() throws {
    let x = try Tensor([1, 2, 3] as [Float], shape: [3])
    let identity = Op.identity(Identity())
    #expect(Self.error(identity, [x], stated: [TensorType(.float32, [4])])?.code == .malformed)
    #expect(Self.error(identity, [x], stated: [TensorType(.int32, [3])])?.code == .malformed)
    #expect(Self.error(identity, [x], stated: [])?.code == .malformed)
    #expect(try Self.evaluate(identity, [x], stated: [TensorType(.float32, .unranked)])[0].extents == [3])
    #expect(Self.error(identity, [nil])?.code == .malformed)
  }

  @Test func hugeTensorsAreRefused() throws {
    let x = try Tensor([1] as [Float], shape: [1])
    let huge = ReferenceInterpreter.elementLimit + 1
    #expect(Self.error(.tile(Tile([huge])), [x])?.code == .unsupported)
    let splat = try Tensor(type: TensorType(.float32, [.fixed(1 << 40)]), splat: .integer(0))
    #expect(Self.error(.reduce(Reduce(.sum, axes: [0], keepsAxes: false)), [splat])?.code == .unsupported)
  }

  @Test func extentsThatOverflowBesideAnEmptyAxis() throws {
    let x = try Tensor(type: TensorType(.float32, [0, .fixed(1 << 62), 4]), splat: .integer(0))
    #expect(try Self.evaluate(.transpose(Transpose([0, 2, 1])), [x])[0].extents == [0, 4, 1 << 62])
    let sums = Op.reduce(Reduce(.sum, axes: [0], keepsAxes: false))
    #expect(Self.error(sums, [x]) != nil)
  }

  @Test func countsAreMovedButNotComputedWith() throws {
    let quantization = Quantization.perTensor(scale: 0.5, zeroPoint: 3)
    let x = try Tensor([1, 2, 3, 9] as [Int8], type: TensorType(.int8, [2, 2], quantization: quantization))
    let moved = try Self.evaluate(.transpose(Transpose([1, 0])), [x])[0]
    #expect(try moved.integers() == [1, 3, 2, 9])
    #expect(moved.type.quantization == quantization)
    #expect(try Self.evaluate(.concat(Concat(axis: 0)), [x, x])[0].type.quantization == quantization)
    #expect(
      try Self.evaluate(.argExtremum(ArgExtremum(.maximum, axis: 1, keepsAxis: false)), [x])[0].integers() == [1, 1])

    let other = x.with(quantization: .perTensor(scale: 0.25, zeroPoint: 3))
    #expect(Self.error(.binary(Binary(.add)), [x, x])?.code == .unsupported)
    #expect(Self.error(.binary(Binary(.less)), [x, x])?.code == .unsupported)
    // By ONNX's arithmetic: real numbers in between.
    #expect(
      try Self.evaluate(.concat(Concat(axis: 0)), [x, other])[0].integers() == [1, 2, 3, 9, 2, 3, 3, 6])
    #expect(try Self.evaluate(.clamp(Clamp(.relu)), [x])[0].integers() == [3, 3, 3, 9])
    let restated = TensorType(.int8, [2, 2], quantization: .perTensor(scale: 1, zeroPoint: 0))
    #expect(Self.error(.identity(Identity()), [x], stated: [restated])?.code == .unsupported)
  }

  @Test func integersHaveNoMeaningInAConvolution() throws {
    let x = try Self.integers([1, 2, 3, 4], [1, 2, 2, 1])
    #expect(Self.error(.conv2D(Conv2D()), [x, try Self.integers([1], [1, 1, 1, 1])])?.code == .unsupported)
    #expect(Self.error(.unary(Unary(.sigmoid)), [x])?.code == .unsupported)
  }

  @Test func opaqueOperatorsAreRefusedByName() throws {
    let opaque = OpaqueOp(
      domain: "custom", operatorName: "Mystery", version: 1, statedOutputTypes: [TensorType(.float32, [1])],
      reason: "nobody knows it")
    let error = Self.error(.opaque(opaque), [])
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("Mystery") == true)
  }

  @Test func aFilterThatDoesNotFitIsRefused() throws {
    // Shape inference reads the channels of this layout from the groups alone.
    let x = try Tensor([1, 2] as [Float], shape: [1, 1, 1, 2])
    let filter = try Tensor([Float](repeating: 1, count: 10), shape: [5, 1, 1, 2])
    let op = Op.conv2D(Conv2D(groups: 2, filterLayout: .oneHeightWidthOutput))
    #expect(Self.error(op, [x, filter])?.code == .malformed)
  }

  @Test func softmaxOfInfinities() throws {
    let x = try Tensor([-.infinity, 0, -.infinity] as [Float], shape: [3])
    #expect(try Self.evaluate(.softmax(Softmax(axis: 0)), [x])[0].floats() == [0, 1, 0])
    let scalar = try Tensor([3] as [Float], shape: [])
    #expect(try Self.evaluate(.softmax(Softmax(axis: 0)), [scalar])[0].floats() == [1])
  }
}
