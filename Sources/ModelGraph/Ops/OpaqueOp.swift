/// An operator that Ferry has no meaning for, kept with everything the file says of it.
///
/// A graph that holds one can be summarised; converting or running it is refused by name.
public struct OpaqueOp: Operator {
  public static let name = "opaque"

  public enum Attribute: Hashable, Sendable {
    case integer(Int64)
    case float(Double)
    case string(String)
    case integers([Int64])
    case floats([Double])
    case strings([String])
    /// Anything else, in words: a nested graph, a tensor, raw options.
    case description(String)
  }

  /// Who defines the operator: `tflite`, `ai.onnx`, `keras`, …
  public var domain: String
  /// The operator's name there.
  public var operatorName: String
  public var version: Int?
  public var attributes: [String: Attribute]
  /// The types that the file states for the outputs.
  public var statedOutputTypes: [TensorType]
  /// Why Ferry does not understand it.
  public var reason: String
  /// Positions of inputs that hold trained parameters, so that they are counted although nobody knows their use.
  public var parameterInputs: [Int]

  public init(
    domain: String, operatorName: String, version: Int?, attributes: [String: Attribute] = [:],
    statedOutputTypes: [TensorType], reason: String, parameterInputs: [Int] = []
  ) {
    self.parameterInputs = parameterInputs
    self.domain = domain
    self.operatorName = operatorName
    self.version = version
    self.attributes = attributes
    self.statedOutputTypes = statedOutputTypes
    self.reason = reason
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] { statedOutputTypes }
}
