import ModelGraph

/// Maps of counts in another size.
extension Evaluation {
  /// Source: resize_bilinear.cc, resize_nearest_neighbor.cc.
  func integerResize(_ op: Resize2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let type = try countType()
    guard x.type.quantization == type.quantization, x.elementType == type.elementType, case .size = op.target else {
      throw unknownArithmetic(.resize2D(op), "between two scales")
    }
    let extents = try channelsLastExtents(op.layout)
    guard x.extents[1] > 0, x.extents[2] > 0 else { throw ModelError(.malformed, "the map \(x.type.shape) is empty") }
    let counts = try x.counts()
    let shape = (map: x.extents, output: extents)
    switch op.interpolation {
    case .nearest: return try result(counts: nearest(counts, shape, op), layout: op.layout)
    case .bilinear where type.elementType == .uint8:
      return try result(counts: realBilinear(counts, shape, op), layout: op.layout)
    case .bilinear: return try result(counts: integerBilinear(counts, shape, op), layout: op.layout)
    case .cubic: throw unknownArithmetic(.resize2D(op), "by cubic interpolation")
    }
  }

  private typealias MapExtents = (map: [Int], output: [Int])

  /// Along one axis, the two positions of the map that make up a position of the output.
  private struct Taps<Weight> {
    let first: Int
    let second: Int
    /// How far the output lies behind the first position.
    let distance: Weight
  }

  /// floor((p + ½ or 0) · in/out), or rounded where corners are aligned; the scale a float32.
  private func nearest(_ counts: [Int32], _ shape: MapExtents, _ op: Resize2D) -> [Int32] {
    func positions(_ input: Int, _ output: Int) -> [Int] {
      let aligns = op.coordinates == .alignCorners && output > 1
      let scale = aligns ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
      let offset: Float = op.coordinates == .halfPixelForNearest ? 0.5 : 0
      return (0..<output).map { p in
        let x = (Float(p) + offset) * scale
        return min(max(Int(op.coordinates == .alignCorners ? x.rounded() : x.rounded(.down)), 0), input - 1)
      }
    }
    let rows = positions(shape.map[1], shape.output[1])
    let columns = positions(shape.map[2], shape.output[2])
    let channels = shape.map[3]
    var result: [Int32] = []
    for n in 0..<shape.map[0] {
      for row in rows {
        for column in columns {
          let source = ((n * shape.map[1] + row) * shape.map[2] + column) * channels
          result += counts[source..<(source + channels)]
        }
      }
    }
    return result
  }

  /// The four neighbours weighted by distances that are multiples of 2⁻¹⁰, as the scale is; the sum is rounded to nearest with ties
  /// away from zero.
  ///
  /// Source: `ResizeBilinearInteger` in reference/resize_bilinear.h (int8, int16).
  private func integerBilinear(_ counts: [Int32], _ shape: MapExtents, _ op: Resize2D) -> [Int32] {
    func taps(_ input: Int, _ output: Int) -> [Taps<Int>] {
      let aligns = op.coordinates == .alignCorners && output > 1
      let (from, to) = aligns ? (input - 1, output - 1) : (input, output)
      let scale = (1024 * from + to / 2) / to
      return (0..<output).map { p in
        let x = op.coordinates == .halfPixel ? p * scale + scale / 2 - 512 : p * scale
        let first = max(x / 1024, 0)
        return Taps(first: first, second: min((x + 1023) / 1024, input - 1), distance: x - 1024 * first)
      }
    }
    return interpolated(
      counts, shape, taps(shape.map[1], shape.output[1]), taps(shape.map[2], shape.output[2])
    ) { corner, row, column in
      let sum =
        Int64(corner.0) * Int64((1024 - row) * (1024 - column)) + Int64(corner.1) * Int64(row * (1024 - column))
        + Int64(corner.2) * Int64((1024 - row) * column) + Int64(corner.3) * Int64(row * column)
      return Int32(truncatingIfNeeded: (sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20))
    }
  }

  /// The four neighbours weighted in float32, plus ½, cut.
  ///
  /// Source: `ResizeBilinear` in reference/resize_bilinear.h (uint8).
  private func realBilinear(_ counts: [Int32], _ shape: MapExtents, _ op: Resize2D) -> [Int32] {
    func taps(_ input: Int, _ output: Int) -> [Taps<Float>] {
      let aligns = op.coordinates == .alignCorners && output > 1
      let scale = aligns ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
      return (0..<output).map { p in
        let x = op.coordinates == .halfPixel ? (Float(p) + 0.5) * scale - 0.5 : Float(p) * scale
        let first = max(Int(x.rounded(.down)), 0)
        return Taps(first: first, second: min(Int(x.rounded(.up)), input - 1), distance: x - Float(first))
      }
    }
    return interpolated(
      counts, shape, taps(shape.map[1], shape.output[1]), taps(shape.map[2], shape.output[2])
    ) { corner, row, column in
      let value =
        Float(corner.0) * (1 - row) * (1 - column) + Float(corner.1) * row * (1 - column)
        + Float(corner.2) * (1 - row) * column + Float(corner.3) * row * column
      return Int32(value + 0.5)
    }
  }

  /// `blend` gets the counts at the first row and column, the second row, the second column, both second ones.
  private func interpolated<Weight>(
    _ counts: [Int32], _ shape: MapExtents, _ rows: [Taps<Weight>], _ columns: [Taps<Weight>],
    _ blend: ((Int32, Int32, Int32, Int32), _ row: Weight, _ column: Weight) -> Int32
  ) -> [Int32] {
    let channels = shape.map[3]
    var result: [Int32] = []
    result.reserveCapacity(shape.output.reduce(1, *))
    for n in 0..<shape.map[0] {
      for row in rows {
        for column in columns {
          func source(_ row: Int, _ column: Int) -> Int {
            ((n * shape.map[1] + row) * shape.map[2] + column) * channels
          }
          let sources = (
            source(row.first, column.first), source(row.second, column.first), source(row.first, column.second),
            source(row.second, column.second)
          )
          for c in 0..<channels {
            let corner = (counts[sources.0 + c], counts[sources.1 + c], counts[sources.2 + c], counts[sources.3 + c])
            result.append(blend(corner, row.distance, column.distance))
          }
        }
      }
    }
    return result
  }
}
