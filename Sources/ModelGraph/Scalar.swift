/// One element, kept as exactly as its type holds it.
public enum Scalar: Hashable, Sendable {
  case floating(Double)
  case integer(Int64)

  public var doubleValue: Double {
    switch self {
    case .floating(let value): value
    case .integer(let value): Double(value)
    }
  }
}
