extension DimensionExpression {
  /// One step of an expression in postfix order.
  public enum Step: Hashable, Sendable {
    case constant(Int)
    case symbol(String)
    /// What stands before it, and this much.
    case sum(Int)
    /// What stands before it, this many times.
    case product(Int)
    /// ⌊what stands before it / divisor⌋, the divisor positive.
    case floorQuotient(Int)
    /// ⌈what stands before it / divisor⌉, the divisor positive.
    case ceilingQuotient(Int)
    /// The sum of the two expressions before it.
    case sumOf
    /// The product of the two expressions before it.
    case productOf

    /// How many of the expressions before it the step takes.
    var operandCount: Int {
      switch self {
      case .constant, .symbol: 0
      case .sum, .product, .floorQuotient, .ceilingQuotient: 1
      case .sumOf, .productOf: 2
      }
    }
  }

  /// The expression in postfix order, ``size`` steps.
  public var steps: [Step] {
    var backwards: [Step] = []
    backwards.reserveCapacity(size)
    var open = [self]
    while let expression = open.popLast() {
      backwards.append(expression.last)
      if let left = expression.left { open.append(left) }
      if let right = expression.right { open.append(right) }
    }
    return backwards.reversed()
  }

  /// The expression that ``steps`` writes.
  ///
  /// - Throws: `.malformed` when the steps are no expression, or one longer than ``longest``.
  public init(steps: [Step]) throws(ModelError) {
    guard steps.count <= Self.longest else {
      throw ModelError(.malformed, "a dimension computed in \(steps.count) steps")
    }
    var open: [DimensionExpression] = []
    for step in steps {
      if case .floorQuotient(let divisor) = step, divisor <= 0 { throw Self.divided(by: divisor) }
      if case .ceilingQuotient(let divisor) = step, divisor <= 0 { throw Self.divided(by: divisor) }
      let right = step.operandCount > 1 ? open.popLast() : nil
      let left = step.operandCount > 0 ? open.popLast() : nil
      guard let expression = DimensionExpression(step, left, right) else {
        throw ModelError(.malformed, "a dimension begins with a step")
      }
      open.append(expression)
    }
    guard let result = open.popLast(), open.isEmpty else {
      throw ModelError(.malformed, "a dimension is not one expression")
    }
    self = result
  }

  private static func divided(by divisor: Int) -> ModelError {
    ModelError(.malformed, "a dimension divided by \(divisor)")
  }
}
