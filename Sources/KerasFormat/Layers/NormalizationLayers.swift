import FormatSupport
import ModelGraph

/// BatchNormalization and LayerNormalization.
enum NormalizationLayers {
  static func batchNormalization(
    _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let input = try call.input()
    let dimensions = try lowering.dimensions(input)
    let axis = try call.attributes.axis("axis", rank: dimensions.count, default: -1)
    let epsilon = try call.attributes.float("epsilon", default: 1e-3)
    let scales = try call.attributes.flag("scale", default: true)
    let centers = try call.attributes.flag("center", default: true)
    // How the statistics were gathered; `fused` chooses a kernel, `renorm` changes training only.
    call.attributes.ignore(
      "momentum", "fused", "renorm", "renorm_clipping", "renorm_momentum", "virtual_batch_size", "synchronized", "mode",
      "adjustment")
    let channels = dimensions[axis].fixedValue
    var variables: [ModelLowering.Variable] = []
    if scales { variables.append(.init(name: "gamma", shape: [channels])) }
    if centers { variables.append(.init(name: "beta", shape: [channels])) }
    variables.append(.init(name: "moving_mean", shape: [channels], isStatistic: true))
    variables.append(.init(name: "moving_variance", shape: [channels], isStatistic: true))
    var constants = try lowering.constants(variables, call)[...]
    let gamma = scales ? constants.popFirst() : nil
    let beta = centers ? constants.popFirst() : nil
    return [
      try lowering.emit(
        .batchNorm(BatchNorm(epsilon: epsilon, axis: axis)), [input, gamma, beta] + Array(constants), call)
    ]
  }

  static func layerNormalization(
    _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let input = try call.input()
    let dimensions = try lowering.dimensions(input)
    let axes = try call.attributes.axes("axis", rank: dimensions.count, default: [-1]).sorted()
    let epsilon = try call.attributes.float("epsilon", default: 1e-3)
    let scales = try call.attributes.flag("scale", default: true)
    let centers = try call.attributes.flag("center", default: true)
    for name in ["rms_scaling", "use_rms_scaling"] where try call.attributes.flag(name, default: false) {
      throw ModelError(.unsupported, "\(name) = true").within(.attribute(name))
    }
    guard let first = axes.first, axes == Array(first..<dimensions.count) else {
      throw ModelError(.unsupported, "axes \(axes), which are not the last ones").within(.attribute("axis"))
    }
    let shape = axes.map { dimensions[$0].fixedValue }
    var variables: [ModelLowering.Variable] = []
    if scales { variables.append(.init(name: "gamma", shape: shape)) }
    if centers { variables.append(.init(name: "beta", shape: shape)) }
    var constants = try lowering.constants(variables, call)[...]
    let gamma = scales ? constants.popFirst() : nil
    let beta = centers ? constants.popFirst() : nil
    return [
      try lowering.emit(.layerNorm(LayerNorm(epsilon: epsilon, axis: first)), [input, gamma, beta], call)
    ]
  }
}
