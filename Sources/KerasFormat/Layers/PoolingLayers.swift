import FormatSupport
import ModelGraph

/// Maxima and averages over windows and over whole maps.
enum PoolingLayers {
  static func maximum2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try pool2D(.maximum, &lowering, call)
  }

  static func average2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try pool2D(.average, &lowering, call)
  }

  private static func pool2D(
    _ kind: Pool2D.Kind, _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let kernel = try call.attributes.size("pool_size")
    let strides = try call.attributes.size("strides", default: kernel)
    let op = Pool2D(
      kind, kernel: kernel, strides: strides, padding: try call.attributes.padding(),
      layout: try call.attributes.layout())
    return [try lowering.emit(.pool2D(op), [try call.input()], call)]
  }

  static func globalAverage2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try globalPool2D(.average, &lowering, call)
  }

  static func globalMaximum2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    try globalPool2D(.maximum, &lowering, call)
  }

  private static func globalPool2D(
    _ kind: Pool2D.Kind, _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    let op = GlobalPool(
      kind, keepsAxes: try call.attributes.flag("keepdims", default: false), layout: try call.attributes.layout())
    return [try lowering.emit(.globalPool(op), [try call.input()], call)]
  }
}
