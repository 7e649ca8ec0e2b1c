/// Stretches x by broadcasting to (at least) the shape in the second input. ONNX Expand; TensorFlow Lite BROADCAST_TO.
public struct Expand: Operator {
  public static let name = "expand"

  public init() {}

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...2)
    let x = try inputs.type(0)
    guard let requested = try Reshape.requestedDimensions(inputs, index: 1) else {
      return [x.with(shape: .unranked)]
    }
    return [x.with(shape: try Shape.broadcast(x.shape, .ranked(requested)))]
  }
}
