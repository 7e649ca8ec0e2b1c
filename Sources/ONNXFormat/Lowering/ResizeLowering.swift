internal import ModelGraph

/// Resize and its predecessor Upsample, for maps of two spatial axes.
enum ResizeLowering {
  static let entries: [String: OperatorEntry] = [
    "Resize": OperatorEntry(since: 10, inputs: 4) { (node) throws(ModelError) in
      if node.version == 10 { try upsample(node) } else { try resize(node) }
    },
    "Upsample": OperatorEntry(since: 7, inputs: 2, upsample),
  ]

  /// What is asked of every axis.
  private enum Request {
    case scales([Float])
    case sizes([Int])
  }

  /// Upsample, and Resize of version 10: the coordinate p / scale, its floor for the nearest.
  @Sendable private static func upsample(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let scales: [Float]?
    if node.version < 9 {
      guard node.optionalInput(1) == nil else { throw ModelError(.malformed, "a second input") }
      scales = try node.attributes.floats("scales")
    } else {
      scales = try node.floats(1, "scales")
    }
    guard let scales else { throw ModelError(.malformed, "the scales are missing") }
    let interpolation: Resize2D.Interpolation = try node.attributes.choice(
      "mode", default: "nearest", ["nearest": .nearest, "linear": .bilinear, "bilinear": .bilinear])
    // For smaller maps runtimes do not agree on the nearest element of this old definition.
    guard interpolation != .nearest || !scales.contains(where: { $0 < 1 }) else {
      throw ModelError(.unsupported, "a nearest neighbour of scale below 1 in version \(node.version)")
    }
    let (target, layout) = try target(node, .scales(scales))
    let op = Resize2D(
      target, interpolation: interpolation, coordinates: .asymmetric, nearestRounding: .floor, layout: layout)
    try node.finish(.resize2D(op), [x])
  }

  @Sendable private static func resize(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let scales = try node.floats(2, "scales")
    let sizes = try node.integers(3, "sizes")
    let request: Request
    switch (scales, sizes) {
    case (let scales?, nil), (let scales?, []?): request = .scales(scales)
    case (nil, let sizes?) where !sizes.isEmpty: request = .sizes(sizes)
    default: throw ModelError(.malformed, "exactly one of scales and sizes must be given")
    }
    let interpolation: Resize2D.Interpolation = try node.attributes.choice(
      "mode", default: "nearest", ["nearest": .nearest, "linear": .bilinear, "cubic": .cubic])
    let coordinateMode: (mode: Resize2D.Coordinates, isSymmetric: Bool) = try node.attributes.choice(
      "coordinate_transformation_mode", default: "half_pixel",
      [
        "half_pixel": (.halfPixel, false), "half_pixel_symmetric": (.halfPixel, true),
        "asymmetric": (.asymmetric, false), "align_corners": (.alignCorners, false),
        "pytorch_half_pixel": (.pytorchHalfPixel, false), "tf_half_pixel_for_nn": (.halfPixelForNearest, false),
      ])
    let rounding: Resize2D.NearestRounding = try node.attributes.choice(
      "nearest_mode", default: "round_prefer_floor",
      ["round_prefer_floor": .halfDown, "round_prefer_ceil": .halfUp, "floor": .floor, "ceil": .ceiling])
    let coefficient = try node.attributes.float("cubic_coeff_a", default: -0.75)
    let excludesOutside = try node.attributes.bool("exclude_outside", default: false)
    guard !excludesOutside || interpolation == .nearest else {
      throw ModelError(.unsupported, "weights outside the map set to zero", context: [.attribute("exclude_outside")])
    }
    // Used by tf_crop_and_resize alone, which is refused above.
    node.attributes.ignore("extrapolation_value")
    if node.version >= 18 {
      guard try !node.attributes.bool("antialias", default: false) || interpolation == .nearest else {
        throw ModelError(.unsupported, "antialiasing", context: [.attribute("antialias")])
      }
      let policy = try node.attributes.string("keep_aspect_ratio_policy") ?? "stretch"
      guard policy == "stretch" || scales != nil else {
        throw ModelError(.unsupported, "\"\(policy)\"", context: [.attribute("keep_aspect_ratio_policy")])
      }
    }
    let (target, layout) = try target(node, try spread(node, request))
    if coordinateMode.isSymmetric { try requireWhole(target, layout, try node.dimensions(0)) }
    let op = Resize2D(
      target, interpolation: interpolation, coordinates: coordinateMode.mode, nearestRounding: rounding,
      cubicCoefficient: coefficient, layout: layout)
    try node.finish(.resize2D(op), [x])
  }

