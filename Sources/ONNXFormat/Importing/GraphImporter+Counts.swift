internal import ModelGraph

/// Tensors of counts, of which every ONNX operator states anew what they stand for.
extension GraphImporter {
  /// The counts of a value under a quantization; nil: as the integers that they are in ONNX.
  func counts(
    _ id: ValueID, as quantization: Quantization?, for lowering: NodeLowering
  ) throws(ModelError) -> ValueID {
    guard builder.type(id)?.quantization != quantization else { return id }
    let reading = CountReading(value: id, quantization: quantization)
    if let known = readings[reading] { return known }
    let name = name(of: id) ?? lowering.name
    try budget.spend(name.utf8.count + lowering.name.utf8.count)
    let result: ValueID
    if let constant = builder.constant(id) {
      result = builder.constant(
        name: name, constant.with(quantization: quantization), origin: self.name(of: id).flatMap(Self.origin))
    } else {
      result = try builder.add(
        .reinterpret(Reinterpret(as: quantization)), name: "\(lowering.name).counts", inputs: [id],
        outputs: [OutputSpecification(name: "\(name).counts")], origin: [lowering.source])[0]
      noteStatic([result], from: [id])
    }
    readings[reading] = result
    return result
  }

  /// The operands of an operator that states no scales: those that it only moves stay counts of what they stand for, any other
  /// computes with the integers.
  func operands(
    of op: Op, _ inputs: [ValueID?], for lowering: NodeLowering
  ) throws(ModelError) -> [ValueID?] {
    let types = inputs.map { $0.flatMap(builder.type) }
    guard types.contains(where: { $0?.quantization != nil }), !op.movesCounts(types) else { return inputs }
    var operands: [ValueID?] = []
    for input in inputs {
      operands.append(try input.map { (id) throws(ModelError) in try counts(id, as: nil, for: lowering) })
    }
    return operands
  }
}
