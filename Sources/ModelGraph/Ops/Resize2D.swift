/// Changes height and width of a map by sampling it.
///
/// With `size`, the output has that height and width; with `scales`, ⌊input · scale⌋. `coordinates` says where output pixel p lies
/// in the input: halfPixel (p + ½) / s − ½; asymmetric p / s; alignCorners p · (in − 1) / (out − 1); pytorchHalfPixel like halfPixel
/// but 0 for one output; halfPixelForNearest (p + ½) / s. s is out / in for `size`, the scale itself for `scales`. ONNX Resize; TensorFlow Lite RESIZE_BILINEAR.
public struct Resize2D: Operator {
  public static let name = "resize2d"

  public enum Target: Hashable, Sendable {
    case size(height: Int, width: Int)
    case scales(height: Float, width: Float)
  }

  public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    case nearest, bilinear
    /// Keys's cubic with the coefficient of `cubicCoefficient`.
    case cubic
  }

  public enum Coordinates: String, Hashable, Sendable, CaseIterable {
    case halfPixel, asymmetric, alignCorners, pytorchHalfPixel, halfPixelForNearest
  }

  public enum NearestRounding: String, Hashable, Sendable, CaseIterable {
    case floor, ceiling
    /// To the nearest, halves down.
    case halfDown
    /// To the nearest, halves up.
    case halfUp
  }

  public var target: Target
  public var interpolation: Interpolation
  public var coordinates: Coordinates
  public var nearestRounding: NearestRounding
  public var cubicCoefficient: Float
  public var layout: Layout

  public init(
    _ target: Target, interpolation: Interpolation, coordinates: Coordinates,
    nearestRounding: NearestRounding = .halfDown, cubicCoefficient: Float = -0.75, layout: Layout = .channelsLast
  ) {
    self.target = target
    self.interpolation = interpolation
    self.coordinates = coordinates
    self.nearestRounding = nearestRounding
    self.cubicCoefficient = cubicCoefficient
    self.layout = layout
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    let height: Dimension
    let width: Dimension
    switch target {
    case .size(let h, let w): (height, width) = (.fixed(h), .fixed(w))
    case .scales(let h, let w):
      height = try Self.scaled(map[layout.heightAxis], by: h)
      width = try Self.scaled(map[layout.widthAxis], by: w)
    }
    for extent in [height.fixedValue, width.fixedValue].compactMap({ $0 }) {
      guard (1...(1 << 24)).contains(extent) else { throw ModelError(.malformed, "a resized extent of \(extent)") }
    }
    return [
      x.with(
        shape: layout.shape(batch: map[0], height: height, width: width, channels: map[layout.channelAxis]))
    ]
  }

  static func scaled(_ extent: Dimension, by scale: Float) throws(ModelError) -> Dimension {
    guard scale > 0, scale.isFinite else { throw ModelError(.malformed, "a scale of \(scale)") }
    if let whole = Int(exactly: scale) { return extent.multiplied(by: whole) }
    guard let value = extent.fixedValue else { return .unknown }
    let product = (Float(value) * scale).rounded(.down)
    guard product < 1e9 else { throw ModelError(.malformed, "a scale of \(scale)") }
    return .fixed(Int(product))
  }
}