  /// The request for all axes, where from version 18 on it may be for listed ones only.
  private static func spread(_ node: NodeLowering, _ request: Request) throws(ModelError) -> Request {
    guard node.version >= 18, let stated = try node.attributes.ints("axes") else { return request }
    let dimensions = try node.dimensions(0)
    var axes: [Int] = []
    for axis in stated { axes.append(try node.axis(axis, rank: dimensions.count)) }
    switch request {
    case .scales(let values):
      guard values.count == axes.count else { throw ModelError(.malformed, "\(values.count) scales for axes \(axes)") }
      var scales = [Float](repeating: 1, count: dimensions.count)
      for (axis, value) in zip(axes, values) { scales[axis] = value }
      return .scales(scales)
    case .sizes(let values):
      guard values.count == axes.count else { throw ModelError(.malformed, "\(values.count) sizes for axes \(axes)") }
      // −1 marks an axis that stays as it is.
      var sizes = dimensions.map { $0.fixedValue ?? -1 }
      for axis in sizes.indices where !axes.contains(axis) { sizes[axis] = -1 }
      for (axis, value) in zip(axes, values) { sizes[axis] = value }
      return .sizes(sizes)
    }
  }

  /// Height and width of the request, and where they stand: the other two axes must stay as they are.
  private static func target(
    _ node: NodeLowering, _ request: Request
  ) throws(ModelError) -> (Resize2D.Target, Layout) {
    let dimensions = try node.dimensions(0)
    guard dimensions.count == 4 else {
      throw ModelError(.unsupported, "resizing a tensor with \(dimensions.count) axes")
    }
    let changes: [Bool]
    switch request {
    case .scales(let scales):
      guard scales.count == 4 else { throw ModelError(.malformed, "\(scales.count) scales for 4 axes") }
      changes = scales.map { $0 != 1 }
    case .sizes(let sizes):
      guard sizes.count == 4 else { throw ModelError(.malformed, "\(sizes.count) sizes for 4 axes") }
      changes = zip(sizes, dimensions).map { $0 != -1 && $1 != .fixed($0) }
    }
    let layout: Layout = changes[3] || !changes[1] ? .channelsFirst : .channelsLast
    guard !changes[0], !changes[layout.channelAxis] else {
      throw ModelError(.unsupported, "resizing along other axes than height and width")
    }
    switch request {
    case .scales(let scales):
      return (.scales(height: scales[layout.heightAxis], width: scales[layout.widthAxis]), layout)
    case .sizes(let sizes):
      func extent(_ axis: Int) throws(ModelError) -> Int {
        if sizes[axis] != -1 { return sizes[axis] }
        guard let extent = dimensions[axis].fixedValue else {
          throw ModelError(.unsupported, "resizing one axis of a map whose other one is open")
        }
        return extent
      }
      return (.size(height: try extent(layout.heightAxis), width: try extent(layout.widthAxis)), layout)
    }
  }

  /// half_pixel_symmetric is half_pixel as long as no output extent is cut to a whole number.
  private static func requireWhole(
    _ target: Resize2D.Target, _ layout: Layout, _ dimensions: [Dimension]
  ) throws(ModelError) {
    guard case .scales(let height, let width) = target else { return }
    for (axis, scale) in [(layout.heightAxis, height), (layout.widthAxis, width)] {
      if scale == scale.rounded() { continue }
      guard let extent = dimensions[axis].fixedValue, (Float(extent) * scale).rounded() == Float(extent) * scale else {
        throw ModelError(
          .unsupported, "half_pixel_symmetric with scale \(scale)",
          context: [.attribute("coordinate_transformation_mode")])
      }
    }
  }
}
