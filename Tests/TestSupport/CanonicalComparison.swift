public import ModelGraph

/// What two canonical graphs of one network have in common, names and batch left aside.
public struct CanonicalComparison: Sendable {
  /// One line a node: operator, attributes, where its inputs come from, its output's shape without the batch.
  public let lines: [String]
  /// The constants in the order in which nodes read them.
  public let constants: [Tensor]

  public init(_ graph: Graph) {
    var places: [ValueID: String] = [:]
    for (index, port) in graph.inputs.enumerated() { places[port.value] = "input\(index)" }
    var lines: [String] = []
    var constants: [Tensor] = []
    for (position, node) in graph.nodes.enumerated() {
      var operands: [String] = []
      for input in node.inputs {
        guard let input else {
          operands.append("-")
          continue
        }
        if let constant = graph[input].constant {
          operands.append("constant\(constant.extents)")
          constants.append(constant)
        } else {
          operands.append(places[input] ?? "?")
        }
      }
      for (index, output) in node.outputs.enumerated() { places[output] = "\(position):\(index)" }
      let shapes = node.outputs.map { id -> String in
        let type = graph[id].type
        return type.elementType.name + "\((type.shape.dimensions ?? []).dropFirst().map(\.description))"
      }
      lines.append(
        "\(node.op.name)\(node.op.attributeText)(\(operands.joined(separator: ", "))) -> "
          + shapes.joined(separator: ", "))
    }
    for port in graph.outputs { lines.append("output \(places[port.value] ?? "?")") }
    self.lines = lines
    self.constants = constants
  }

  /// The largest |a − b| / max |b| over all constants; infinite when they do not pair up.
  public func largestRelativeDifference(to other: CanonicalComparison) throws -> Double {
    guard constants.count == other.constants.count else { return .infinity }
    var largest = 0.0
    for (a, b) in zip(constants, other.constants) {
      guard a.extents == b.extents else { return .infinity }
      largest = max(largest, Difference(try a.floats(), try b.floats()).relativeToLargest)
    }
    return largest
  }

  /// How many elements of the constants differ in a bit.
  public func differingElements(from other: CanonicalComparison) throws -> Int {
    guard constants.count == other.constants.count else { return .max }
    var count = 0
    for (a, b) in zip(constants, other.constants) {
      guard a.extents == b.extents else { return .max }
      count += zip(try a.floats(), try b.floats()).filter { $0.bitPattern != $1.bitPattern }.count
    }
    return count
  }
}
