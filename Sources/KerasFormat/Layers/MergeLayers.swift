import FormatSupport
import ModelGraph

/// Layers that make one tensor of several.
enum MergeLayers {
  static func add(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    [try fold(.add, &lowering, call)]
  }

  static func subtract(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    guard call.inputs.count == 2 else {
      throw ModelError(.malformed, "the layer takes two inputs, and is given \(call.inputs.count)")
    }
    return [try fold(.subtract, &lowering, call)]
  }

  static func multiply(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    [try fold(.multiply, &lowering, call)]
  }

  static func maximum(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    [try fold(.maximum, &lowering, call)]
  }

  static func minimum(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    [try fold(.minimum, &lowering, call)]
  }

  static func average(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let sum = try fold(.add, &lowering, call, isResult: false, part: "sum")
    let count = try lowering.scalar(Float(call.inputs.count), call, part: "count")
    return [try lowering.emit(.binary(Binary(.divide)), [sum, count], call)]
  }

  static func concatenate(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    guard let first = call.inputs.first else { throw ModelError(.malformed, "the layer is given no inputs") }
    let rank = try lowering.dimensions(first).count
    let axis = try call.attributes.axis("axis", rank: rank, default: -1)
    return [try lowering.emit(.concat(Concat(axis: axis)), call.inputs, call)]
  }

  /// Joins the inputs from left to right.
  private static func fold(
    _ function: Binary.Function, _ lowering: inout ModelLowering, _ call: LayerCall, isResult: Bool = true,
    part: String? = nil
  ) throws(ModelError) -> ValueID {
    let inputs = try aligned(&lowering, call)
    guard var result = inputs.first, inputs.count >= 2 else {
      throw ModelError(.malformed, "the layer takes two inputs or more, and is given \(inputs.count)")
    }
    for (index, input) in inputs.dropFirst().enumerated() {
      let isLast = index == inputs.count - 2
      result = try lowering.emit(
        .binary(Binary(function)), [result, input], call, part: isLast ? part : "part\(index + 1)",
        isResult: isLast && isResult)
    }
    return result
  }

  /// The inputs with one number of axes: Keras puts the missing ones behind the batch.
  private static func aligned(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    var ranks: [Int] = []
    for input in call.inputs { ranks.append(try lowering.dimensions(input).count) }
    guard let rank = ranks.max(), ranks.contains(where: { $0 != rank }) else { return call.inputs }
    var result: [ValueID] = []
    for (index, input) in call.inputs.enumerated() {
      guard ranks[index] < rank else {
        result.append(input)
        continue
      }
      guard ranks[index] >= 1 else { throw ModelError(.unsupported, "an input without a batch axis") }
      let axes = Array(1...(rank - ranks[index]))
      result.append(
        try lowering.emit(
          .unsqueeze(Unsqueeze(axes: axes)), [input], call, part: "expand\(index)", isResult: false))
    }
    return result
  }
}
