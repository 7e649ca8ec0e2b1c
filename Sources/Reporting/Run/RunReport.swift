public import FormatSupport
public import ModelGraph

/// What a run answered, in figures.
public struct RunReport: Sendable {
  public struct Output: Sendable {
    public var name: String
    public var type: TensorType
    public var minimum: Double
    public var maximum: Double
    public var mean: Double
    /// Elements that are NaN or infinite; the figures above leave them out.
    public var nonFiniteCount: Int
    /// The largest elements of a vector and where they stand, the largest first; empty for other shapes.
    public var largest: [(index: Int, value: Double)]
  }

  public var outputs: [Output]
  /// The file that was written; nil where nothing was.
  public var file: String?

  /// - Throws: `.unsupported` for outputs that are no numbers.
  public init(_ outputs: [(name: String, tensor: Tensor)], file: String? = nil) throws(ModelError) {
    var list: [Output] = []
    for (name, tensor) in outputs { list.append(try Self.statistics(name, tensor)) }
    self.outputs = list
    self.file = file
  }

  private static func statistics(_ name: String, _ tensor: Tensor) throws(ModelError) -> Output {
    let values = try within(.tensor(name)) { () throws(ModelError) in try tensor.doubles() }
    let finite = values.filter(\.isFinite)
    var output = Output(
      name: name, type: tensor.type, minimum: finite.min() ?? .nan, maximum: finite.max() ?? .nan,
      mean: finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count),
      nonFiniteCount: values.count - finite.count, largest: [])
    if tensor.extents.last == tensor.elementCount, tensor.elementCount > 1 {
      let order = values.indices.filter { values[$0].isFinite }.sorted { values[$0] > values[$1] }
      output.largest = order.prefix(5).map { ($0, values[$0]) }
    }
    return output
  }
}

extension RunReport: Report {
  public func table() -> TextTable {
    var table = TextTable([
      .init("Output"), .init("Type"), .init("Minimum", .trailing), .init("Maximum", .trailing),
      .init("Mean", .trailing),
      .init("Not finite", .trailing), .init("Largest at"),
    ])
    for output in outputs {
      table.add([
        output.name, TensorType(output.type.elementType, output.type.shape).description,
        NumberText.short(output.minimum, digits: 6), NumberText.short(output.maximum, digits: 6),
        NumberText.short(output.mean, digits: 6), "\(output.nonFiniteCount)",
        output.largest.map { "\($0.index): \(NumberText.short($0.value, digits: 6))" }.joined(separator: ", "),
      ])
    }
    return table
  }

  public func text(_ style: TerminalStyle) -> String {
    table().text(style, widestCell: 120) + (file.map { "wrote \($0.terminalSafe)\n" } ?? "")
  }

  public func markdown() -> String { table().markdown() }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.run/1"), "file": file.map { .string($0) } ?? .null,
      "outputs": .array(
        outputs.map { output in
          .object([
            "name": .string(output.name), "type": JSONValue(type: output.type), "minimum": .real(output.minimum),
            "maximum": .real(output.maximum), "mean": .real(output.mean), "notFinite": .count(output.nonFiniteCount),
            "largest": .array(
              output.largest.map { .object(["index": .count($0.index), "value": .real($0.value)]) }),
          ])
        }),
    ])
  }
}
