import FormatSupport
import ModelGraph

/// UpSampling2D and Resizing.
enum ResizingLayers {
  static func upSampling2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let factors = try call.attributes.size("size", default: Size2D(2))
    let layout = try call.attributes.layout()
    let interpolation = try call.attributes.string("interpolation", default: "nearest")
    let target = Resize2D.Target.scales(height: Float(factors.height), width: Float(factors.width))
    let op: Resize2D
    switch interpolation {
    case "nearest":
      // Every pixel is repeated.
      op = Resize2D(
        target, interpolation: .nearest, coordinates: .asymmetric, nearestRounding: .floor, layout: layout)
    case "bilinear": op = Resize2D(target, interpolation: .bilinear, coordinates: .halfPixel, layout: layout)
    default:
      throw ModelError(.unsupported, "interpolation = \"\(interpolation)\"").within(.attribute("interpolation"))
    }
    return [try lowering.emit(.resize2D(op), [try call.input()], call)]
  }

  /// Keras 2 casts integers, and gives real numbers. Keras 3 gives the type that it was given, and rounds what it has interpolated
  /// (`Resizing` of either version): Ferry leaves that to Keras.
  static func resizing(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let height = try call.attributes.positiveInteger("height")
    let width = try call.attributes.positiveInteger("width")
    let layout = try call.attributes.layout()
    for name in ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"]
    where try call.attributes.flag(name, default: false) {
      throw ModelError(.unsupported, "\(name) = true").within(.attribute(name))
    }
    call.attributes.ignore("fill_mode", "fill_value")
    let interpolation = try call.attributes.string("interpolation", default: "bilinear")
    let target = Resize2D.Target.size(height: height, width: width)
    let op: Resize2D
    switch interpolation {
    case "nearest":
      op = Resize2D(
        target, interpolation: .nearest, coordinates: .halfPixelForNearest, nearestRounding: .floor, layout: layout)
    case "bilinear": op = Resize2D(target, interpolation: .bilinear, coordinates: .halfPixel, layout: layout)
    default:
      throw ModelError(.unsupported, "interpolation = \"\(interpolation)\"").within(.attribute("interpolation"))
    }
    let input = try call.input()
    var steps = [ModelLowering.Step(.resize2D(op))]
    if let type = try lowering.integerType(of: input), lowering.version.major < 3 || interpolation != "nearest" {
      guard lowering.version.major < 3 else {
        throw ModelError(.unsupported, "interpolation between integers of type \(type.name), which Keras 3 rounds")
      }
      steps.insert(.init(.cast(Cast(to: .float32)), part: "cast"), at: 0)
    }
    return [try lowering.emit(steps, from: input, call)]
  }
}
