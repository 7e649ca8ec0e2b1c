import FormatSupport
import ModelGraph

/// Rescaling and Normalization: layers that put inputs into the range that a network was trained on.
enum ScalingLayers {
  /// y = x · scale + offset, x cast to the type that the layer computes in; numbers of the configuration, not weights.
  static func rescaling(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let scale = try numbers("scale", call) ?? [1]
    let offset = try numbers("offset", call) ?? [0]
    try lowering.expectRealComputation(call)
    let last = try lowering.dimensions(try call.input()).last?.fixedValue
    for list in [scale, offset] where list.count != 1 && list.count != last {
      throw ModelError(.unsupported, "\(list.count) numbers for \(last.map(String.init) ?? "?") channels")
    }
    let input = try lowering.realInput(call)
    let isOffset = offset.contains { $0 != 0 }
    let scaled = try combine(
      .multiply, input, scale, shape: [scale.count], &lowering, call, part: isOffset ? "scale" : nil)
    guard isOffset else { return [scaled] }
    return [try combine(.add, scaled, offset, shape: [offset.count], &lowering, call, part: nil)]
  }

  /// y = (x − mean) / max(√variance, 1e-7) along the kept axes, x cast to the type that the layer computes in; mean and variance are weights, or numbers.
  static func normalization(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let attributes = call.attributes
    try lowering.expectRealComputation(call)
    let dimensions = try lowering.dimensions(try call.input())
    let areAxesGiven = !(attributes["axis"]?.isNull ?? false)
    let axes = areAxesGiven ? try attributes.axes("axis", rank: dimensions.count, default: [-1]) : []
    guard try !attributes.flag("invert", default: false) else {
      throw ModelError(.unsupported, "invert = true").within(.attribute("invert"))
    }
    var shape: [Int] = []
    for axis in axes {
      guard let extent = dimensions[axis].fixedValue else {
        throw ModelError(.unsupported, "the extent of axis \(axis) of its input is not known")
      }
      shape.append(extent)
    }
    // The kept axes as the whole input sees them: ones on the others, none in front.
    let broadcast = dimensions.indices.drop { !axes.contains($0) }
      .map { axes.contains($0) ? dimensions[$0].fixedValue ?? 1 : 1 }
    let mean = try numbers("mean", call)
    let variance = try numbers("variance", call)
    if let mean, let variance {
      let input = try lowering.realInput(call)
      let deviation = variance.map { max($0.squareRoot(), 1e-7) }
      let centered = try combine(.subtract, input, mean, shape: broadcast, &lowering, call, part: "mean")
      return [try combine(.divide, centered, deviation, shape: broadcast, &lowering, call, part: nil)]
    }
    let statistics = try lowering.constants(
      [
        .init(name: "mean", shape: shape, isStatistic: true),
        .init(name: "variance", shape: shape, isStatistic: true),
        .init(name: "count", shape: [], isStatistic: true),
      ], call)
    lowering.countAuxiliary(statistics[2], call)
    let input = try lowering.realInput(call)
    if axes.count == 1 {
      // √(σ² + 1e-14) is max(√σ², 1e-7) but for variances next to 1e-14.
      let op = BatchNorm(epsilon: 1e-14, axis: axes[0])
      return [try lowering.emit(.batchNorm(op), [input, nil, nil, statistics[0], statistics[1]], call)]
    }
    func values(_ index: Int) throws(ModelError) -> [Float] {
      try lowering.builder.constant(statistics[index])?.floats() ?? []
    }
    let deviation = try values(1).map { max($0.squareRoot(), 1e-7) }
    let centered = try combine(
      .subtract, input, try values(0), shape: broadcast, &lowering, call, part: "mean", isWeight: true)
    return [
      try combine(.divide, centered, deviation, shape: broadcast, &lowering, call, part: nil, isWeight: true)
    ]
  }

  /// The input and numbers of the shape given, joined; one number stands for all.
  private static func combine(
    _ function: Binary.Function, _ input: ValueID, _ values: [Float], shape: [Int], _ lowering: inout ModelLowering,
    _ call: LayerCall, part: String?, isWeight: Bool = false
  ) throws(ModelError) -> ValueID {
    let name = "\(call.path.text)/\(part ?? "operand")"
    let tensor = try Tensor(values, shape: values.count == 1 ? [] : shape)
    var operand = lowering.builder.constant(name: name, tensor, isTrainable: false)
    if !isWeight, values.count > 1 {
      // Behind a node of its own, so that numbers of the configuration do not count as parameters.
      operand = try lowering.emit(
        .identity(Identity()), [operand], call, part: "\(part ?? "operand")s", isResult: false)
    }
    return try lowering.emit(.binary(Binary(function)), [input, operand], call, part: part, isResult: part == nil)
  }

  /// A number, a list of any nesting, or an array in an object; nil where the attribute is missing or null.
  private static func numbers(_ name: String, _ call: LayerCall) throws(ModelError) -> [Float]? {
    guard var value = call.attributes[name], !value.isNull else { return nil }
    if let object = value.objectValue, let inner = object["config"]?.objectValue?["value"] { value = inner }
    var result: [Float] = []
    var rest = [value]
    while let next = rest.popLast() {
      if let items = next.arrayValue {
        rest += items.reversed()
      } else if let number = next.realValue {
        result.append(Float(number))
      } else {
        throw ModelError(.malformed, "expected numbers, found \(next.kind)").within(.attribute(name))
      }
    }
    guard !result.isEmpty else { throw ModelError(.malformed, "expected numbers, found none").within(.attribute(name)) }
    return result
  }
}
