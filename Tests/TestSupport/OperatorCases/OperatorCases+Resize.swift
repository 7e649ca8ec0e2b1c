import ModelGraph

extension OperatorCases {
  static let resizes: [OperatorCase] = [
    // Channels first: ONNX Resize.
    resize("nearest_half_pixel", .size(height: 7, width: 9), .nearest, .halfPixel, .halfDown),
    resize("nearest_asymmetric_floor", .size(height: 8, width: 10), .nearest, .asymmetric, .floor),
    resize("nearest_ceiling", .size(height: 6, width: 3), .nearest, .asymmetric, .ceiling),
    resize("nearest_half_up", .size(height: 8, width: 2), .nearest, .halfPixel, .halfUp),
    resize("nearest_scales", .scales(height: 0.6, width: 2.6), .nearest, .asymmetric, .floor),
    resize("nearest_align_corners", .size(height: 7, width: 3), .nearest, .alignCorners, .halfDown),
    resize("bilinear_half_pixel", .size(height: 7, width: 9), .bilinear, .halfPixel),
    resize("bilinear_down", .size(height: 3, width: 2), .bilinear, .halfPixel),
    resize("bilinear_asymmetric", .size(height: 8, width: 7), .bilinear, .asymmetric),
    resize("bilinear_align_corners", .size(height: 9, width: 11), .bilinear, .alignCorners),
    resize("bilinear_pytorch", .size(height: 1, width: 8), .bilinear, .pytorchHalfPixel),
    resize("bilinear_scales", .scales(height: 1.7, width: 0.7), .bilinear, .halfPixel),
    resize("cubic_half_pixel", .size(height: 9, width: 3), .cubic, .halfPixel),
    resize("cubic_coefficient", .size(height: 8, width: 10), .cubic, .asymmetric, coefficient: -0.5),
    resize("cubic_align_corners", .size(height: 7, width: 9), .cubic, .alignCorners),
    // Channels last: TensorFlow Lite RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR.
    resize("tflite_bilinear", .size(height: 7, width: 9), .bilinear, .asymmetric, layout: .channelsLast),
    resize("tflite_bilinear_half_pixel", .size(height: 7, width: 9), .bilinear, .halfPixel, layout: .channelsLast),
    resize("tflite_bilinear_align", .size(height: 9, width: 13), .bilinear, .alignCorners, layout: .channelsLast),
    resize("tflite_nearest", .size(height: 8, width: 3), .nearest, .asymmetric, .floor, layout: .channelsLast),
    resize(
      "tflite_nearest_half_pixel", .size(height: 7, width: 3), .nearest, .halfPixelForNearest, .floor,
      layout: .channelsLast),
    resize("tflite_nearest_align", .size(height: 7, width: 9), .nearest, .alignCorners, .halfUp, layout: .channelsLast),
  ]

  private static func resize(
    _ name: String, _ target: Resize2D.Target, _ interpolation: Resize2D.Interpolation,
    _ coordinates: Resize2D.Coordinates, _ rounding: Resize2D.NearestRounding = .halfDown, coefficient: Float = -0.75,
    layout: Layout = .channelsFirst
  ) -> OperatorCase {
    OperatorCase(
      "resize2d." + name,
      .resize2D(
        Resize2D(
          target, interpolation: interpolation, coordinates: coordinates, nearestRounding: rounding,
          cubicCoefficient: coefficient, layout: layout)),
      .random(layout == .channelsFirst ? [1, 2, 4, 5] : [1, 4, 5, 2]))
  }
}
