import ModelGraph

extension Pad: FieldCoded {
  static var blank: Pad { Pad(before: [], after: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("before", &before)
    try fields.code("after", &after)
    try fields.code("mode", &mode)
  }
}

extension Pad.Mode: FieldCoded {
  static var blank: Pad.Mode { .edge }

  private var kind: String {
    switch self {
    case .constant: "constant"
    case .reflect: "reflect"
    case .symmetric: "symmetric"
    case .edge: "edge"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "constant":
      var value = if case .constant(let value) = self { value } else { Float(0) }
      try fields.code("value", &value)
      self = .constant(value)
    case "reflect": self = .reflect
    case "symmetric": self = .symmetric
    case "edge": self = .edge
    default: throw unknownKind(kind)
    }
  }
}

extension Concat: FieldCoded {
  static var blank: Concat { Concat(axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axis", &axis)
    try fields.code("outputClamp", &outputClamp)
  }
}

extension Split: FieldCoded {
  static var blank: Split { Split(axis: 0, extents: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axis", &axis)
    try fields.code("extents", &extents)
  }
}

extension Slice: FieldCoded {
  static var blank: ModelGraph.Slice { Self(axes: [], starts: [], ends: [], steps: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axes", &axes)
    try fields.code("starts", &starts)
    try fields.code("ends", &ends)
    try fields.code("steps", &steps)
  }
}

extension Gather: FieldCoded {
  static var blank: Gather { Gather(axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axis", &axis)
  }
}

extension SpaceToDepth: FieldCoded {
  static var blank: SpaceToDepth { SpaceToDepth(blockSize: 1) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("blockSize", &blockSize)
    try fields.code("layout", &layout)
  }
}

extension DepthToSpace.Order: JSONCoded {}

extension DepthToSpace: FieldCoded {
  static var blank: DepthToSpace { DepthToSpace(blockSize: 1) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("blockSize", &blockSize)
    try fields.code("order", &order)
    try fields.code("layout", &layout)
  }
}

extension Resize2D.Interpolation: JSONCoded {}
extension Resize2D.Coordinates: JSONCoded {}
extension Resize2D.NearestRounding: JSONCoded {}

extension Resize2D.Target: FieldCoded {
  static var blank: Resize2D.Target { .size(height: 1, width: 1) }

  private var kind: String {
    switch self {
    case .size: "size"
    case .scales: "scales"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "size":
      var (height, width) = if case .size(let height, let width) = self { (height, width) } else { (1, 1) }
      try fields.code("height", &height)
      try fields.code("width", &width)
      self = .size(height: height, width: width)
    case "scales":
      var (height, width) =
        if case .scales(let height, let width) = self { (height, width) } else { (Float(1), Float(1)) }
      try fields.code("height", &height)
      try fields.code("width", &width)
      self = .scales(height: height, width: width)
    default: throw unknownKind(kind)
    }
  }
}

extension Resize2D: FieldCoded {
  static var blank: Resize2D { Resize2D(.blank, interpolation: .nearest, coordinates: .halfPixel) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("target", &target)
    try fields.code("interpolation", &interpolation)
    try fields.code("coordinates", &coordinates)
    try fields.code("nearestRounding", &nearestRounding)
    try fields.code("cubicCoefficient", &cubicCoefficient)
    try fields.code("layout", &layout)
  }
}
