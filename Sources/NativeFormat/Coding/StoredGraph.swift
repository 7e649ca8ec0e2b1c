import FormatSupport
import ModelGraph

/// One graph in the graph's JSON. Values are named, and named nowhere twice.
struct StoredGraph: FieldCoded {
  var name = ""
  var arithmetic = QuantizedArithmetic.onnx
  var inputs: [StoredPort] = []
  var outputs: [StoredPort] = []
  var values: [StoredValue] = []
  var nodes: [StoredNode] = []

  static var blank: StoredGraph { StoredGraph() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("arithmetic", &arithmetic)
    try fields.code("inputs", &inputs)
    try fields.code("name", &name)
    try fields.code("nodes", &nodes)
    try fields.code("outputs", &outputs)
    try fields.code("values", &values)
  }

  private init() {}

  /// Values stand in the order of their first use, so that the file does not depend on identifiers.
  init(_ graph: Graph, tensors: inout TensorTable) throws(ModelError) {
    name = graph.name
    arithmetic = graph.arithmetic
    var listed = ValueSet()
    func list(_ ids: [ValueID]) throws(ModelError) {
      for id in ids where listed.insert(id) {
        values.append(try StoredValue(graph[id], tensors: &tensors))
      }
    }
    try list(graph.inputs.map(\.value))
    for node in graph.nodes {
      try list(node.inputs.compactMap { $0 })
      try list(node.outputs)
      nodes.append(
        StoredNode(
          name: node.name, op: node.op, inputs: node.inputs.map { $0.map { graph[$0].name } },
          outputs: node.outputs.map { graph[$0].name }, origin: node.origin))
    }
    try list(graph.values.map(\.id))
    inputs = graph.inputs.map { StoredPort(name: $0.name, value: graph[$0.value].name, permutation: $0.permutation) }
    outputs = graph.outputs.map { StoredPort(name: $0.name, value: graph[$0.value].name, permutation: $0.permutation) }
  }

  /// Whether no constant repeats a number that is not finite.
  var hasFiniteSplats: Bool {
    values.allSatisfy { if case .splat(let scalar) = $0.content { scalar.doubleValue.isFinite } else { true } }
  }

  /// The graph; the names of tensors that its constants refer to are taken out of `unused`.
  func restored(_ container: NativeContainer, unused: inout Set<String>) throws(ModelError) -> Graph {
    var restorer = GraphRestorer(name: name, arithmetic: arithmetic)
    var ids: [String: ValueID] = [:]
    for value in values {
      let constant = try within(.tensor(value.name)) { () throws(ModelError) in
        try value.constant(container, unused: &unused)
      }
      let id = restorer.value(
        name: value.name, type: value.type, constant: constant, origin: value.origin, isTrainable: value.isTrainable)
      guard ids.updateValue(id, forKey: value.name) == nil else {
        throw ModelError(.malformed, "two values are named '\(value.name)'")
      }
    }
    func id(_ name: String) throws(ModelError) -> ValueID {
      guard let id = ids[name] else { throw ModelError(.malformed, "no value is named '\(name)'") }
      return id
    }
    for (index, node) in nodes.enumerated() {
      try within(.node(name: node.name, operator: node.op.name, index: index)) { () throws(ModelError) in
        var operands: [ValueID?] = []
        for input in node.inputs { operands.append(try input.map(id)) }
        var results: [ValueID] = []
        for output in node.outputs { results.append(try id(output)) }
        try restorer.node(node.op, name: node.name, inputs: operands, outputs: results, origin: node.origin)
      }
    }
    for port in inputs {
      restorer.input(GraphPort(name: port.name, value: try id(port.value), permutation: port.permutation))
    }
    for port in outputs {
      restorer.output(GraphPort(name: port.name, value: try id(port.value), permutation: port.permutation))
    }
    return try restorer.restored()
  }
}

/// An input or output of a graph.
struct StoredPort: FieldCoded {
  var name: String
  var value: String
  var permutation: [Int]?

  static var blank: StoredPort { StoredPort(name: "", value: "", permutation: nil) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("name", &name)
    try fields.code("permutation", &permutation)
    try fields.code("value", &value)
    try expectPermutation(permutation)
  }
}

/// One application of an operator.
struct StoredNode: FieldCoded {
  var name: String
  var op: Op
  /// Names of values; nil where an optional input is absent.
  var inputs: [String?]
  var outputs: [String]
  var origin: [SourceNode]

  static var blank: StoredNode { StoredNode(name: "", op: .identity(.blank), inputs: [], outputs: [], origin: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    var operatorName = op.name
    var attributes = StoredAttributes.written(op)
    try fields.code("attributes", &attributes)
    try fields.code("inputs", &inputs)
    try fields.code("name", &name)
    try fields.code("operator", &operatorName)
    try fields.code("origin", &origin)
    try fields.code("outputs", &outputs)
    if case .read(let element) = attributes {
      op = try within(.node(name: name, operator: operatorName, index: nil)) { () throws(ModelError) in
        try Op.decoded(name: operatorName, attributes: element)
      }
    }
  }
}

/// The attributes of an operator, whose meaning depends on its name.
private enum StoredAttributes: JSONCoded {
  case written(Op)
  case read(JSONElement)

  func encode(to json: inout JSONWriter) throws(ModelError) {
    switch self {
    case .written(let op): try op.encodeAttributes(to: &json)
    case .read(let element): json.write(element.value)
    }
  }

  static func decoded(_ value: JSONElement) -> StoredAttributes { .read(value) }
}
