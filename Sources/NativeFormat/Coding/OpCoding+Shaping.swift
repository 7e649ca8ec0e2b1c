import FormatSupport
import ModelGraph

extension Reshape: FieldCoded {
  static var blank: Reshape { Reshape(nil) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("target", &target)
  }
}

extension Reshape.Extent: FieldCoded {
  static var blank: Reshape.Extent { .inferred }

  private var kind: String {
    switch self {
    case .fixed: "fixed"
    case .copied: "copied"
    case .inferred: "inferred"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "fixed":
      var extent = if case .fixed(let extent) = self { extent } else { 0 }
      try fields.code("extent", &extent)
      self = .fixed(extent)
    case "copied":
      var axis = if case .copied(let axis) = self { axis } else { 0 }
      try fields.code("axis", &axis)
      self = .copied(axis)
    case "inferred": self = .inferred
    default: throw unknownKind(kind)
    }
  }
}

extension Flatten: FieldCoded {
  static var blank: Flatten { Flatten(axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axis", &axis)
  }
}

extension Squeeze: FieldCoded {
  static var blank: Squeeze { Squeeze(axes: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axes", &axes)
  }
}

extension Unsqueeze: FieldCoded {
  static var blank: Unsqueeze { Unsqueeze(axes: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axes", &axes)
  }
}

extension Transpose: FieldCoded {
  static var blank: Transpose { Transpose([]) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("permutation", &permutation)
  }
}

extension Expand: FieldCoded {
  static var blank: Expand { Expand() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension Tile: FieldCoded {
  static var blank: Tile { Tile([]) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("repeats", &repeats)
  }
}

extension ShapeOf: FieldCoded {
  static var blank: ShapeOf { ShapeOf() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("elementType", &elementType)
    try fields.code("start", &start)
    try fields.code("end", &end)
  }
}

extension ConstantOfShape: FieldCoded {
  static var blank: ConstantOfShape { ConstantOfShape(.integer(0), elementType: .float32) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("value", &value)
    try fields.code("elementType", &elementType)
  }
}
