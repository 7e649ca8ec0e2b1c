/// A dimension computed from symbols: what becomes of `H` behind a stride, a padding, a flattening.
public indirect enum DimensionExpression: Hashable, Sendable {
  case constant(Int)
  case symbol(String)
  case sum(DimensionExpression, Int)
  case product(DimensionExpression, Int)
  /// ⌊expression / divisor⌋, the divisor positive.
  case floorQuotient(DimensionExpression, Int)
  /// ⌈expression / divisor⌉, the divisor positive.
  case ceilingQuotient(DimensionExpression, Int)
  case sumOf(DimensionExpression, DimensionExpression)
  case productOf(DimensionExpression, DimensionExpression)

  /// The value when every symbol in it is bound; nil when one is not, or on overflow.
  public func evaluated(_ bindings: [String: Int]) -> Int? {
    switch self {
    case .constant(let value): return value
    case .symbol(let name): return bindings[name]
    case .sum(let expression, let addend):
      guard let value = expression.evaluated(bindings) else { return nil }
      return Self.checked(value.addingReportingOverflow(addend))
    case .product(let expression, let factor):
      guard let value = expression.evaluated(bindings) else { return nil }
      return Self.checked(value.multipliedReportingOverflow(by: factor))
    case .floorQuotient(let expression, let divisor):
      guard let value = expression.evaluated(bindings), divisor > 0 else { return nil }
      return Self.floorDivide(value, divisor)
    case .ceilingQuotient(let expression, let divisor):
      guard let value = expression.evaluated(bindings), divisor > 0, value > Int.min else { return nil }
      return -Self.floorDivide(-value, divisor)
    case .sumOf(let left, let right):
      guard let a = left.evaluated(bindings), let b = right.evaluated(bindings) else { return nil }
      return Self.checked(a.addingReportingOverflow(b))
    case .productOf(let left, let right):
      guard let a = left.evaluated(bindings), let b = right.evaluated(bindings) else { return nil }
      return Self.checked(a.multipliedReportingOverflow(by: b))
    }
  }

  /// Every symbol that occurs in it.
  public var symbols: Set<String> {
    switch self {
    case .constant: []
    case .symbol(let name): [name]
    case .sum(let inner, _), .product(let inner, _), .floorQuotient(let inner, _), .ceilingQuotient(let inner, _):
      inner.symbols
    case .sumOf(let left, let right), .productOf(let left, let right): left.symbols.union(right.symbols)
    }
  }

  /// ⌊dividend / divisor⌋ for a positive divisor; Swift's `/` rounds towards zero.
  static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }

  private static func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }
}

extension DimensionExpression: CustomStringConvertible {
  public var description: String {
    switch self {
    case .constant(let value): "\(value)"
    case .symbol(let name): name
    case .sum(let inner, let addend): addend < 0 ? "\(inner)-\(addend.magnitude)" : "\(inner)+\(addend)"
    case .product(let inner, let factor): "\(factor)*(\(inner))"
    case .floorQuotient(let inner, let divisor): "⌊(\(inner))/\(divisor)⌋"
    case .ceilingQuotient(let inner, let divisor): "⌈(\(inner))/\(divisor)⌉"
    case .sumOf(let left, let right): "(\(left))+(\(right))"
    case .productOf(let left, let right): "(\(left))*(\(right))"
    }
  }
}
