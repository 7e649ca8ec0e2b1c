import FormatSupport
import ModelGraph

extension JSONValue {
  static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

  static func count(_ value: Int?) -> JSONValue { value.map { .count($0) } ?? .null }

  /// Fixed extents are numbers, symbolic and derived ones strings, unknown ones null; an unknown rank is null.
  init(_ shape: Shape) {
    guard let dimensions = shape.dimensions else {
      self = .null
      return
    }
    self = .array(
      dimensions.map { dimension in
        switch dimension {
        case .fixed(let extent): .count(extent)
        case .symbolic, .derived: .string(dimension.description)
        case .unknown: .null
        }
      })
  }

  init(_ node: SourceNode) {
    self = .object([
      "index": .count(node.index), "name": .string(node.name), "operator": .string(node.operatorName),
    ])
  }

  init(_ finding: Finding) {
    self = .object([
      "code": .string(finding.code), "fix": finding.fix.map { .string($0) } ?? .null,
      "message": .string(finding.message), "nodes": .array(finding.nodes.map { JSONValue($0) }),
      "severity": .string(finding.severity.rawValue),
    ])
  }

  init(type: TensorType, name: String? = nil) {
    var members: [String: JSONValue] = [
      "elementType": .string(type.elementType.name), "shape": JSONValue(type.shape),
    ]
    if let name { members["name"] = .string(name) }
    if let quantization = type.quantization { members["quantization"] = JSONValue(quantization) }
    self = .object(members)
  }

  init(_ quantization: Quantization) {
    self = .object([
      "axis": .count(quantization.axis), "scales": .array(quantization.scales.map { .real($0) }),
      "zeroPoints": .array(quantization.zeroPoints.map { .integer(Int64($0)) }),
    ])
  }
}
