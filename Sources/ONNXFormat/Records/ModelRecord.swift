/// A ModelProto: what one file holds, in Swift's own values.
struct ModelRecord: Sendable {
  var irVersion: Int64?
  var producerName = ""
  var producerVersion = ""
  var domain = ""
  var modelVersion: Int64?
  var operatorSets: [OperatorSetRecord] = []
  var metadata: [EntryRecord] = []
  var graph: GraphRecord?
  var functions: [FunctionRecord] = []
}

/// The version of a domain's operators that a model or function was written against.
struct OperatorSetRecord: Hashable, Sendable {
  var domain = ""
  var version: Int64?
}

/// A key and its value.
struct EntryRecord: Hashable, Sendable {
  var key = ""
  var value = ""
}
