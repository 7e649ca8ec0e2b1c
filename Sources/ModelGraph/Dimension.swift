/// The extent of one axis.
public enum Dimension: Hashable, Sendable {
  case fixed(Int)
  /// An extent that the caller chooses, under the name the file gives it.
  case symbolic(String)
  /// An extent that follows from symbolic ones, as long as the way there is no longer than ``DimensionExpression/longest``.
  case derived(DimensionExpression)
  /// An extent that nothing, or too much, is said of.
  case unknown

  public var fixedValue: Int? {
    if case .fixed(let value) = self { value } else { nil }
  }

  /// The same extent as an expression; nil when nothing is known.
  var expression: DimensionExpression? {
    switch self {
    case .fixed(let value): .constant(value)
    case .symbolic(let name): .symbol(name)
    case .derived(let expression): expression
    case .unknown: nil
    }
  }

  /// The simplest dimension of an expression.
  init(_ expression: DimensionExpression) {
    switch expression.last {
    case .constant(let value): self = .fixed(value)
    case .symbol(let name): self = .symbolic(name)
    default: self = .derived(expression)
    }
  }

  /// The extent once the symbols are bound; what stays open is returned as it is.
  public func bound(_ bindings: [String: Int]) -> Dimension {
    guard let value = expression?.evaluated(bindings) else { return self }
    return .fixed(value)
  }

  public func adding(_ addend: Int) -> Dimension {
    if addend == 0 { return self }
    if case .derived(let sum) = self, case .sum(let earlier) = sum.last, let inner = sum.left {
      // Paddings and kernels cancel: H + 2 − 3 + 1 is H again, so that the two sides of a residual addition agree.
      let (total, overflow) = earlier.addingReportingOverflow(addend)
      if !overflow { return total == 0 ? Dimension(inner) : Self.derived(.sum(total), inner) }
    }
    return map({ $0.addingReportingOverflow(addend) }, .sum(addend))
  }

  public func multiplied(by factor: Int) -> Dimension {
    if factor == 1 { return self }
    return map({ $0.multipliedReportingOverflow(by: factor) }, .product(factor))
  }

  /// ⌊self / divisor⌋; unknown for a divisor that is not positive.
  public func dividedRoundingDown(by divisor: Int) -> Dimension {
    if divisor == 1 { return self }
    guard divisor > 0 else { return .unknown }
    return map({ (DimensionExpression.floorDivide($0, divisor), false) }, .floorQuotient(divisor))
  }

  /// ⌈self / divisor⌉; unknown for a divisor that is not positive.
  public func dividedRoundingUp(by divisor: Int) -> Dimension {
    if divisor == 1 { return self }
    guard divisor > 0 else { return .unknown }
    return map(
      { $0 == .min ? (0, true) : (-DimensionExpression.floorDivide(-$0, divisor), false) }, .ceilingQuotient(divisor))
  }

  public func adding(_ other: Dimension) -> Dimension {
    if let value = other.fixedValue { return adding(value) }
    if let value = fixedValue { return other.adding(value) }
    guard let left = expression, let right = other.expression else { return .unknown }
    // What is doubled again and again, as by Concat(t, t), grows by a step each time.
    return left == right ? multiplied(by: 2) : Self.derived(.sumOf, left, right)
  }

  public func multiplied(by other: Dimension) -> Dimension {
    if let value = other.fixedValue { return multiplied(by: value) }
    if let value = fixedValue { return other.multiplied(by: value) }
    guard let left = expression, let right = other.expression else { return .unknown }
    return Self.derived(.productOf, left, right)
  }

  /// Whether both can be the same extent: fixed ones must be equal, anything open may be.
  public func isCompatible(with other: Dimension) -> Bool {
    guard let a = fixedValue, let b = other.fixedValue else { return true }
    return a == b
  }

  private func map(
    _ compute: (Int) -> (partialValue: Int, overflow: Bool), _ step: DimensionExpression.Step
  ) -> Dimension {
    guard let expression else { return .unknown }
    if case .constant(let value) = expression.last {
      let result = compute(value)
      return result.overflow ? .unknown : .fixed(result.partialValue)
    }
    return Self.derived(step, expression)
  }

  /// The dimension that a step gives; unknown where the expression would pass its bound.
  private static func derived(
    _ step: DimensionExpression.Step, _ left: DimensionExpression, _ right: DimensionExpression? = nil
  ) -> Dimension {
    DimensionExpression(step, left, right).map(Dimension.derived) ?? .unknown
  }
}

extension Dimension: CustomStringConvertible, ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .fixed(value) }

  public var description: String { expression?.description ?? "?" }
}
