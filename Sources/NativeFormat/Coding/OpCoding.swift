package import FormatSupport
package import ModelGraph

extension Op {
  /// One value of each case, for reading to begin with.
  package static let blanks: [String: Op] = {
    let all: [Op] = [
      .conv2D(.blank), .convTranspose2D(.blank), .fullyConnected(.blank), .matMul(.blank), .batchNorm(.blank),
      .layerNorm(.blank), .clamp(.blank), .unary(.blank), .prelu(.blank), .binary(.blank), .pool2D(.blank),
      .globalPool(.blank), .reduce(.blank), .softmax(.blank), .pad(.blank), .reshape(.blank), .flatten(.blank),
      .squeeze(.blank), .unsqueeze(.blank), .transpose(.blank), .concat(.blank), .split(.blank), .slice(.blank),
      .gather(.blank), .resize2D(.blank), .spaceToDepth(.blank), .depthToSpace(.blank), .cast(.blank),
      .quantize(.blank), .dequantize(.blank), .reinterpret(.blank), .dynamicQuantize(.blank), .integerConv2D(.blank),
      .integerMatMul(.blank), .shapeOf(.blank), .constantOfShape(.blank), .expand(.blank), .tile(.blank),
      .argExtremum(.blank), .select(.blank), .identity(.blank), .opaque(.blank),
    ]
    return all.reduce(into: [:]) { $0[$1.name] = $1 }
  }()

  /// Writes the attributes; the name of the operator is written beside them.
  package func encodeAttributes(to json: inout JSONWriter) throws(ModelError) {
    // An operator that could be written and never read again is refused here.
    guard Op.blanks[name] != nil else {
      throw ModelError(.internalFault, "the native format does not know the operator '\(name)'")
    }
    try FieldCoder.write(to: &json) { (fields) throws(ModelError) in _ = try coded(&fields) }
  }

  /// - Throws: `.unsupported` for an unknown operator or attribute; `.malformed` for a missing or wrong one.
  package static func decoded(name: String, attributes: JSONElement) throws(ModelError) -> Op {
    guard let blank = blanks[name] else { throw ModelError(.unsupported, "unknown operator '\(name)'") }
    guard attributes.isObject else { throw unexpected("an object", attributes) }
    var fields = FieldCoder(reading: attributes)
    let op = try blank.coded(&fields)
    try fields.requireAllRead()
    return op
  }

  /// The operator with the attributes written to, or read from, `fields`.
  private func coded(_ fields: inout FieldCoder) throws(ModelError) -> Op {
    func coded<Payload: FieldCoded>(_ payload: Payload) throws(ModelError) -> Payload {
      var copy = payload
      try copy.code(&fields)
      return copy
    }
    return switch self {
    case .conv2D(let payload): .conv2D(try coded(payload))
    case .convTranspose2D(let payload): .convTranspose2D(try coded(payload))
    case .fullyConnected(let payload): .fullyConnected(try coded(payload))
    case .matMul(let payload): .matMul(try coded(payload))
    case .batchNorm(let payload): .batchNorm(try coded(payload))
    case .layerNorm(let payload): .layerNorm(try coded(payload))
    case .clamp(let payload): .clamp(try coded(payload))
    case .unary(let payload): .unary(try coded(payload))
    case .prelu(let payload): .prelu(try coded(payload))
    case .binary(let payload): .binary(try coded(payload))
    case .pool2D(let payload): .pool2D(try coded(payload))
    case .globalPool(let payload): .globalPool(try coded(payload))
    case .reduce(let payload): .reduce(try coded(payload))
    case .softmax(let payload): .softmax(try coded(payload))
    case .pad(let payload): .pad(try coded(payload))
    case .reshape(let payload): .reshape(try coded(payload))
    case .flatten(let payload): .flatten(try coded(payload))
    case .squeeze(let payload): .squeeze(try coded(payload))
    case .unsqueeze(let payload): .unsqueeze(try coded(payload))
    case .transpose(let payload): .transpose(try coded(payload))
    case .concat(let payload): .concat(try coded(payload))
    case .split(let payload): .split(try coded(payload))
    case .slice(let payload): .slice(try coded(payload))
    case .gather(let payload): .gather(try coded(payload))
    case .resize2D(let payload): .resize2D(try coded(payload))
    case .spaceToDepth(let payload): .spaceToDepth(try coded(payload))
    case .depthToSpace(let payload): .depthToSpace(try coded(payload))
    case .cast(let payload): .cast(try coded(payload))
    case .quantize(let payload): .quantize(try coded(payload))
    case .dequantize(let payload): .dequantize(try coded(payload))
    case .reinterpret(let payload): .reinterpret(try coded(payload))
    case .dynamicQuantize(let payload): .dynamicQuantize(try coded(payload))
    case .integerConv2D(let payload): .integerConv2D(try coded(payload))
    case .integerMatMul(let payload): .integerMatMul(try coded(payload))
    case .shapeOf(let payload): .shapeOf(try coded(payload))
    case .constantOfShape(let payload): .constantOfShape(try coded(payload))
    case .expand(let payload): .expand(try coded(payload))
    case .tile(let payload): .tile(try coded(payload))
    case .argExtremum(let payload): .argExtremum(try coded(payload))
    case .select(let payload): .select(try coded(payload))
    case .identity(let payload): .identity(try coded(payload))
    case .opaque(let payload): .opaque(try coded(payload))
    }
  }
}
