import FormatSupport
import ModelGraph

/// TimeDistributed: a layer or model applied to every step of [N, T, …].
enum WrapperLayers {
  static func timeDistributed(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    call.attributes.ignore("layer")
    guard let inner = call.layer.wrapped.first else {
      throw ModelError(.malformed, "the layer wraps none").within(.attribute("layer"))
    }
    let input = try call.input()
    let dimensions = try lowering.dimensions(input)
    guard dimensions.count >= 2, let steps = dimensions[1].fixedValue else {
      throw ModelError(.unsupported, "the number of steps of its input is not known")
    }
    // Batch and steps become one axis, and come apart again.
    let joined = try lowering.emit(
      .reshape(Reshape([.inferred] + (try extents(dimensions.dropFirst(2))))), [input], call, part: "join",
      isResult: false)
    let outputs = try lowering.apply(inner, to: [joined], wrappedIn: call)
    guard outputs.count == 1, let output = outputs.first else {
      throw ModelError(.unsupported, "the wrapped layer has \(outputs.count) outputs")
    }
    let rest = try extents(try lowering.dimensions(output).dropFirst())
    return [
      try lowering.emit(
        .reshape(Reshape([.inferred, .fixed(steps)] + rest)), [output], call, part: "split")
    ]
  }

  private static func extents(_ dimensions: ArraySlice<Dimension>) throws(ModelError) -> [Reshape.Extent] {
    var result: [Reshape.Extent] = []
    for dimension in dimensions {
      guard let extent = dimension.fixedValue else {
        throw ModelError(.unsupported, "the extents of its input are not known")
      }
      result.append(.fixed(extent))
    }
    return result
  }
}
