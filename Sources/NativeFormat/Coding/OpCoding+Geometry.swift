import ModelGraph

extension Layout: JSONCoded {}
extension FilterLayout: JSONCoded {}
extension Padding2D.SamePlacement: JSONCoded {}

extension Size2D: FieldCoded {
  static var blank: Size2D { Size2D(1) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("height", &height)
    try fields.code("width", &width)
  }
}

extension EdgeInsets: FieldCoded {
  static var blank: EdgeInsets { .zero }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("bottom", &bottom)
    try fields.code("left", &left)
    try fields.code("right", &right)
    try fields.code("top", &top)
  }
}

extension ClampRange: FieldCoded {
  static var blank: ClampRange { .unbounded }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("lower", &lower)
    try fields.code("upper", &upper)
  }
}

extension Padding2D: FieldCoded {
  static var blank: Padding2D { .valid }

  private var kind: String {
    switch self {
    case .explicit: "explicit"
    case .same: "same"
    case .valid: "valid"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "explicit":
      var insets = if case .explicit(let insets) = self { insets } else { EdgeInsets.zero }
      try fields.code("insets", &insets)
      self = .explicit(insets)
    case "same":
      var placement = if case .same(let placement) = self { placement } else { SamePlacement.upper }
      try fields.code("placement", &placement)
      self = .same(placement)
    case "valid": self = .valid
    default: throw unknownKind(kind)
    }
  }
}
