internal import ModelGraph

/// The order in which nodes can be added.
enum NodeOrder {
  /// The nodes with their positions in the file, every producer before its readers.
  ///
  /// ONNX demands that order, and most files have it; where one has not, nodes move only as far back as they must.
  ///
  /// - Throws: `.malformed` for a cycle.
  static func sorted(
    _ graph: GraphRecord, known: Set<String>
  ) throws(ModelError) -> [(node: NodeRecord, index: Int)] {
    var producer: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty && producer[output] == nil { producer[output] = index }
    }
    var placed = [Bool](repeating: false, count: graph.nodes.count)
    var isWaiting = placed
    var result: [(node: NodeRecord, index: Int)] = []
    result.reserveCapacity(graph.nodes.count)
    for start in graph.nodes.indices where !placed[start] {
      var stack = [start]
      while let index = stack.last {
        if placed[index] {
          stack.removeLast()
          continue
        }
        let node = graph.nodes[index]
        isWaiting[index] = true
        let missing = (node.inputs + node.capturedNames).compactMap { name -> Int? in
          guard !known.contains(name), let source = producer[name], !placed[source] else { return nil }
          return source
        }
        if missing.isEmpty {
          placed[index] = true
          result.append((node, index))
          stack.removeLast()
          continue
        }
        for source in missing where isWaiting[source] {
          throw ModelError(
            .malformed, "the nodes form a cycle",
            context: [.node(name: node.name, operator: node.operatorType, index: index)])
        }
        stack += missing.reversed()
      }
    }
    return result
  }
}
