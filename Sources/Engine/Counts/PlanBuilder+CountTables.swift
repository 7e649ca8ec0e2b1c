import CKernels
import ModelGraph
import ReferenceInterpreter

/// Functions of counts as tables: 256 constants, or 65,536 for counts of 16 bits, which the one meaning of the operator gives when a
/// model is loaded.
extension PlanBuilder {
  /// Every count of a type in the order of its bytes.
  static func allCounts(_ type: TensorType) throws(ModelError) -> Tensor {
    switch type.elementType {
    case .int8, .uint8: return try Tensor((0...255).map { UInt8($0) }, type: type.with(shape: [256]))
    case .int16: return try Tensor((0...65535).map { UInt16($0) }, type: type.with(shape: [65536]))
    default: throw ModelError(.unsupported, "\(type) where counts of 8 or 16 bits are needed")
    }
  }

  /// What `op` makes of every count of `from`.
  func table(_ op: Op, from: TensorType, to: TensorType) throws(ModelError) -> Tensor {
    let counts = try Self.allCounts(from)
    let results = try ReferenceInterpreter.evaluate(
      op, [counts], outputTypes: [to.with(shape: Shape(counts.extents))], arithmetic: graph.arithmetic)
    guard let table = results.first else { throw ModelError(.internalFault, "\(op.name) has no result") }
    return table
  }

  /// Elements as a constant.
  mutating func constant(
    _ form: ConstantCache.Key.Form, _ tensor: Tensor
  ) throws(ModelError) -> BufferID {
    let width = try width(of: tensor), byteCount = width * tensor.elementCount
    return try constant(form, width: width) { () throws(ModelError) in
      try AlignedMemory(byteCount: byteCount) { (target) throws(ModelError) in
        try tensor.withPlainElements { target.copyMemory(from: $0, byteCount: byteCount) }
      }
    }
  }

  /// Bytes of one element.
  private func width(of tensor: Tensor) throws(ModelError) -> Int {
    guard let byteCount = tensor.byteCount, tensor.elementCount > 0 else {
      throw ModelError(.internalFault, "a table of type \(tensor.type)")
    }
    return byteCount / tensor.elementCount
  }

  /// Adds the step of a function of one operand.
  mutating func lowerTable(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let table = try table(node.op, from: graph[x].type, to: graph[y].type)
    let source = try plain(x), target = try newPlain(y)
    try emitTable(table, .table(node.id, part: 0), from: source, to: target)
  }

  mutating func emitTable(
    _ table: Tensor, _ form: ConstantCache.Key.Form, from source: BufferID, to target: BufferID
  ) throws(ModelError) {
    let operation: ferry_table_operation
    switch (table.elementCount, try width(of: table)) {
    case (256, 1): operation = ferry_table_bytes
    case (256, 2): operation = ferry_table_halves
    case (256, 4): operation = ferry_table_words
    case (65536, 1): operation = ferry_table_bytes_by_halves
    case (65536, 2): operation = ferry_table_halves_by_halves
    case (65536, 4): operation = ferry_table_words_by_halves
    default: throw ModelError(.unsupported, "a function of counts that gives \(table.type)")
    }
    let entries = try constant(form, table)
    emit(
      CountTableStep(
        kernel: try kernels.countTable(operation), input: source, table: entries, output: target,
        count: byteCount(source) / width(source)), source, entries, target)
  }

  // MARK: Two operands

