import ModelGraph
import Testing

/// Expects two graphs to say the same: names, operators, types, origins and the bits of every constant.
func expectEqual(_ a: Graph, _ b: Graph) throws {
  func ports(_ graph: Graph, _ list: [GraphPort]) -> [[String]] {
    list.map { [$0.name, graph[$0.value].name, "\($0.permutation ?? [])"] }
  }
  #expect(a.name == b.name)
  #expect(ports(a, a.inputs) == ports(b, b.inputs))
  #expect(ports(a, a.outputs) == ports(b, b.outputs))
  #expect(a.nodes.map(\.name) == b.nodes.map(\.name))
  for (left, right) in zip(a.nodes, b.nodes) {
    #expect(left.op == right.op)
    #expect(left.origin == right.origin)
    #expect(left.inputs.map { $0.map { a[$0].name } } == right.inputs.map { $0.map { b[$0].name } })
    #expect(left.outputs.map { a[$0].name } == right.outputs.map { b[$0].name })
  }
  let values = Dictionary(uniqueKeysWithValues: b.values.map { ($0.name, $0) })
  #expect(a.values.count == b.values.count)
  for value in a.values {
    let other = try #require(values[value.name])
    #expect(value.type == other.type)
    #expect(value.origin == other.origin)
    #expect(value.isTrainable == other.isTrainable)
    #expect((value.constant == nil) == (other.constant == nil))
    if let constant = value.constant, let expected = other.constant {
      #expect(constant.type == expected.type)
      let isEqual = try content(constant) == content(expected)
      #expect(isEqual, "\(value.name)")
    }
  }
}

private func content(_ tensor: Tensor) throws -> [UInt8] {
  if case .splat(let value) = tensor.content { return Array("\(value)".utf8) }
  return try tensor.withUnsafeBytes { Array($0) }
}
