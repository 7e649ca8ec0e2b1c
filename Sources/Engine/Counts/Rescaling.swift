import CKernels
import ModelGraph

/// What becomes of exact sums: the rule of the graph's arithmetic with a multiplier for each output channel.
struct Rescaling: Sendable {
  enum Factors: Sendable {
    case fixed([FixedPointMultiplier])
    case real([Float])
    case float64([Double])
  }

  let factors: Factors
  let zeroPoint: Int32
  let range: ClosedRange<Int32>

  init(fixed factors: [FixedPointMultiplier], output: TensorType, clamp: ClampRange) throws(ModelError) {
    self.factors = .fixed(factors)
    zeroPoint = try output.zeroPoint()
    range = try clamp.counts(of: output)
  }

  init(_ real: RealRescaling) {
    factors = .real(real.multipliers)
    zeroPoint = real.zeroPoint
    range = real.range
  }

  /// sₓ · s_w / s_y in float64, as LiteRT rescales the sums of dense layers.
  ///
  /// - Throws: `.unsupported` for other than one scale, or one an output channel.
  init(
    float64Dense input: TensorType, weights: TensorType, output: TensorType, channels: Int, clamp: ClampRange
  ) throws(ModelError) {
    let scales = weights.quantization?.scales ?? []
    guard scales.count == 1 || scales.count == channels else {
      throw ModelError(.unsupported, "\(scales.count) scales for \(channels) output channels")
    }
    let (inputScale, outputScale) = (Double(try input.scale()), Double(try output.scale()))
    factors = .float64(scales.map { inputScale * Double($0) / outputScale })
    zeroPoint = try output.zeroPoint()
    range = try clamp.counts(of: output)
  }

  /// Arguments of a kernel; `rows` holds what ``ChannelRows`` lays down.
  func arguments(_ rows: ChannelRows, _ base: UnsafeMutableRawPointer, first: Int = 0) -> ferry_rescaling {
    var arguments = ferry_rescaling()
    switch factors {
    case .fixed:
      arguments.rule = ferry_rescaling_fixed
      arguments.multipliers = UnsafePointer(rows.row(1, of: base, as: Int32.self) + first)
      arguments.shifts = UnsafePointer(rows.row(2, of: base, as: Int32.self) + first)
    case .real:
      arguments.rule = ferry_rescaling_real
      arguments.factors = UnsafePointer(rows.row(1, of: base, as: Float.self) + first)
    case .float64:
      arguments.rule = ferry_rescaling_float64
      arguments.wide_factors = UnsafePointer(rows.row(1, of: base, as: Double.self) + first)
    }
    arguments.zero_point = zeroPoint
    (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
    return arguments
  }
}

/// Numbers of four bytes for each output channel, laid out group by group in whole panels: the bias, the multipliers (or
/// factors), the shifts; factors of eight bytes take the place of both.
struct ChannelRows: Hashable, Sendable {
  let groups: Int
  let groupOutputs: Int
  let panel: Int

  var paddedGroup: Int { (groupOutputs + panel - 1) / panel * panel }
  /// Even, so that rows of eight bytes lie as they should.
  private var count: Int { (groups * paddedGroup + 1) / 2 * 2 }
  private var byteCount: Int { 3 * count * 4 }

  func row<Element>(
    _ index: Int, of base: UnsafeMutableRawPointer, as: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    (base + index * count * 4).assumingMemoryBound(to: Element.self)
  }

  /// The rows; channels past a group's last are zero.
  ///
  /// - Parameter bias: one an output channel; nil for none.
  func packed(bias: [Int32]?, _ rescaling: Rescaling?) throws(ModelError) -> AlignedMemory {
    try AlignedMemory(byteCount: byteCount) { base in
      for channel in 0..<(groups * groupOutputs) {
        let place = channel / groupOutputs * paddedGroup + channel % groupOutputs
        if let bias { row(0, of: base, as: Int32.self)[place] = bias[channel] }
        switch rescaling?.factors {
        case .fixed(let factors)?:
          let factor = factors[factors.count == 1 ? 0 : channel]
          row(1, of: base, as: Int32.self)[place] = factor.multiplier
          row(2, of: base, as: Int32.self)[place] = Int32(factor.shift)
        case .real(let factors)?: row(1, of: base, as: Float.self)[place] = factors[factors.count == 1 ? 0 : channel]
        case .float64(let factors)?:
          row(1, of: base, as: Double.self)[place] = factors[factors.count == 1 ? 0 : channel]
        case nil: break
        }
      }
    }
  }
}