  mutating func lowerCounts(_ op: Binary, _ node: Node) throws(ModelError) {
    let a = try input(node, 0), b = try input(node, 1), y = try output(node)
    let (first, second, output) = (graph[a].type, graph[b].type, graph[y].type)
    for type in [first, second, output] { _ = try CountReading(type) }
    if graph.arithmetic == .liteRT {
      guard first.elementType == output.elementType, second.elementType == output.elementType else {
        throw ModelError(.unsupported, "\(op.function.rawValue) of \(first) and \(second) as \(output)")
      }
    }
    switch (graph.arithmetic, op.function) {
    case (.liteRT, .add), (.liteRT, .subtract):
      let sum = try SumRescaling(first, second, output: output, leftShift: 20)
      let left = try Self.offsets(first).map { sum.first.applied(to: $0 << 20) }
      let right = try Self.offsets(second).map { sum.second.applied(to: $0 << 20) }
      try emitBinary(
        node, ferry_q8_binary_sum, try Self.words(left),
        try Self.words(op.function == .add ? right : right.map { 0 &- $0 }),
        CountBinaryStep.Result(
          multiplier: sum.output, zeroPoint: try output.zeroPoint(), range: try op.outputClamp.counts(of: output)))
    case (.liteRT, .multiply):
      let factor = try FixedPointMultiplier(Double(try first.scale() * second.scale() / output.scale()))
      try emitBinary(
        node, ferry_q8_binary_product, try Self.words(try Self.offsets(first)),
        try Self.words(try Self.offsets(second)),
        CountBinaryStep.Result(
          multiplier: factor, zeroPoint: try output.zeroPoint(), range: try op.outputClamp.counts(of: output)))
    case (.onnx, .add), (.onnx, .subtract), (.onnx, .multiply):
      let left = try table(.dequantize(Dequantize()), from: first, to: TensorType(.float32, [256]))
      var right = try table(.dequantize(Dequantize()), from: second, to: TensorType(.float32, [256]))
      if op.function == .subtract { right = try Tensor(try right.floats().map { -$0 }, shape: [256]) }
      try emitBinary(
        node, op.function == .multiply ? ferry_q8_binary_real_product : ferry_q8_binary_real_sum, left, right,
        CountBinaryStep.Result(
          scale: try output.scale(), bounds: Bounds(op.outputClamp), zeroPoint: try output.zeroPoint(),
          range: try ClampRange.unbounded.counts(of: output)))
    default: try lowerPairs(node)
    }
  }

  /// A function of two 8-bit operands as a table of all pairs.
  mutating func lowerPairs(_ node: Node) throws(ModelError) {
    let (first, second) = (graph[try input(node, 0)].type, graph[try input(node, 1)].type)
    let output = graph[try output(node)].type
    for type in [first, second, output] { _ = try CountReading(type) }
    // Written out: not every operator broadcasts both of its operands.
    let bytes = (left: (0..<65536).map { UInt8($0 / 256) }, right: (0..<65536).map { UInt8($0 % 256) })
    let pairs = try ReferenceInterpreter.evaluate(
      node.op,
      [
        try Tensor(bytes.left, type: first.with(shape: [256, 256])),
        try Tensor(bytes.right, type: second.with(shape: [256, 256])),
      ],
      outputTypes: [output.with(shape: [256, 256])], arithmetic: graph.arithmetic)
    guard let table = pairs.first else { throw ModelError(.internalFault, "\(node.op.name) has no result") }
    try emitBinary(
      node, ferry_q8_binary_pairs, table, table,
      CountBinaryStep.Result(zeroPoint: try output.zeroPoint(), range: try ClampRange.unbounded.counts(of: output)))
  }

  private mutating func emitBinary(
    _ node: Node, _ operation: ferry_q8_binary_operation, _ leftTable: Tensor, _ rightTable: Tensor,
    _ result: CountBinaryStep.Result
  ) throws(ModelError) {
    let a = try input(node, 0), b = try input(node, 1), y = try output(node)
    let left = try plain(a), right = try plain(b)
    let leftEntries = try constant(.table(node.id, part: 0), leftTable)
    let rightEntries =
      operation == ferry_q8_binary_pairs ? leftEntries : try constant(.table(node.id, part: 1), rightTable)
    let target = try newPlain(y)
    let step = CountBinaryStep(
      kernel: try kernels.countBinary(operation), left: left, right: right, leftTable: leftEntries,
      rightTable: rightEntries, output: target,
      loop: BroadcastLoop(left: try extents(a), right: try extents(b), result: try extents(y)), result: result)
    emit(step, left, right, leftEntries, rightEntries, target)
  }

  /// Every count of a type less the zero point.
  private static func offsets(_ type: TensorType) throws(ModelError) -> [Int32] {
    let zeroPoint = try type.zeroPoint()
    return try allCounts(type).integers().map { Int32($0) &- zeroPoint }
  }

  private static func words(_ values: [Int32]) throws(ModelError) -> Tensor {
    try Tensor(values, type: TensorType(.int32, Shape([values.count])))
  }
}
