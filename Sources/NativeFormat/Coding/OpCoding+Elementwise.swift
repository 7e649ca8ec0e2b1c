import ModelGraph

extension Clamp: FieldCoded {
  static var blank: Clamp { Clamp(.unbounded) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("range", &range)
  }
}

extension PReLU: FieldCoded {
  static var blank: PReLU { PReLU() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension Binary.Function: JSONCoded {}

extension Binary: FieldCoded {
  static var blank: Binary { Binary(.add) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("function", &function)
    try fields.code("outputClamp", &outputClamp)
  }
}

extension Select: FieldCoded {
  static var blank: Select { Select() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension Identity: FieldCoded {
  static var blank: Identity { Identity() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension Cast: FieldCoded {
  static var blank: Cast { Cast(to: .float32) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("elementType", &elementType)
  }
}
