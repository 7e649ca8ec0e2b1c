import Glibc
import ModelGraph

/// The tables of the 16-bit softmax: eˣ over −10 … 0 and 1/(1 + x) over 0 … 1, each at 513 points with straight lines between.
///
/// Source: `SoftmaxInt16` in reference/softmax.h, `SoftmaxPrepare` in activations.cc, `LUTPopulateInt16` in internal/common.h.
public struct SoftmaxTables {
  /// eˣ over −10 … 0.
  public let exponential = Self.table(inputScale: 10.0 / 65535, zeroPoint: 32767) { exp($0) }
  /// 1/(1 + x) over 0 … 1.
  public let reciprocal = Self.table(inputScale: 1.0 / 65535, zeroPoint: -32768) { 1 / (1 + $0) }

  public init() {}

  /// The shares of one row, 1 as 32767.
  func softmax(_ row: ArraySlice<Int32>, _ factor: FixedPointMultiplier) -> [Int32] {
    let largest = row.max() ?? 0
    let terms = row.map { count in
      // −65535 … 0 stands for −10 … 0, and lies around zero in the table.
      Self.lookUp(min(max(factor.applied(to: count - largest) &+ 32767, -32768), 32767), exponential)
    }
    let sum = terms.reduce(0, &+)
    let headroom = sum.leadingZeroBitCount
    let fraction = ((Int64(sum) << Int64(headroom - 1)) + (1 << 13)) >> 14
    let position = Int32(clamping: min(max(fraction - (1 << 15) - (1 << 16), -32768), 32767))
    let scale = Int64(Self.lookUp(position, reciprocal))
    let shift = Int64(31 - headroom)
    return terms.map { term in
      Int32(clamping: min(max((Int64(term) * scale + (1 << (shift - 1))) >> shift, 0), 32767))
    }
  }

  private static func lookUp(_ x: Int32, _ table: [Int32]) -> Int32 {
    let index = Int(256 + (x >> 7))
    let slope = table[index + 1] - table[index]
    return table[index] + ((slope * (x & 0x7F) + 64) >> 7)
  }

  /// The table over all 16-bit counts of an input, in counts of 2/65535. Each point is lowered by half of what the middle of its
  /// line would be off.
  private static func table(
    inputScale: Double, zeroPoint: Double, _ function: (Double) -> Double
  ) -> [Int32] {
    let lower = inputScale * (-32768 - zeroPoint)
    let upper = inputScale * (32767 - zeroPoint)
    let outputScale = 2.0 / 65535
    let step = (upper - lower) / 512
    let scale = 65536 / (outputScale * 32767 - outputScale * -32768)
    func rounded(_ x: Double) -> Double { x.rounded(.toNearestOrAwayFromZero) }
    func limited(_ x: Double) -> Int32 { Int32(min(max(x, -32768), 32767)) }
    var table: [Int32] = []
    for index in 0..<512 {
      let start = lower + Double(index) * step
      let sample = rounded(function(start) * scale)
      let drawn = rounded((function(lower + Double(index + 1) * step) * scale + sample) / 2)
      let error = drawn - rounded(function(start + step / 2) * scale)
      table.append(limited(sample - rounded(error / 2)))
    }
    table.append(limited(rounded(function(upper) * scale)))
    return table
  }
}
