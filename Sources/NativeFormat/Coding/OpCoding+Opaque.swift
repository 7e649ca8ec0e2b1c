import ModelGraph

extension OpaqueOp: FieldCoded {
  static var blank: OpaqueOp {
    OpaqueOp(domain: "", operatorName: "", version: nil, statedOutputTypes: [], reason: "")
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("domain", &domain)
    try fields.code("operatorName", &operatorName)
    try fields.code("version", &version)
    try fields.code("attributes", &attributes)
    try fields.code("statedOutputTypes", &statedOutputTypes)
    try fields.code("reason", &reason)
    try fields.code("parameterInputs", &parameterInputs)
  }
}

extension OpaqueOp.Attribute: FieldCoded {
  static var blank: OpaqueOp.Attribute { .integer(0) }

  private var kind: String {
    switch self {
    case .integer: "integer"
    case .float: "float"
    case .string: "string"
    case .integers: "integers"
    case .floats: "floats"
    case .strings: "strings"
    case .description: "description"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "integer":
      var value = if case .integer(let value) = self { value } else { Int64(0) }
      try fields.code("value", &value)
      self = .integer(value)
    case "float":
      var value = if case .float(let value) = self { value } else { 0.0 }
      try fields.code("value", &value)
      self = .float(value)
    case "string":
      var value = if case .string(let value) = self { value } else { "" }
      try fields.code("value", &value)
      self = .string(value)
    case "integers":
      var value = if case .integers(let value) = self { value } else { [Int64]() }
      try fields.code("value", &value)
      self = .integers(value)
    case "floats":
      var value = if case .floats(let value) = self { value } else { [Double]() }
      try fields.code("value", &value)
      self = .floats(value)
    case "strings":
      var value = if case .strings(let value) = self { value } else { [String]() }
      try fields.code("value", &value)
      self = .strings(value)
    case "description":
      var value = if case .description(let value) = self { value } else { "" }
      try fields.code("value", &value)
      self = .description(value)
    default: throw unknownKind(kind)
    }
  }
}
