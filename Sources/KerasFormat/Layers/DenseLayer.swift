import FormatSupport
import ModelGraph

/// Dense: along the last axis, whatever stands in front of it.
enum DenseLayer {
  static func lower(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let units = try call.attributes.positiveInteger("units")
    let usesBias = try call.attributes.flag("use_bias", default: true)
    let activation = try Activation(call.attributes["activation"], version: lowering.version)
    // Keras 2.0 repeats the shape in words of its own.
    call.attributes.ignore("input_dim")
    let input = try call.input()
    guard let features = try lowering.dimensions(input).last else {
      throw ModelError(.malformed, "the input is a scalar")
    }
    var variables = [ModelLowering.Variable(name: "kernel", shape: [features.fixedValue, units])]
    if usesBias { variables.append(.init(name: "bias", shape: [units])) }
    let constants = try lowering.constants(variables, call)
    let op = FullyConnected(
      weightLayout: .inputOutput, keepsLeadingAxes: true, outputClamp: activation.outputClamp ?? .unbounded)
    return [
      try lowering.emit([.init(.fullyConnected(op), constants)], from: input, activation: activation.behindClamp, call)
    ]
  }
}
