import FormatSupport
import ModelGraph

extension Dimension: JSONCoded {
  /// An extent is an integer, a symbol a string, an unknown extent null, an expression an array in postfix order.
  func encode(to json: inout JSONWriter) throws(ModelError) {
    switch self {
    case .fixed(let extent): json.write(Int64(extent))
    case .symbolic(let name): json.write(name)
    case .unknown: json.write(.null)
    case .derived(let expression): json.write(.array(expression.steps.map(\.token)))
    }
  }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Dimension {
    if value.integer != nil {
      let extent = try Int.decoded(value)
      guard extent >= 0 else { throw ModelError(.malformed, "an extent of \(extent)") }
      return .fixed(extent)
    }
    if let name = value.stringValue { return .symbolic(name) }
    if value.isNull { return .unknown }
    guard value.isArray else { throw unexpected("a dimension", value) }
    return .derived(try DimensionExpression(postfix: value))
  }
}

extension DimensionExpression {
  /// - Throws: `.malformed`; what is longer than ``longest`` before any of it is looked at.
  fileprivate init(postfix tokens: JSONElement) throws(ModelError) {
    guard tokens.count <= Self.longest else {
      throw ModelError(.malformed, "a dimension computed in \(tokens.count) steps")
    }
    var steps: [Step] = []
    try tokens.forEachElement { (token) throws(ModelError) in steps.append(try Step(token)) }
    try self.init(steps: steps)
  }
}

extension DimensionExpression.Step {
  /// Integers and symbols stand for themselves, `{"sum": 2}` changes what stands before it, `{"sumOf": null}` joins the
  /// two expressions before it.
  fileprivate var token: JSONValue {
    switch self {
    case .constant(let value): .integer(Int64(value))
    case .symbol(let name): .string(name)
    case .sum(let addend): .object(["sum": .integer(Int64(addend))])
    case .product(let factor): .object(["product": .integer(Int64(factor))])
    case .floorQuotient(let divisor): .object(["floorQuotient": .integer(Int64(divisor))])
    case .ceilingQuotient(let divisor): .object(["ceilingQuotient": .integer(Int64(divisor))])
    case .sumOf: .object(["sumOf": .null])
    case .productOf: .object(["productOf": .null])
    }
  }

  fileprivate init(_ token: JSONElement) throws(ModelError) {
    if token.integer != nil {
      self = .constant(try Int.decoded(token))
    } else if let name = token.stringValue {
      self = .symbol(name)
    } else if token.isObject {
      guard token.count == 1 else {
        throw ModelError(.malformed, "a step of a dimension has \(token.count) fields")
      }
      var step: Self?
      try token.forEachMember { (name, operand) throws(ModelError) in step = try Self.named(name, operand) }
      guard let step else { throw unexpected("a step of a dimension", token) }
      self = step
    } else {
      throw unexpected("a step of a dimension", token)
    }
  }

  private static func named(_ name: String, _ operand: JSONElement) throws(ModelError) -> Self {
    switch name {
    case "sum": return .sum(try Int.decoded(operand))
    case "product": return .product(try Int.decoded(operand))
    case "floorQuotient": return .floorQuotient(try Int.decoded(operand))
    case "ceilingQuotient": return .ceilingQuotient(try Int.decoded(operand))
    case "sumOf", "productOf":
      guard operand.isNull else { throw unexpected("null", operand) }
      return name == "sumOf" ? .sumOf : .productOf
    default: throw unknownKind(name)
    }
  }
}
