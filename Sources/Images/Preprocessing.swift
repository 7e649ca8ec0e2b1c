public import ModelGraph

/// What happens to an image before a network sees it.
public struct Preprocessing: Hashable, Sendable {
  public enum Geometry: Hashable, Sendable {
    /// To the network's size, whatever the proportions: Keras's pipelines.
    case stretched
    /// The shorter side to `resize` / `crop` of the network's size, then the centre: torchvision's pipelines (256 and 224).
    case centerCropped(resize: Int, crop: Int)
  }

  public var geometry: Geometry
  /// y = (x / divisor − mean) / deviation, one mean and deviation a channel.
  public var divisor: Float
  public var means: [Float]
  public var deviations: [Float]

  public init(geometry: Geometry, divisor: Float, means: [Float], deviations: [Float]) {
    self.geometry = geometry
    self.divisor = divisor
    self.means = means
    self.deviations = deviations
  }

  /// The presets by their names on the command line.
  ///
  /// `tf`: x / 127.5 − 1, Keras's MobileNetV2. `keras128`: x / 128 − 1, early keras-applications. `torch`: x / 255 with
  /// ImageNet's means and deviations, resize 256, crop 224. `none`: 0 … 255.
  public static let presets: [(name: String, preprocessing: Preprocessing)] = [
    ("tf", Preprocessing(geometry: .stretched, divisor: 127.5, means: [1, 1, 1], deviations: [1, 1, 1])),
    ("keras128", Preprocessing(geometry: .stretched, divisor: 128, means: [1, 1, 1], deviations: [1, 1, 1])),
    (
      "torch",
      Preprocessing(
        geometry: .centerCropped(resize: 256, crop: 224), divisor: 255, means: [0.485, 0.456, 0.406],
        deviations: [0.229, 0.224, 0.225])
    ),
    ("none", Preprocessing(geometry: .stretched, divisor: 1, means: [0, 0, 0], deviations: [1, 1, 1])),
  ]

  /// The image at the network's size, pixels still whole numbers.
  public func fitted(_ image: Image, width: Int, height: Int) -> Image {
    guard case .centerCropped(let resize, let crop) = geometry else {
      return image.resized(width: width, height: height)
    }
    // For 224×224: the shorter side becomes 256, the longer one is cut to an integer, as torchvision does.
    let target = Int((Double(min(width, height) * resize) / Double(crop)).rounded())
    let isWide = image.width > image.height
    let longer = Int(Double(target * max(image.width, image.height)) / Double(min(image.width, image.height)))
    let wholeWidth = isWide ? longer : target
    let wholeHeight = isWide ? target : longer
    // Python's round: halves to the even number.
    let left = Int((Double(wholeWidth - width) / 2).rounded(.toNearestOrEven))
    let top = Int((Double(wholeHeight - height) / 2).rounded(.toNearestOrEven))
    // The whole may have any size: one side of the image a million times the other, or a crop of one pixel in thousands.
    let columns = max(left, 0)..<min(left + width, wholeWidth)
    let rows = max(top, 0)..<min(top + height, wholeHeight)
    let part = image.resized(width: wholeWidth, height: wholeHeight, columns: columns, rows: rows)
    guard part.width < width || part.height < height else { return part }
    return part.cropped(
      left: left - columns.lowerBound, top: top - rows.lowerBound, width: width, height: height)
  }

  /// The tensor that a network of this input signature is fed: [1, H, W, C] or [1, C, H, W] with C = 3 or 1.
  ///
  /// - Throws: `.unsupported` for a signature that is no image.
  public func tensor(_ image: Image, signature: TensorType) throws(ModelError) -> Tensor {
    let input = try ImageInput(signature)
    let fitted = fitted(image, width: input.width, height: input.height)
    var values = [Float](repeating: 0, count: input.width * input.height * input.channels)
    let size = input.width * input.height
    for position in 0..<size {
      for channel in 0..<input.channels {
        let sample =
          input.channels == 3 ? Float(fitted.pixels[position * 3 + channel]) : Self.luma(fitted.pixels, position)
        let value = (sample / divisor - means[channel]) / deviations[channel]
        values[input.layout == .channelsLast ? position * input.channels + channel : channel * size + position] = value
      }
    }
    return try input.tensor(values)
  }

  /// ITU-R 601 luma in Pillow's fixed point.
  private static func luma(_ pixels: [UInt8], _ position: Int) -> Float {
    let red = UInt32(pixels[position * 3])
    let green = UInt32(pixels[position * 3 + 1])
    let blue = UInt32(pixels[position * 3 + 2])
    return Float((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
  }
}
