import Glibc
import ModelGraph

/// Functions of one tensor of counts. What is written "float32" is rounded at every step, as the kernels do.
extension Evaluation {
  /// z_y + (x − zₓ)·sₓ/s_y, then the range in counts; the factor a float32 quotient.
  ///
  /// Source: `QuantizedReluX` in activations.cc.
  func integerClamp(_ op: Clamp) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType()
    guard x.elementType == type.elementType else { throw unknownArithmetic(.clamp(op), "between two element types") }
    try requireSymmetric16Bit([x.type, type])
    let factor = try FixedPointMultiplier(Double(try x.type.scale() / type.scale()))
    return try result(offsets: try offsets(x).map { factor.applied(to: $0) }, clamp: op.range)
  }

  func integerUnary(_ op: Unary) throws(ModelError) -> [Tensor] {
    guard try input(0).elementType == outputType().elementType else {
      throw unknownArithmetic(.unary(op), "between two element types")
    }
    let isWide = try outputType().elementType == .int16
    switch op.function {
    case .sigmoid where isWide: return try interpolated(op, SigmoidTable.logistic)
    case .hyperbolicTangent where isWide: return try interpolated(op, SigmoidTable.hyperbolicTangent)
    case .sigmoid: return try tabulated(op) { 1 / (1 + expf(-$0)) }
    case .hyperbolicTangent: return try tabulated(op) { tanhf($0) }
    case .leakyReLU(let alpha): return try integerLeakyReLU(alpha: alpha)
    case .hardSwish: return try integerHardSwish()
    default: throw unknownArithmetic(.unary(op))
    }
  }

  /// f of 16-bit counts without zero points, its result in steps of 2⁻¹⁵.
  private func interpolated(
    _ op: Unary, _ function: ([Int32], Float) throws(ModelError) -> [Int32]
  ) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType([.int16])
    try requireSymmetric16Bit([x.type, type])
    guard SigmoidTable.isUnit(try type.scale()) else {
      throw unknownArithmetic(.unary(op), "with an output scale that is not 1/32768")
    }
    return try result(offsets: try function(try x.counts(), try x.type.scale()))
  }

  /// f by a table over all 8-bit counts: z_y + round(f(sₓ·(x − zₓ)) · (1/s_y)) in float32.
  ///
  /// Source: `LUTPopulate` in internal/common.h.
  private func tabulated(_ op: Unary, _ function: (Float) -> Float) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType()
    if case .sigmoid = op.function, try type.scale() != 1 / 256 {
      throw unknownArithmetic(.unary(op), "with an output scale that is not 1/256")
    }
    let scale = try x.type.scale()
    let inverse = 1 / (try type.scale())
    let zeroPoint = Float(try type.zeroPoint())
    var table: [Int32: Int32] = [:]
    let outputZeroPoint = try type.zeroPoint()
    var offsets = try offsets(x)
    for index in offsets.indices {
      let offset = offsets[index]
      if let known = table[offset] {
        offsets[index] = known
        continue
      }
      let rounded = (function(scale * Float(offset)) * inverse).rounded(.toNearestOrAwayFromZero)
      let count = Int32(exactly: rounded + zeroPoint) ?? (rounded < 0 ? -(1 << 24) : 1 << 24)
      table[offset] = count - outputZeroPoint
      offsets[index] = count - outputZeroPoint
    }
    return try result(offsets: offsets)
  }

  /// (x − zₓ)·sₓ/s_y, below zero times α as well; both factors in float32, the sign of α kept apart.
  ///
  /// Source: `QuantizeLeakyRelu` in reference/leaky_relu.h, `LeakyReluPrepare` in activations.cc.
  private func integerLeakyReLU(alpha: Float) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType()
    try requireSymmetric16Bit([x.type, type])
    let identity = try FixedPointMultiplier(Double(try x.type.scale() / type.scale()))
    let slope = try FixedPointMultiplier(Double(abs(try x.type.scale() * alpha / type.scale())))
    return try result(
      offsets: try offsets(x).map { offset in
        if offset >= 0 { return identity.applied(to: offset) }
        let scaled = slope.applied(to: offset)
        return alpha < 0 ? -scaled : scaled
      })
  }

  /// (x − zₓ)·sₓ/s_y, below zero (x − zₓ)(a − z_a)·sₓ·s_a/s_y; both factors in float32.
  ///
  /// Source: `Prelu` in reference/prelu.h, `PreluPrepare` in activations.cc.
  func integerPReLU() throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let slope = try input(1)
    let type = try countType([.int8, .uint8])
    guard x.elementType == type.elementType, slope.elementType == type.elementType else {
      throw unknownArithmetic(.prelu(PReLU()), "between two element types")
    }
    let identity = try FixedPointMultiplier(Double(try x.type.scale() / type.scale()))
    let factor = try FixedPointMultiplier(Double(try x.type.scale() * slope.type.scale() / type.scale()))
    let slopes = try offsets(try slope.broadcast(to: x.extents))
    return try result(
      offsets: zip(try offsets(x), slopes).map { offset, slope in
        offset >= 0 ? identity.applied(to: offset) : factor.applied(to: offset &* slope)
      })
  }

  /// x · min(max(x + 3, 0), 6) / 6 in 16-bit fixed point: x with 7 more bits times the factor to the output scale, times
  /// (x/3 + 1)/2 saturated to 0 … 1.
  ///
  /// Source: `HardSwish` in reference/hard_swish.h, `HardSwishPrepare` in activations.cc.
  private func integerHardSwish() throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType([.int8, .uint8])
    let fineScale = (1 / 128 as Float) * (try x.type.scale())
    let toOutput = try FixedPointMultiplier(Double(fineScale / (try type.scale())))
    let toThree = try FixedPointMultiplier(Double(fineScale / (3 / 32768 as Float)))
    guard toOutput.shift <= 0 else {
      throw unknownArithmetic(.unary(Unary(.hardSwish)), "with an output scale this fine")
    }
    return try result(
      offsets: try offsets(x).map { offset in
        let fine = Int16(truncatingIfNeeded: offset << 7)
        let scaled = FixedPoint16.product(fine, FixedPoint16.upperHalf(toOutput.multiplier))
        var gate = fine
        if toThree.shift > 0 { gate = FixedPoint16.shiftedLeft(gate, by: toThree.shift - 1) }
        gate = FixedPoint16.product(gate, FixedPoint16.upperHalf(toThree.multiplier))
        if toThree.shift > 0 { gate = FixedPoint16.shiftedLeft(gate, by: 1) }
        if toThree.shift < 0 { gate = FixedPoint16.quotient(gate, powerOfTwo: -toThree.shift) }
        // From −1 … 1 to 0 … 1.
        gate = Int16(truncatingIfNeeded: (Int32(gate) + (1 << 15)) >> 1)
        let product = FixedPoint16.productCutOff(gate, scaled)
        return Int32(FixedPoint16.quotient(product, powerOfTwo: -toOutput.shift))
      })
  }
}
