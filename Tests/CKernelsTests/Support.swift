import CKernels
import Testing

/// A small generator (SplitMix64) whose sequence never changes.
struct KernelRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  /// Blocked planes whose lanes past `channels` are NaN: none of them may reach a result.
  mutating func planes(channels: Int, pixels: Int) -> [Float] {
    let blocks = (channels + 7) / 8
    var result = floats(blocks * pixels * 8)
    for channel in channels..<(blocks * 8) {
      for pixel in 0..<pixels { result[(channel / 8 * pixels + pixel) * 8 + channel % 8] = .nan }
    }
    return result
  }
}

func blockCount(_ channels: Int) -> Int { (channels + 7) / 8 }

/// The lanes that count of blocked planes, as [pixel][channel].
func lanes(_ planes: [Float], channels: Int, pixels: Int) -> [Float] {
  (0..<(pixels * channels)).map { index in
    let (pixel, channel) = (index / channels, index % channels)
    return planes[(channel / 8 * pixels + pixel) * 8 + channel % 8]
  }
}

/// Whether two results agree: equal, both NaN, or within `tolerance` of the larger magnitude or of one.
func agree(_ a: [Float], _ b: [Float], tolerance: Float) -> Bool {
  guard a.count == b.count else { return false }
  return zip(a, b).allSatisfy { x, y in
    x == y || (x.isNaN && y.isNaN) || abs(x - y) <= tolerance * max(1, abs(x), abs(y))
  }
}

/// Rows of a family's table that this machine can run.
func runnable<Row>(_ table: UnsafePointer<Row>?, _ count: Int, isa: (Row) -> ferry_isa) -> [Row] {
  UnsafeBufferPointer(start: table, count: count).filter { isa($0).rawValue <= ferry_machine_isa().rawValue }
}

/// Packed panels of random weights for `outputs` channels of `depth`.
func packedPanels(outputs: Int, depth: Int, panel: Int32, weights: [Float], bias: [Float]?) -> [Float] {
  var packed = [Float](repeating: .nan, count: blockCount(outputs) * 8 * (depth + 1))
  if let bias {
    ferry_f32_pack_panels(weights, bias, outputs, depth, Int(panel), &packed)
  } else {
    ferry_f32_pack_panels(weights, nil, outputs, depth, Int(panel), &packed)
  }
  return packed
}

let bounds: [(Float, Float)] = [(-.infinity, .infinity), (0, 0.6), (-0.3, .infinity)]
