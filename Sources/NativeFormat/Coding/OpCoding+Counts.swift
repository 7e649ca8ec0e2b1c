import ModelGraph

extension Quantize: FieldCoded {
  static var blank: Quantize { Quantize(to: .int8, .blank, roundsHalfToEven: false) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("elementType", &elementType)
    try fields.code("quantization", &quantization)
    try fields.code("roundsHalfToEven", &roundsHalfToEven)
  }
}

extension Dequantize: FieldCoded {
  static var blank: Dequantize { Dequantize() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension Reinterpret: FieldCoded {
  static var blank: Reinterpret { Reinterpret(as: nil) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("quantization", &quantization)
  }
}

extension DynamicQuantize: FieldCoded {
  static var blank: DynamicQuantize { DynamicQuantize() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}

extension IntegerConv2D: FieldCoded {
  static var blank: IntegerConv2D { IntegerConv2D() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("convolution", &convolution)
  }
}

extension IntegerMatMul: FieldCoded {
  static var blank: IntegerMatMul { IntegerMatMul() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {}
}
