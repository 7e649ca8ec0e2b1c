import CKernels
import Testing

/// Counts of one of the two 8-bit types and how a kernel reads them.
struct CountKind: CaseIterable {
  let isUnsigned: Bool
  static let allCases = [CountKind(isUnsigned: false), CountKind(isUnsigned: true)]

  var range: ClosedRange<Int32> { isUnsigned ? 0...255 : -128...127 }
  var flip: UInt8 { isUnsigned ? 0x80 : 0 }

  func reading(zeroPoint: Int32) -> ferry_count_reading {
    ferry_count_reading(flip: flip, zero_point: Int16(isUnsigned ? zeroPoint - 128 : zeroPoint))
  }

  /// What a byte of memory means.
  func count(_ byte: UInt8) -> Int32 { isUnsigned ? Int32(byte) : Int32(Int8(bitPattern: byte)) }
}

/// The rule by which sums become counts, in plain words: what every kernel is held to.
struct PlainRescaling {
  var rule: ferry_rescaling_rule
  var multipliers: [Int32]
  var shifts: [Int32]
  var factors: [Float]
  /// No float32 numbers.
  var wideFactors: [Double] { factors.map { Double($0) * 1.000_000_01 } }
  var zeroPoint: Int32
  var range: ClosedRange<Int32>

  /// Random factors that bring sums of about `magnitude` into the range of counts.
  init(
    _ rule: ferry_rescaling_rule, channels: Int, magnitude: Float, kind: CountKind, clamp: Bool,
    _ random: inout KernelRandom
  ) {
    self.rule = rule
    multipliers = (0..<channels).map { _ in Int32.random(in: (1 << 30)...Int32.max, using: &random) }
    let shift = -Int32(max(magnitude / 64, 1)).bitWidth + Int32(max(magnitude / 64, 1)).leadingZeroBitCount
    shifts = (0..<channels).map { _ in Int32(shift) + Int32.random(in: -1...2, using: &random) }
    factors = (0..<channels).map { _ in Float.random(in: 0.2...3, using: &random) * 64 / magnitude }
    zeroPoint = Int32.random(in: kind.range, using: &random)
    range = clamp ? (kind.range.lowerBound + 40)...(kind.range.upperBound - 60) : kind.range
  }

  func count(_ sum: Int32, channel: Int) -> Int32 {
    let steps: Double
    switch rule {
    case ferry_rescaling_fixed:
      let shift = Int(shifts[channel])
      let shifted = Int32(truncatingIfNeeded: Int64(sum) << Int64(max(shift, 0)))
      // gemmlowp's rounding product: the nudge takes the product's sign, the quotient is cut.
      let product = Int64(shifted) * Int64(multipliers[channel])
      let high = (product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (1 << 31)
      steps = (Double(high) / Double(1 << max(-shift, 0))).rounded(.toNearestOrAwayFromZero)
    case ferry_rescaling_real: steps = Double((Float(sum) * factors[channel]).rounded(.toNearestOrEven))
    default: steps = (Double(sum) * wideFactors[channel]).rounded(.toNearestOrAwayFromZero)
    }
    return Int32(min(max(steps + Double(zeroPoint), Double(range.lowerBound)), Double(range.upperBound)))
  }

  /// Arguments whose arrays, padded to whole panels, live as long as `body` runs.
  func withArguments<Result>(padding: Int, _ body: (ferry_rescaling) -> Result) -> Result {
    func padded<Element>(_ values: [Element], _ fill: Element) -> [Element] {
      values + [Element](repeating: fill, count: (values.count + padding - 1) / padding * padding - values.count)
    }
    var arguments = ferry_rescaling()
    arguments.rule = rule
    arguments.zero_point = zeroPoint
    (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
    return padded(multipliers, 0).withUnsafeBufferPointer { multipliers in
      padded(shifts, 0).withUnsafeBufferPointer { shifts in
        padded(factors, 0).withUnsafeBufferPointer { factors in
          padded(wideFactors, 0).withUnsafeBufferPointer { wideFactors in
            arguments.multipliers = multipliers.baseAddress
            arguments.shifts = shifts.baseAddress
            arguments.factors = factors.baseAddress
            arguments.wide_factors = wideFactors.baseAddress
            return body(arguments)
          }
        }
      }
    }
  }
}

/// A convolution of counts in plain words.
struct PlainCountConvolution {
  var height = 5
  var width = 6
  /// Of the whole map, and of one group.
  var channels = 3
  var groupChannels = 3
  var outputs = 4
  var kernel = (height: 3, width: 3)
  var stride = (y: 1, x: 1)
  var dilation = (y: 1, x: 1)
  var padding = (top: 1, left: 1, bottom: 1, right: 1)

  var outputHeight: Int {
    (height + padding.top + padding.bottom - (kernel.height - 1) * dilation.y - 1) / stride.y + 1
  }
  var outputWidth: Int { (width + padding.left + padding.right - (kernel.width - 1) * dilation.x - 1) / stride.x + 1 }
  var depth: Int { kernel.height * kernel.width * groupChannels }

  /// Σ (x − zₓ)(w − z_w), taps outside the map adding nothing, for the channels from `first` on; `filter` is
  /// [outputs][kh][kw][group channels].
  func sum(
    _ map: [Int32], zeroPoint: Int32, filter: [Int32], filterZeroPoint: Int32, y: Int, x: Int, output: Int, first: Int
  ) -> Int32 {
    var sum: Int32 = 0
    for r in 0..<kernel.height {
      for s in 0..<kernel.width {
        let row = y * stride.y + r * dilation.y - padding.top, column = x * stride.x + s * dilation.x - padding.left
        guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
        for k in 0..<groupChannels {
          let count = map[(row * width + column) * channels + first + k] - zeroPoint
          sum &+=
            count * (filter[((output * kernel.height + r) * kernel.width + s) * groupChannels + k] - filterZeroPoint)
        }
      }
    }
    return sum
  }
}

extension KernelRandom {
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}
