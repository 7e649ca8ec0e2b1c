import FormatSupport
import ModelGraph

extension ElementType: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(name) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> ElementType {
    guard let name = value.stringValue else { throw unexpected("a string", value) }
    guard let type = ElementType(name: name) else { throw ModelError(.unsupported, "unknown element type '\(name)'") }
    return type
  }
}

extension Scalar: FieldCoded {
  static var blank: Scalar { .integer(0) }

  private var kind: String {
    switch self {
    case .floating: "floating"
    case .integer: "integer"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "floating":
      var value = if case .floating(let value) = self { value } else { 0.0 }
      try fields.code("value", &value)
      self = .floating(value)
    case "integer":
      var value = if case .integer(let value) = self { value } else { Int64(0) }
      try fields.code("value", &value)
      self = .integer(value)
    default: throw unknownKind(kind)
    }
  }
}

extension Shape: JSONCoded {
  /// An array of dimensions; null where not even the rank is known.
  func encode(to json: inout JSONWriter) throws(ModelError) { try dimensions.encode(to: &json) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Shape {
    guard let dimensions = try [Dimension]?.decoded(value) else { return .unranked }
    guard dimensions.count <= Limits.standard.tensorRank else {
      throw ModelError(.malformed, "\(dimensions.count) dimensions")
    }
    return .ranked(dimensions)
  }
}

extension TensorType: FieldCoded {
  static var blank: TensorType { TensorType(.float32, .unranked) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("elementType", &elementType)
    try fields.code("quantization", &quantization)
    try fields.code("shape", &shape)
    if let quantization { try quantization.expectFits(shape) }
  }
}

extension Quantization: FieldCoded {
  static var blank: Quantization { .perTensor(scale: 1, zeroPoint: 0) }

  private var kind: String {
    switch self {
    case .perTensor: "perTensor"
    case .perAxis: "perAxis"
    case .blocked: "blocked"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    var scales = scales
    var zeroPoints = zeroPoints
    var axis = axis ?? 0
    switch kind {
    case "perTensor":
      try fields.code("scale", &scales[0])
      try fields.code("zeroPoint", &zeroPoints[0])
      self = .perTensor(scale: scales[0], zeroPoint: zeroPoints[0])
    case "perAxis":
      try fields.code("axis", &axis)
      try fields.code("scales", &scales)
      try fields.code("zeroPoints", &zeroPoints)
      self = .perAxis(axis: axis, scales: scales, zeroPoints: zeroPoints)
    case "blocked":
      var blockSize = if case .blocked(_, let size, _, _) = self { size } else { 1 }
      try fields.code("axis", &axis)
      try fields.code("blockSize", &blockSize)
      try fields.code("scales", &scales)
      try fields.code("zeroPoints", &zeroPoints)
      self = .blocked(axis: axis, blockSize: blockSize, scales: scales, zeroPoints: zeroPoints)
    default: throw unknownKind(kind)
    }
  }

  /// - Throws: `.malformed` where the axis or the number of parameters does not fit the shape.
  fileprivate func expectFits(_ shape: Shape) throws(ModelError) {
    guard scales.count == zeroPoints.count else {
      throw ModelError(.malformed, "\(scales.count) scales, \(zeroPoints.count) zero points")
    }
    guard let axis else { return }
    guard axis >= 0 else { throw ModelError(.malformed, "quantized along axis \(axis)") }
    if case .blocked(_, let blockSize, _, _) = self, blockSize < 1 {
      throw ModelError(.malformed, "quantized in blocks of \(blockSize)")
    }
    guard let dimensions = shape.dimensions else { return }
    guard axis < dimensions.count else { throw ModelError(.malformed, "quantized along axis \(axis) of \(shape)") }
    if case .perAxis = self, let extent = dimensions[axis].fixedValue, extent != scales.count {
      throw ModelError(.malformed, "\(scales.count) scales for axis \(axis) of \(shape)")
    }
  }
}

extension Signature: FieldCoded {
  static var blank: Signature { Signature(name: "", graph: 0, inputs: [:], outputs: [:]) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("name", &name)
    try fields.code("graph", &graph)
    try fields.code("inputs", &inputs)
    try fields.code("outputs", &outputs)
  }
}

extension SourceNode: FieldCoded {
  static var blank: SourceNode { SourceNode(name: "", operatorName: "") }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("index", &index)
    try fields.code("name", &name)
    try fields.code("operator", &operatorName)
  }
}

extension ValueOrigin: FieldCoded {
  static var blank: ValueOrigin { ValueOrigin(name: "") }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("name", &name)
    try fields.code("permutation", &permutation)
    try expectPermutation(permutation)
  }
}

/// - Throws: `.malformed` where the list does not name each axis once.
func expectPermutation(_ permutation: [Int]?) throws(ModelError) {
  guard let permutation else { return }
  guard permutation.sorted() == Array(permutation.indices) else {
    throw ModelError(.malformed, "\(permutation) is no permutation of axes")
  }
}

extension Finding: FieldCoded {
  static var blank: Finding { Finding(.note, code: "", "") }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("severity", &severity)
    try fields.code("code", &code)
    try fields.code("message", &message)
    try fields.code("nodes", &nodes)
    try fields.code("fix", &fix)
  }
}

extension Finding.Severity: JSONCoded {}

extension QuantizedArithmetic: JSONCoded {}
