import FormatSupport
import ModelGraph

extension OperatorImport {
  /// Checks the number of inputs, left-out ones included.
  func expectInputs(_ range: ClosedRange<Int>) throws(ModelError) {
    guard range.contains(table.inputs.count) else {
      let expected = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw ModelError(.malformed, "found \(table.inputs.count) inputs, expected \(expected)")
    }
  }

  func optionalInput(_ index: Int) throws(ModelError) -> ValueID? {
    guard table.inputs.indices.contains(index), table.inputs[index] != -1 else { return nil }
    return try graph.value(of: table.inputs[index])
  }

  func input(_ index: Int) throws(ModelError) -> ValueID {
    guard let value = try optionalInput(index) else { throw ModelError(.malformed, "input \(index) is missing") }
    return value
  }

  /// All inputs, none of which may be left out.
  func allInputs() throws(ModelError) -> [ValueID] {
    var result: [ValueID] = []
    for index in table.inputs.indices { result.append(try input(index)) }
    return result
  }

  func type(_ index: Int) throws(ModelError) -> TensorType {
    let value = try input(index)
    guard let type = graph.builder.type(value) else { throw ModelError(.internalFault, "input \(index) has no type") }
    return type
  }

  /// The dimensions of an input.
  ///
  /// - Throws: `.unsupported` where not even their number is known.
  func dimensions(_ index: Int) throws(ModelError) -> [Dimension] {
    guard let dimensions = try type(index).shape.dimensions else {
      throw ModelError(.unsupported, "an input of unknown rank")
    }
    return dimensions
  }

  /// The extent of one axis of an input.
  ///
  /// - Throws: `.malformed` where there is no such axis; `.unsupported` where its extent is open.
  func extent(_ index: Int, axis: Int) throws(ModelError) -> Int {
    let dimensions = try dimensions(index)
    guard dimensions.indices.contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of an input with \(dimensions.count) axes")
    }
    guard let extent = dimensions[axis].fixedValue else {
      throw ModelError(.unsupported, "an open extent (axis \(axis) of input \(index))")
    }
    return extent
  }

  /// The type that the file states for an output.
  func outputType(_ index: Int = 0) throws(ModelError) -> TensorType {
    guard table.outputs.indices.contains(index) else { throw ModelError(.malformed, "output \(index) is missing") }
    return try graph.statedType(of: table.outputs[index])
  }

  /// The content of an input that must be known before the model runs.
  ///
  /// - Throws: `.unsupported` where it is computed.
  func constant(_ index: Int, _ role: String) throws(ModelError) -> Tensor {
    let value = try input(index)
    guard let constant = graph.builder.constant(value) else {
      throw ModelError(.unsupported, "\(role) is computed while the model runs")
    }
    return constant
  }

  /// The integers of an input that must be known before the model runs.
  func integers(_ index: Int, _ role: String) throws(ModelError) -> [Int] {
    let value = try input(index)
    if let constant = graph.builder.constant(value) {
      guard constant.elementCount <= graph.limits.attributeElements else {
        throw ModelError(.malformed, "\(role) has \(constant.elementCount) elements")
      }
      guard constant.elementType.isInteger else {
        throw ModelError(.malformed, "\(role) is of type \(constant.type)")
      }
      return try constant.integers()
    }
    let known = (graph.builder.knownDimensions(value) ?? [.unknown]).map(\.fixedValue)
    let integers = known.compactMap { $0 }
    guard integers.count == known.count else {
      throw ModelError(.unsupported, "\(role) is computed while the model runs")
    }
    return integers
  }

  /// The one integer of an input that must be known before the model runs.
  func integer(_ index: Int, _ role: String) throws(ModelError) -> Int {
    let values = try integers(index, role)
    guard values.count == 1 else { throw ModelError(.malformed, "\(role) has \(values.count) elements, expected one") }
    return values[0]
  }

  /// An axis counted from the front, given from either end.
  func axis(_ axis: Int, rank: Int) throws(ModelError) -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of a tensor with \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }
}
