import ModelGraph

extension Evaluation {
  /// Every output pixel is a weighted sum of input pixels: y[p, q] = Σᵢ uᵢ Σⱼ vⱼ x[rowᵢ, columnⱼ], the weights by the distance of
  /// the taps from where the output pixel lies; taps outside the map take its edge.
  ///
  /// Source: ONNX Resize with `antialias = 0`, `exclude_outside = 0`; TensorFlow Lite RESIZE_BILINEAR and
  /// RESIZE_NEAREST_NEIGHBOR; Keys 1981 for the cubic kernel.
  func resize(_ op: Resize2D) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let extents = try outputExtents()
    let (heightAxis, widthAxis) = (op.layout.heightAxis, op.layout.widthAxis)
    var scales: (height: Double?, width: Double?) = (nil, nil)
    if case .scales(let height, let width) = op.target { scales = (Double(height), Double(width)) }
    func coordinates(_ axis: Int, _ scale: Double?) -> [Double] {
      (0..<extents[axis]).map {
        Self.coordinate($0, op.coordinates, input: x.extents[axis], output: extents[axis], scale: scale)
      }
    }
    guard x.extents[heightAxis] > 0, x.extents[widthAxis] > 0 else {
      throw ModelError(.malformed, "the map \(x.type.shape) is empty")
    }
    let rows = coordinates(heightAxis, scales.height)
    let columns = coordinates(widthAxis, scales.width)
    if op.interpolation == .nearest {
      var tables = x.extents.map { Array(0..<$0) }
      tables[heightAxis] = rows.map { Self.nearest($0, op.nearestRounding, extent: x.extents[heightAxis]) }
      tables[widthAxis] = columns.map { Self.nearest($0, op.nearestRounding, extent: x.extents[widthAxis]) }
      return [try x.picked(tables, type: try outputType())]
    }
    let map = try channelsLast(0, op.layout)
    let values = try realElements(map)
    let (height, width, channels) = (map.extents[1], map.extents[2], map.extents[3])
    let rowTaps = rows.map { Self.taps($0, op, extent: height) }
    let columnTaps = columns.map { Self.taps($0, op, extent: width) }
    var y: [Double] = []
    y.reserveCapacity(try Self.product(extents))
    for n in 0..<map.extents[0] {
      for rowTaps in rowTaps {
        for columnTaps in columnTaps {
          var pixel = [Double](repeating: 0, count: channels)
          for (row, rowWeight) in rowTaps {
            for (column, columnWeight) in columnTaps {
              let source = ((n * height + row) * width + column) * channels
              for c in 0..<channels { pixel[c] += rowWeight * columnWeight * values[source + c] }
            }
          }
          y += pixel
        }
      }
    }
    return try result(y, layout: op.layout, clamp: .unbounded)
  }

  /// Where output position `p` lies on the input's axis.
  ///
  /// Quotients of whole numbers are taken last, so that a coordinate that is a whole number comes out as one.
  private static func coordinate(
    _ p: Int, _ coordinates: Resize2D.Coordinates, input: Int, output: Int, scale: Double?
  ) -> Double {
    /// p / s, where s is the given scale or output / input.
    func unscaled(_ p: Double) -> Double { scale.map { p / $0 } ?? p * Double(input) / Double(output) }
    switch coordinates {
    case .halfPixel: return unscaled(Double(p) + 0.5) - 0.5
    case .pytorchHalfPixel: return output > 1 ? unscaled(Double(p) + 0.5) - 0.5 : 0
    case .asymmetric: return unscaled(Double(p))
    case .halfPixelForNearest: return unscaled(Double(p) + 0.5)
    case .alignCorners: return output > 1 ? Double(p) * Double(input - 1) / Double(output - 1) : 0
    }
  }

  /// The input position nearest to a coordinate, inside the axis.
  ///
  /// The coordinate is rounded to float32 first: a scale such as 0.6 is not exact, and what its writer means by p / 0.6 is
  /// the whole number beside it.
  private static func nearest(_ coordinate: Double, _ rounding: Resize2D.NearestRounding, extent: Int) -> Int {
    let x = Double(Float(coordinate))
    let rounded =
      switch rounding {
      case .floor: x.rounded(.down)
      case .ceiling: x.rounded(.up)
      case .halfDown: (x - 0.5).rounded(.up)
      case .halfUp: (x + 0.5).rounded(.down)
      }
    return min(max(Int(saturating: rounded), 0), extent - 1)
  }

  /// The input positions that make up the value at a coordinate, with their weights.
  private static func taps(_ coordinate: Double, _ op: Resize2D, extent: Int) -> [(position: Int, weight: Double)] {
    let below = coordinate.rounded(.down)
    let fraction = coordinate - below
    let first = Int(saturating: below)
    func inside(_ position: Int) -> Int { min(max(position, 0), extent - 1) }
    switch op.interpolation {
    case .nearest: return [(nearest(coordinate, op.nearestRounding, extent: extent), 1)]
    case .bilinear: return [(inside(first), 1 - fraction), (inside(first + 1), fraction)]
    case .cubic:
      return (-1...2).map { offset in
        (inside(first + offset), cubic(abs(Double(offset) - fraction), Double(op.cubicCoefficient)))
      }
    }
  }

  /// (a + 2)t³ − (a + 3)t² + 1 for t ≤ 1, a·t³ − 5a·t² + 8a·t − 4a for t < 2, 0 beyond.
  private static func cubic(_ t: Double, _ a: Double) -> Double {
    if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
  }
}
