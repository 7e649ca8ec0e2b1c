extension Image {
  /// The image at another size, by a triangle filter as wide as the reduction: Pillow's BILINEAR.
  ///
  /// Two passes with weights in fixed point of 22 fractional bits and eight-bit pixels between them, as Pillow's Resample.c
  /// computes them, so that pixels agree to the bit. The order of the passes is that of Pillow 13: the height comes first
  /// where it loses more than twice as many pixels as the width. (Earlier releases always began with the width; pixels of
  /// the images concerned then differ by one count.)
  public func resized(width newWidth: Int, height newHeight: Int) -> Image {
    let lostRows = height - newHeight
    let isHeightFirst = lostRows > 0 && lostRows > (width - newWidth) * 2
    return isHeightFirst
      ? resized(height: newHeight).resized(width: newWidth) : resized(width: newWidth).resized(height: newHeight)
  }

  private func resized(width newWidth: Int) -> Image {
    guard newWidth != width else { return self }
    let taps = Self.taps(from: width, to: newWidth)
    var result = [UInt8](repeating: 0, count: newWidth * height * 3)
    pixels.withUnsafeBufferPointer { source in
      for row in 0..<height {
        let line = row * width * 3
        for x in 0..<newWidth {
          for channel in 0..<3 {
            result[(row * newWidth + x) * 3 + channel] = taps[x].applied(source, line + channel, step: 3)
          }
        }
      }
    }
    return Image(uncheckedWidth: newWidth, height: height, pixels: result)
  }

  private func resized(height newHeight: Int) -> Image {
    guard newHeight != height else { return self }
    let taps = Self.taps(from: height, to: newHeight)
    let line = width * 3
    var result = [UInt8](repeating: 0, count: line * newHeight)
    pixels.withUnsafeBufferPointer { source in
      for y in 0..<newHeight {
        for column in 0..<line { result[y * line + column] = taps[y].applied(source, column, step: line) }
      }
    }
    return Image(uncheckedWidth: width, height: newHeight, pixels: result)
  }

  /// The input pixels that one output pixel is made of.
  private struct Taps {
    let first: Int
    let weights: [Int32]

    func applied(_ source: UnsafeBufferPointer<UInt8>, _ offset: Int, step: Int) -> UInt8 {
      var sum: Int32 = 1 << (Image.fractionBits - 1)
      var position = offset + first * step
      for weight in weights {
        sum &+= Int32(source[position]) &* weight
        position += step
      }
      return UInt8(clamping: sum >> Int32(Image.fractionBits))
    }
  }

  private static let fractionBits = 22

  private static func taps(from input: Int, to output: Int) -> [Taps] {
    let scale = Double(input) / Double(output)
    // Enlarging interpolates between neighbours; reducing averages over the whole step.
    let filterScale = max(scale, 1)
    return (0..<output).map { position in
      let center = (Double(position) + 0.5) * scale
      let first = max(0, Int(center - filterScale + 0.5))
      let last = min(input, Int(center + filterScale + 0.5))
      var weights = (first..<last).map { index -> Double in
        let distance = abs((Double(index) - center + 0.5) / filterScale)
        return distance < 1 ? 1 - distance : 0
      }
      let total = weights.reduce(0, +)
      if total != 0 { weights = weights.map { $0 / total } }
      return Taps(
        first: first,
        weights: weights.map { Int32(($0 * Double(1 << fractionBits) + ($0 < 0 ? -0.5 : 0.5)).rounded(.towardZero)) })
    }
  }
}
