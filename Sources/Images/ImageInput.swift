import ModelGraph

/// The image that a network's input takes.
struct ImageInput {
  let width: Int
  let height: Int
  let channels: Int
  let layout: Layout
  private let type: TensorType

  /// - Throws: `.unsupported` when the signature is no image of one or three channels, or its size is open.
  init(_ signature: TensorType) throws(ModelError) {
    guard let dimensions = signature.shape.dimensions, dimensions.count == 4 else {
      throw ModelError(.unsupported, "the network's input \(signature) is no image")
    }
    // Three channels tell more than one: [1, 3, 1, 1] is an image of one pixel.
    let candidates: [(layout: Layout, channels: Int)] = [
      (.channelsLast, 3), (.channelsFirst, 3), (.channelsLast, 1), (.channelsFirst, 1),
    ]
    guard
      let match = candidates.first(where: { dimensions[$0.layout.channelAxis].fixedValue == $0.channels })
    else {
      throw ModelError(.unsupported, "the network's input \(signature) has neither one nor three channels")
    }
    layout = match.layout
    guard let height = dimensions[layout.heightAxis].fixedValue, let width = dimensions[layout.widthAxis].fixedValue,
      (1...16_384).contains(height), (1...16_384).contains(width)
    else {
      throw ModelError(
        .unsupported, "the network's input \(signature) has no fixed size", hint: "fix it with --input-shape")
    }
    channels = match.channels
    self.height = height
    self.width = width
    type = signature
  }

  /// One image in the signature's element type; a quantized input gets counts, rounded to the nearest.
  ///
  /// - Throws: `.unsupported` for any other type.
  func tensor(_ values: [Float]) throws(ModelError) -> Tensor {
    let shape: Shape = layout.shape(
      batch: 1, height: .fixed(height), width: .fixed(width), channels: .fixed(channels))
    let fixed = type.with(shape: shape)
    if type.elementType == .float32 { return try Tensor(values, type: fixed) }
    guard let range = type.elementType.countRange, type.elementType.bitWidth == 8 else {
      throw ModelError(.unsupported, "the network's input takes \(type.elementType.name)")
    }
    var scale: Float = 1
    var zeroPoint: Float = 0
    if case .perTensor(let s, let z)? = type.quantization { (scale, zeroPoint) = (s, Float(z)) }
    let counts = values.map { value -> Int in
      let count = (value / scale).rounded() + zeroPoint
      return count.isNaN ? range.lowerBound : Int(min(max(count, Float(range.lowerBound)), Float(range.upperBound)))
    }
    if type.elementType == .uint8 { return try Tensor(counts.map { UInt8(clamping: $0) }, type: fixed) }
    return try Tensor(counts.map { Int8(clamping: $0) }, type: fixed)
  }
}
