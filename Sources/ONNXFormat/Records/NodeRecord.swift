/// A NodeProto: one operator; an empty name among the inputs or outputs is one that is absent.
struct NodeRecord: Sendable {
  var name = ""
  var domain = ""
  var operatorType = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [AttributeRecord] = []
  /// For nodes of a function: the position of the calling node; nil: the node's own.
  var position: Int?
}

/// A FunctionProto: an operator made of operators.
struct FunctionRecord: Sendable {
  var name = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  /// Names of attributes without a default.
  var attributeNames: [String] = []
  /// Attributes with a default.
  var attributes: [AttributeRecord] = []
  var operatorSets: [OperatorSetRecord] = []
  var nodes: [NodeRecord] = []
  var valueInfo: [ValueRecord] = []
}
