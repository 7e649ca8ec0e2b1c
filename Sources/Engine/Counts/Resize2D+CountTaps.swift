import CKernels
import ModelGraph

/// Which input positions each output position takes where LiteRT resizes counts.
extension Resize2D {
  private func aligns(_ output: Int) -> Bool { coordinates == .alignCorners && output > 1 }

  private func realScale(from input: Int, to output: Int) -> Float {
    aligns(output) ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
  }

  /// floor((p + ½ or 0) · scale), rounded where corners are aligned; all in float32.
  ///
  /// Source: LiteRT's reference/resize_nearest_neighbor.h.
  func nearestTaps(from input: Int, to output: Int) -> [ferry_q8_resize_tap] {
    let scale = realScale(from: input, to: output)
    let offset: Float = coordinates == .halfPixelForNearest ? 0.5 : 0
    return (0..<output).map { p in
      let x = (Float(p) + offset) * scale
      let position = Int(coordinates == .alignCorners ? x.rounded() : x.rounded(.down))
      return tap(min(max(position, 0), input - 1), 0)
    }
  }

  /// Neighbours and the distance from the first in steps of 2⁻¹⁰, of which the scale is a multiple.
  ///
  /// Source: `ResizeBilinearInteger` in LiteRT's reference/resize_bilinear.h.
  func fixedTaps(from input: Int, to output: Int) -> [ferry_q8_resize_tap] {
    let (from, to) = aligns(output) ? (input - 1, output - 1) : (input, output)
    let scale = (1024 * from + to / 2) / to
    return (0..<output).map { p in
      let x = coordinates == .halfPixel ? p * scale + scale / 2 - 512 : p * scale
      let first = max(x / 1024, 0)
      return tap(
        min(first, input - 1), min((x + 1023) / 1024, input - 1), steps: Int32(truncatingIfNeeded: x - 1024 * first))
    }
  }

  /// Neighbours and the distance from the first in float32.
  ///
  /// Source: `ResizeBilinear` in LiteRT's reference/resize_bilinear.h.
  func realTaps(from input: Int, to output: Int) -> [ferry_q8_resize_tap] {
    let scale = realScale(from: input, to: output)
    return (0..<output).map { p in
      let x = coordinates == .halfPixel ? (Float(p) + 0.5) * scale - 0.5 : Float(p) * scale
      let first = max(Int(x.rounded(.down)), 0)
      return tap(min(first, input - 1), min(Int(x.rounded(.up)), input - 1), fraction: x - Float(first))
    }
  }

  private func tap(_ first: Int, _ second: Int, steps: Int32 = 0, fraction: Float = 0) -> ferry_q8_resize_tap {
    ferry_q8_resize_tap(
      first: UInt32(truncatingIfNeeded: first), second: UInt32(truncatingIfNeeded: max(second, 0)), steps: steps,
      fraction: fraction)
  }
}
