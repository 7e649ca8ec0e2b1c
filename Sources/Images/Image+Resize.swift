extension Image {
  /// The image at another size, by a triangle filter as wide as the reduction: Pillow's BILINEAR.
  ///
  /// Two passes with weights in fixed point of 22 fractional bits and eight-bit pixels between them, as Pillow's Resample.c
  /// computes them, so that pixels agree to the bit. The order of the passes is that of Pillow 13: the height comes first
  /// where it loses more than twice as many pixels as the width. (Earlier releases always began with the width; pixels of
  /// the images concerned then differ by one count.)
  public func resized(width newWidth: Int, height newHeight: Int) -> Image {
    resized(width: newWidth, height: newHeight, columns: 0..<newWidth, rows: 0..<newHeight)
  }

  /// The part of the resized image in these columns and rows of it, which are not empty; nothing else of it is computed, so that
  /// its size costs nothing.
  func resized(width newWidth: Int, height newHeight: Int, columns: Range<Int>, rows: Range<Int>) -> Image {
    let columnTaps = Self.taps(columns, from: width, to: newWidth)
    let rowTaps = Self.taps(rows, from: height, to: newHeight)
    let lostRows = height - newHeight
    if lostRows > 0, lostRows > (width - newWidth) * 2 {
      let neededColumns = Self.reach(of: columnTaps)
      return scaled(rows: rowTaps, of: 0, columns: neededColumns)
        .scaled(columns: columnTaps, of: neededColumns.lowerBound, rows: 0..<rows.count)
    }
    let neededRows = Self.reach(of: rowTaps)
    return scaled(columns: columnTaps, of: 0, rows: neededRows)
      .scaled(rows: rowTaps, of: neededRows.lowerBound, columns: 0..<columns.count)
  }

  /// One column for each of `taps`, which count columns from `origin` on, in these rows.
  private func scaled(columns taps: [Taps], of origin: Int, rows: Range<Int>) -> Image {
    var result = [UInt8](repeating: 0, count: taps.count * rows.count * 3)
    pixels.withUnsafeBufferPointer { source in
      var position = 0
      for row in rows {
        let line = (row * width - origin) * 3
        for tap in taps {
          for channel in 0..<3 { result[position + channel] = tap.applied(source, line + channel, step: 3) }
          position += 3
        }
      }
    }
    return Image(uncheckedWidth: taps.count, height: rows.count, pixels: result)
  }

  /// One row for each of `taps`, which count rows from `origin` on, in these columns.
  private func scaled(rows taps: [Taps], of origin: Int, columns: Range<Int>) -> Image {
    let line = width * 3
    var result = [UInt8](repeating: 0, count: columns.count * taps.count * 3)
    pixels.withUnsafeBufferPointer { source in
      var position = 0
      for tap in taps {
        for sample in columns.lowerBound * 3..<columns.upperBound * 3 {
          result[position] = tap.applied(source, sample - origin * line, step: line)
          position += 1
        }
      }
    }
    return Image(uncheckedWidth: columns.count, height: taps.count, pixels: result)
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

  /// The pixels that any of `taps` takes.
  private static func reach(of taps: [Taps]) -> Range<Int> {
    var first = Int.max
    var last = 0
    for tap in taps {
      first = min(first, tap.first)
      last = max(last, tap.first + tap.weights.count)
    }
    return first..<max(first, last)
  }

  /// Of these of the `output` pixels.
  private static func taps(_ positions: Range<Int>, from input: Int, to output: Int) -> [Taps] {
    let scale = Double(input) / Double(output)
    // Enlarging interpolates between neighbours; reducing averages over the whole step.
    let filterScale = max(scale, 1)
    return positions.map { position in
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
