import Glibc
import ModelGraph

extension Evaluation {
  /// One function of two operands, broadcast; then the clamp.
  ///
  /// Real numbers: a maximum or minimum with NaN is NaN. Integers wrap around; a quotient is cut towards zero (`floorDivide`
  /// rounds down); a power with a negative exponent is the quotient 1 / aⁿ cut towards zero. Booleans are compared and combined.
  /// Source: the ONNX operators Add, Sub, Mul, Div, Max, Min, Pow, Equal, Less, LessOrEqual, Greater, GreaterOrEqual, And, Or;
  /// TensorFlow Lite SQUARED_DIFFERENCE, FLOOR_DIV, NOT_EQUAL.
  func binary(_ op: Binary) throws(ModelError) -> [Tensor] {
    let extents = try outputExtents()
    let a = try input(0).broadcast(to: extents)
    let b = try input(1).broadcast(to: extents)
    if op.function.isPredicate {
      guard op.outputClamp.isUnbounded else { throw ModelError(.malformed, "a clamp of truth values") }
      return try result(try predicate(op.function, a, b).map { $0 ? 1 : 0 })
    }
    if a.elementType.isFloatingPoint {
      let x = try a.doubles()
      let y = try b.doubles()
      let function = Self.real(op.function)
      return try result(zip(x, y).map(function), clamp: op.outputClamp)
    }
    guard a.elementType.isInteger else {
      throw ModelError(.unsupported, "\(op.function.rawValue) of \(a.elementType.name) elements")
    }
    var values = try a.integers()
    for (index, y) in try b.integers().enumerated() { values[index] = try Self.integer(op.function, values[index], y) }
    return try result(values, clamp: op.outputClamp)
  }

  private func predicate(_ function: Binary.Function, _ a: Tensor, _ b: Tensor) throws(ModelError) -> [Bool] {
    if function == .and || function == .or {
      guard a.elementType == .bool, b.elementType == .bool else {
        throw ModelError(.unsupported, "\(function.rawValue) of \(a.elementType.name) elements")
      }
    }
    if a.elementType.isFloatingPoint {
      return zip(try a.doubles(), try b.doubles()).map(Self.comparison(function))
    }
    return zip(try a.integers(), try b.integers()).map(Self.comparison(function))
  }

  private static func comparison<Number: Comparable & ExpressibleByIntegerLiteral>(
    _ function: Binary.Function
  ) -> (Number, Number) -> Bool {
    switch function {
    case .equal: { $0 == $1 }
    case .notEqual: { $0 != $1 }
    case .less: { $0 < $1 }
    case .lessOrEqual: { $0 <= $1 }
    case .greater: { $0 > $1 }
    case .greaterOrEqual: { $0 >= $1 }
    case .and: { $0 != 0 && $1 != 0 }
    case .or: { $0 != 0 || $1 != 0 }
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power, .squaredDifference, .floorDivide:
      { _, _ in false }
    }
  }

  private static func real(_ function: Binary.Function) -> (Double, Double) -> Double {
    switch function {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .maximum: { larger($0, $1) }
    case .minimum: { -larger(-$0, -$1) }
    case .power: { pow($0, $1) }
    case .squaredDifference: { ($0 - $1) * ($0 - $1) }
    case .floorDivide: { ($0 / $1).rounded(.down) }
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or: { _, _ in .nan }
    }
  }

  /// The larger number; NaN when one is.
  static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || a > b ? a : b }

  private static func integer(_ function: Binary.Function, _ a: Int, _ b: Int) throws(ModelError) -> Int {
    switch function {
    case .add: return a &+ b
    case .subtract: return a &- b
    case .multiply: return a &* b
    case .maximum: return max(a, b)
    case .minimum: return min(a, b)
    case .squaredDifference: return (a &- b) &* (a &- b)
    case .divide, .floorDivide:
      guard b != 0 else { throw ModelError(.malformed, "the integer \(a) is divided by zero") }
      // The one quotient that overflows wraps around.
      if b == -1 { return 0 &- a }
      let isRoundedUp = function == .floorDivide && a % b != 0 && (a < 0) != (b < 0)
      return a / b - (isRoundedUp ? 1 : 0)
    case .power: return try power(a, b)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or:
      throw ModelError(.internalFault, "\(function.rawValue) gives truth values")
    }
  }

  private static func power(_ base: Int, _ exponent: Int) throws(ModelError) -> Int {
    guard exponent >= 0 else {
      guard base != 0 else { throw ModelError(.malformed, "zero to the power of \(exponent) as an integer") }
      if base == 1 { return 1 }
      if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
      return 0
    }
    var result = 1
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* square }
      square = square &* square
      rest >>= 1
    }
    return result
  }
}
