/// What every operator's payload tells about itself.
///
/// The payload holds the attributes; tensors that may be constants are inputs. The meaning in numbers stands in the
/// reference interpreter.
public protocol Operator: Hashable, Sendable {
  /// The name in dumps, in summaries and in the native format: lower camel case, stable.
  static var name: String { get }

  /// The types of the outputs that follow from the inputs.
  ///
  /// - Throws: `.malformed` when the inputs do not fit the operator, naming what does not.
  func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType]

  /// Positions of inputs that hold trained parameters when they are constant.
  var parameterInputs: [Int] { get }

  /// Multiply–accumulates of one evaluation, bias additions not counted; nil when a needed extent is open.
  func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int?
}

extension Operator {
  public var parameterInputs: [Int] { [] }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? { 0 }
}
