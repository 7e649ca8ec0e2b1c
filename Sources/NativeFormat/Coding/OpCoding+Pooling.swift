import ModelGraph

extension Pool2D.Kind: JSONCoded {}

extension Pool2D: FieldCoded {
  static var blank: Pool2D { Pool2D(.average, kernel: .one, strides: .one) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("kind", &kind)
    try fields.code("kernel", &kernel)
    try fields.code("strides", &strides)
    try fields.code("dilation", &dilation)
    try fields.code("padding", &padding)
    try fields.code("countsPadding", &countsPadding)
    try fields.code("roundsUp", &roundsUp)
    try fields.code("layout", &layout)
    try fields.code("outputClamp", &outputClamp)
  }
}

extension GlobalPool: FieldCoded {
  static var blank: GlobalPool { GlobalPool(.average, keepsAxes: false) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("kind", &kind)
    try fields.code("keepsAxes", &keepsAxes)
    try fields.code("layout", &layout)
  }
}

extension Reduce.Function: JSONCoded {}

extension Reduce: FieldCoded {
  static var blank: Reduce { Reduce(.mean, axes: [], keepsAxes: false) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("function", &function)
    try fields.code("axes", &axes)
    try fields.code("keepsAxes", &keepsAxes)
  }
}

extension ArgExtremum.Kind: JSONCoded {}

extension ArgExtremum: FieldCoded {
  static var blank: ArgExtremum { ArgExtremum(.maximum, axis: 0, keepsAxis: false) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("kind", &kind)
    try fields.code("axis", &axis)
    try fields.code("keepsAxis", &keepsAxis)
    try fields.code("takesLast", &takesLast)
    try fields.code("elementType", &elementType)
  }
}
