import FormatSupport
import ModelGraph

/// Layers that are a function of each element, and Softmax.
enum ActivationLayers {
  static func withoutWeights(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    guard
      let activation = try Activation.layer(call.layer.className, call.attributes, version: lowering.version)
    else { throw ModelError(.internalFault, "'\(call.layer.className)' is no activation") }
    return [try lowering.emit(activation, of: try call.input(), call)]
  }

  static func softmax(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let input = try call.input()
    let axis = try call.attributes.axis("axis", rank: try lowering.dimensions(input).count, default: -1)
    return [try lowering.emit(.softmax(Softmax(axis: axis)), [input], call)]
  }

  static func prelu(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let input = try call.input()
    let dimensions = try lowering.dimensions(input)
    let shared = try call.attributes.axes("shared_axes", rank: dimensions.count, default: [])
    // One slope an element, the batch aside; one for all along shared axes.
    let shape = dimensions.indices.dropFirst().map { shared.contains($0) ? 1 : dimensions[$0].fixedValue }
    let slope = try lowering.constants([.init(name: "alpha", shape: shape)], call)
    return [try lowering.emit(.prelu(PReLU()), [input] + slope, call)]
  }
}
