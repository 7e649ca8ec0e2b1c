import ModelGraph

extension InputQuantization: JSONCoded {}

extension Conv2D: FieldCoded {
  static var blank: Conv2D { Conv2D() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("dilation", &dilation)
    try fields.code("filterLayout", &filterLayout)
    try fields.code("groups", &groups)
    try fields.code("inputQuantization", &inputQuantization)
    try fields.code("layout", &layout)
    try fields.code("outputClamp", &outputClamp)
    try fields.code("padding", &padding)
    try fields.code("strides", &strides)
  }
}

extension ConvTranspose2D: FieldCoded {
  static var blank: ConvTranspose2D { ConvTranspose2D() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("strides", &strides)
    try fields.code("dilation", &dilation)
    try fields.code("cropping", &cropping)
    try fields.code("outputPadding", &outputPadding)
    try fields.code("groups", &groups)
    try fields.code("layout", &layout)
    try fields.code("filterLayout", &filterLayout)
    try fields.code("outputClamp", &outputClamp)
  }
}

extension FullyConnected.WeightLayout: JSONCoded {}

extension FullyConnected: FieldCoded {
  static var blank: FullyConnected { FullyConnected() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("weightLayout", &weightLayout)
    try fields.code("keepsLeadingAxes", &keepsLeadingAxes)
    try fields.code("outputClamp", &outputClamp)
    try fields.code("inputQuantization", &inputQuantization)
  }
}

extension MatMul: FieldCoded {
  static var blank: MatMul { MatMul() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("transposesA", &transposesA)
    try fields.code("transposesB", &transposesB)
  }
}
