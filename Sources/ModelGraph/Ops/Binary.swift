/// One function of two operands, broadcast as in numpy.
public struct Binary: Operator {
  public static let name = "binary"

  public enum Function: String, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum, power, squaredDifference
    /// Integer quotient rounded towards minus infinity.
    case floorDivide
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, and, or

    /// Whether the result is Boolean.
    public var isPredicate: Bool {
      switch self {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or: true
      default: false
      }
    }
  }

  public var function: Function
  public var outputClamp: ClampRange

  public init(_ function: Function, outputClamp: ClampRange = .unbounded) {
    self.function = function
    self.outputClamp = outputClamp
  }

  public var parameterInputs: [Int] { [0, 1] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...2)
    let a = try inputs.type(0)
    let b = try inputs.type(1)
    guard a.elementType == b.elementType else {
      throw ModelError(.malformed, "operands of types \(a.elementType.name) and \(b.elementType.name)")
    }
    let shape = try Shape.broadcast(a.shape, b.shape)
    return [TensorType(function.isPredicate ? .bool : a.elementType, shape)]
  }
}
