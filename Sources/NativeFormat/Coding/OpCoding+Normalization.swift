import ModelGraph

extension BatchNorm: FieldCoded {
  static var blank: BatchNorm { BatchNorm(epsilon: 0, axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("epsilon", &epsilon)
    try fields.code("axis", &axis)
    try fields.code("outputClamp", &outputClamp)
  }
}

extension LayerNorm: FieldCoded {
  static var blank: LayerNorm { LayerNorm(epsilon: 0, axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("epsilon", &epsilon)
    try fields.code("axis", &axis)
  }
}

extension Softmax: FieldCoded {
  static var blank: Softmax { Softmax(axis: 0) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("axis", &axis)
    try fields.code("beta", &beta)
    try fields.code("isLogarithm", &isLogarithm)
    try fields.code("coversTrailingAxes", &coversTrailingAxes)
  }
}
