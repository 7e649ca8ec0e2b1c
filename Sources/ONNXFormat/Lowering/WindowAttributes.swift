internal import ModelGraph

/// The attributes that convolutions and pools share, for maps of two spatial axes.
struct WindowAttributes {
  let strides: Size2D
  let dilation: Size2D
  let padding: Padding2D

  /// - Throws: `.unsupported` for more or fewer than two spatial axes.
  init(_ node: NodeLowering) throws(ModelError) {
    strides = try Self.size(node, "strides")
    dilation = try Self.size(node, "dilations")
    padding = try Self.padding(node)
  }

  /// A pair of sizes, height first; one each when absent.
  static func size(_ node: NodeLowering, _ name: String) throws(ModelError) -> Size2D {
    guard let values = try node.attributes.ints(name), !values.isEmpty else { return .one }
    return try pair(values, name)
  }

  static func pair(_ values: [Int], _ name: String) throws(ModelError) -> Size2D {
    guard values.count == 2 else {
      throw ModelError(.unsupported, "\(values.count) spatial axes", context: [.attribute(name)])
    }
    return Size2D(height: values[0], width: values[1])
  }

  /// Rows and columns: ONNX lists the beginnings of all axes, then their ends.
  static func insets(_ pads: [Int]) throws(ModelError) -> EdgeInsets {
    guard pads.count == 4 else {
      throw ModelError(.unsupported, "padding of \(pads.count) sides", context: [.attribute("pads")])
    }
    return EdgeInsets(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
  }

  private static func padding(_ node: NodeLowering) throws(ModelError) -> Padding2D {
    let pads = try node.attributes.ints("pads") ?? []
    let automatic: Padding2D? = try node.attributes.choice(
      "auto_pad", default: "NOTSET",
      ["NOTSET": nil, "": nil, "VALID": .valid, "SAME_UPPER": .same(.upper), "SAME_LOWER": .same(.lower)])
    guard let automatic else { return pads.isEmpty ? .none : .explicit(try insets(pads)) }
    guard pads.allSatisfy({ $0 == 0 }) else {
      throw ModelError(.malformed, "both auto_pad and pads \(pads)", context: [.attribute("auto_pad")])
    }
    return automatic
  }
}
