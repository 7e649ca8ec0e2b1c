import FormatSupport
import ModelGraph

extension Dimension: JSONCoded {
  /// An extent is an integer, a symbol a string, an unknown extent null, an expression an array in postfix order.
  func encode(to json: inout JSONWriter) throws(ModelError) {
    switch self {
    case .fixed(let extent): json.write(Int64(extent))
    case .symbolic(let name): json.write(name)
    case .unknown: json.write(.null)
    case .derived(let expression):
      var tokens: [JSONValue] = []
      expression.append(to: &tokens)
      guard tokens.count <= DimensionExpression.longest else {
        throw ModelError(.unsupported, "a dimension computed in \(tokens.count) steps")
      }
      json.write(.array(tokens))
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
  /// Tokens that one expression may have; it also bounds the depth that evaluating it descends to.
  fileprivate static let longest = 2_000

  private enum Step: String { case sum, product, floorQuotient, ceilingQuotient }
  private enum Join: String { case sumOf, productOf }

  /// Integers and symbols stand for themselves, `{"sum": 2}` changes what stands before it, `{"sumOf": null}` joins the
  /// two expressions before it.
  fileprivate func append(to tokens: inout [JSONValue]) {
    func step(_ inner: DimensionExpression, _ step: Step, _ operand: Int) {
      inner.append(to: &tokens)
      tokens.append(.object([step.rawValue: .integer(Int64(operand))]))
    }
    func join(_ left: DimensionExpression, _ right: DimensionExpression, _ join: Join) {
      left.append(to: &tokens)
      right.append(to: &tokens)
      tokens.append(.object([join.rawValue: .null]))
    }
    switch self {
    case .constant(let value): tokens.append(.integer(Int64(value)))
    case .symbol(let name): tokens.append(.string(name))
    case .sum(let inner, let addend): step(inner, .sum, addend)
    case .product(let inner, let factor): step(inner, .product, factor)
    case .floorQuotient(let inner, let divisor): step(inner, .floorQuotient, divisor)
    case .ceilingQuotient(let inner, let divisor): step(inner, .ceilingQuotient, divisor)
    case .sumOf(let left, let right): join(left, right, .sumOf)
    case .productOf(let left, let right): join(left, right, .productOf)
    }
  }

  fileprivate init(postfix tokens: JSONElement) throws(ModelError) {
    guard tokens.count <= Self.longest else {
      throw ModelError(.malformed, "a dimension computed in \(tokens.count) steps")
    }
    var stack: [DimensionExpression] = []
    try tokens.forEachElement { (token) throws(ModelError) in
      if token.integer != nil {
        stack.append(.constant(try Int.decoded(token)))
      } else if let name = token.stringValue {
        stack.append(.symbol(name))
      } else if token.isObject {
        guard token.count == 1 else {
          throw ModelError(.malformed, "a step of a dimension has \(token.count) fields")
        }
        try token.forEachMember { (name, operand) throws(ModelError) in try Self.apply(name, operand, to: &stack) }
      } else {
        throw unexpected("a step of a dimension", token)
      }
    }
    guard let result = stack.popLast(), stack.isEmpty else {
      throw ModelError(.malformed, "a dimension is not one expression")
    }
    self = result
  }

  private static func apply(
    _ name: String, _ operand: JSONElement, to stack: inout [DimensionExpression]
  ) throws(ModelError) {
    func pop() throws(ModelError) -> DimensionExpression {
      guard let top = stack.popLast() else { throw ModelError(.malformed, "a dimension begins with a step") }
      return top
    }
    if let join = Join(rawValue: name) {
      guard operand.isNull else { throw unexpected("null", operand) }
      let right = try pop()
      let left = try pop()
      stack.append(join == .sumOf ? .sumOf(left, right) : .productOf(left, right))
      return
    }
    guard let step = Step(rawValue: name) else { throw unknownKind(name) }
    let number = try Int.decoded(operand)
    let inner = try pop()
    switch step {
    case .sum: stack.append(.sum(inner, number))
    case .product: stack.append(.product(inner, number))
    case .floorQuotient, .ceilingQuotient:
      guard number > 0 else { throw ModelError(.malformed, "a dimension divided by \(number)") }
      stack.append(step == .floorQuotient ? .floorQuotient(inner, number) : .ceilingQuotient(inner, number))
    }
  }
}
