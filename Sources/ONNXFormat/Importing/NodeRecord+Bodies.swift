extension NodeRecord {
  /// The graphs in the node's attributes: branches of If, the body of Loop.
  var bodies: [GraphRecord] {
    attributes.flatMap { attribute -> [GraphRecord] in
      switch attribute.content {
      case .graph(let graphs), .graphs(let graphs): graphs
      default: []
      }
    }
  }

  /// Names that the bodies read and do not define themselves, in the order of first use.
  ///
  /// The nesting of bodies is bounded by the pre-scan.
  var capturedNames: [String] {
    var captured: [String] = []
    var seen: Set<String> = []
    for name in bodies.flatMap(\.capturedNames) where seen.insert(name).inserted { captured.append(name) }
    return captured
  }
}

extension GraphRecord {
  /// Names that the graph reads and does not define.
  var capturedNames: [String] {
    var defined = Set(inputs.map(\.name) + initializers.map(\.name) + nodes.flatMap(\.outputs))
    defined.formUnion(sparseInitializers.compactMap { $0.values?.name })
    defined.insert("")
    var captured: [String] = []
    for name in nodes.flatMap({ $0.inputs + $0.capturedNames }) + outputs.map(\.name) where !defined.contains(name) {
      defined.insert(name)
      captured.append(name)
    }
    return captured
  }
}
