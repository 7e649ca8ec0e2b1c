internal import FormatSupport
internal import ModelGraph

/// Replaces calls of the model's own functions by the functions' nodes.
///
/// Values inside a function are renamed after the call, attributes that refer to the caller's take the caller's value or the
/// function's default. Depth and total size are bounded, since functions that call functions grow exponentially.
struct FunctionInliner {
  private struct Key: Hashable {
    let domain: String
    let name: String
    let overload: String
  }

  private let functions: [Key: FunctionRecord]
  private let operatorSets: [String: Int]
  private let limits: Limits
  private let budget: ExpansionBudget
  /// Nodes met so far, calls among them.
  private var expandedCount = 0
  private var callCount = 0
  private static let largestExpansion = 1 << 18

  /// - Throws: `.malformed` when two functions have the same name; `.unsupported` when one is written against another
  ///   version of an operator set than the model.
  init(
    _ model: ModelRecord, operatorSets: [String: Int], limits: Limits, budget: ExpansionBudget
  ) throws(ModelError) {
    var functions: [Key: FunctionRecord] = [:]
    for function in model.functions {
      let key = Key(
        domain: OperatorTable.canonical(domain: function.domain), name: function.name, overload: function.overload)
      guard functions.updateValue(function, forKey: key) == nil else {
        throw ModelError(.malformed, "two functions are named '\(function.name)'")
      }
    }
    self.functions = functions
    self.operatorSets = operatorSets
    self.limits = limits
    self.budget = budget
  }

  /// The graph without calls of functions.
  mutating func inlined(_ graph: GraphRecord) throws(ModelError) -> GraphRecord {
    guard !functions.isEmpty else { return graph }
    var result = graph
    result.nodes = try expand(graph.nodes, depth: 1)
    return result
  }

  private mutating func expand(_ nodes: [NodeRecord], depth: Int) throws(ModelError) -> [NodeRecord] {
    var result: [NodeRecord] = []
    for (position, node) in nodes.enumerated() {
      let key = Key(
        domain: OperatorTable.canonical(domain: node.domain), name: node.operatorType, overload: node.overload)
      expandedCount += 1
      guard expandedCount <= min(Self.largestExpansion, limits.nodes) else {
        throw ModelError(.malformed, "functions expand to more than \(Self.largestExpansion) nodes")
      }
      guard let function = functions[key] else {
        var node = node
        node.position = node.position ?? position
        result.append(node)
        continue
      }
      guard depth <= limits.nestingDepth else {
        throw ModelError(
          .malformed, "the function '\(function.name)' calls itself, or calls are nested too deeply")
      }
      callCount += 1
      result += try expand(
        try within(.node(name: node.name, operator: node.operatorType, index: nil)) { () throws(ModelError) in
          try body(of: function, calledBy: node, at: node.position ?? position)
        }, depth: depth + 1)
    }
    return result
  }

  private func body(
    of function: FunctionRecord, calledBy call: NodeRecord, at position: Int
  ) throws(ModelError) -> [NodeRecord] {
    let prefix = "\(call.name.isEmpty ? function.name : call.name)@\(callCount)"
    for set in function.operatorSets {
      let domain = OperatorTable.canonical(domain: set.domain)
      guard let version = operatorSets[domain], let stated = set.version, Int(stated) != version else { continue }
      throw ModelError(
        .unsupported, "a function of version \(stated) of '\(set.domain)' in a model of version \(version)")
    }
    guard call.inputs.count <= function.inputs.count, call.outputs.count <= function.outputs.count else {
      throw ModelError(.malformed, "the call has more inputs or outputs than the function")
    }
    // What the call looks up by name is collected anew for every call.
    try budget.spend(
      AttributeRecord.byteCountPerEntry
        * (function.inputs.count + function.outputs.count + function.attributes.count + function.attributeNames.count))
    let attributes = try attributes(of: function, calledBy: call)
    var names = ["": ""]
    for (index, name) in function.inputs.enumerated() where !name.isEmpty {
      let input = call.inputs.indices.contains(index) ? call.inputs[index] : ""
      guard names.updateValue(input, forKey: name) == nil else {
        throw ModelError(.malformed, "two inputs of the function '\(function.name)' are named '\(name)'")
      }
    }
    for (index, name) in function.outputs.enumerated() {
      guard call.outputs.indices.contains(index), !call.outputs[index].isEmpty else { continue }
      // An output that is an input passed through would name one value twice.
      guard names[name] == nil else { throw ModelError(.unsupported, "a function that returns its own input") }
      names[name] = call.outputs[index]
    }
    var result: [NodeRecord] = []
    for node in function.nodes {
      var copy = node
      guard node.bodies.isEmpty else {
        throw ModelError(.unsupported, "nested graphs in the function '\(function.name)'")
      }
      let texts = [node.name] + node.inputs + node.outputs
      try budget.spend(texts.reduce(0) { $0 + $1.utf8.count + prefix.utf8.count })
      copy.name = "\(prefix)/\(node.name.isEmpty ? node.operatorType : node.name)"
      copy.position = position
      copy.inputs = node.inputs.map { names[$0] ?? "\(prefix)/\($0)" }
      copy.outputs = node.outputs.map { names[$0] ?? "\(prefix)/\($0)" }
      copy.attributes = node.attributes.compactMap { attribute in
        guard case .reference(let name) = attribute.content else { return attribute }
        // Without a value for it, the attribute is absent.
        return attributes[name].map { AttributeRecord(name: attribute.name, content: $0) }
      }
      try budget.spend(copy.attributes.reduce(0) { $0 + $1.content.byteCount })
      result.append(copy)
    }
    return result
  }

  /// The values that attributes of the body refer to: the call's, or the function's own.
  private func attributes(
    of function: FunctionRecord, calledBy call: NodeRecord
  ) throws(ModelError) -> [String: AttributeRecord.Content] {
    let defaults = try AttributeRecord.byName(function.attributes)
    let stated = try AttributeRecord.byName(call.attributes)
    let known = Set(function.attributeNames).union(defaults.keys)
    for attribute in call.attributes where !known.contains(attribute.name) {
      throw ModelError(.malformed, "the function has no such attribute", context: [.attribute(attribute.name)])
    }
    return defaults.merging(stated) { $1 }
  }
}
