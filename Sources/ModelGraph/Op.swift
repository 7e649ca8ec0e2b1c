/// Every operator there is. The enum is closed: the compiler names each place that a new one must be given a meaning.
public enum Op: Hashable, Sendable {
  case conv2D(Conv2D)
  case convTranspose2D(ConvTranspose2D)
  case fullyConnected(FullyConnected)
  case matMul(MatMul)
  case batchNorm(BatchNorm)
  case layerNorm(LayerNorm)
  case clamp(Clamp)
  case unary(Unary)
  case prelu(PReLU)
  case binary(Binary)
  case pool2D(Pool2D)
  case globalPool(GlobalPool)
  case reduce(Reduce)
  case softmax(Softmax)
  case pad(Pad)
  case reshape(Reshape)
  case flatten(Flatten)
  case squeeze(Squeeze)
  case unsqueeze(Unsqueeze)
  case transpose(Transpose)
  case concat(Concat)
  case split(Split)
  case slice(Slice)
  case gather(Gather)
  case resize2D(Resize2D)
  case spaceToDepth(SpaceToDepth)
  case depthToSpace(DepthToSpace)
  case cast(Cast)
  case quantize(Quantize)
  case dequantize(Dequantize)
  case reinterpret(Reinterpret)
  case dynamicQuantize(DynamicQuantize)
  case integerConv2D(IntegerConv2D)
  case integerMatMul(IntegerMatMul)
  case shapeOf(ShapeOf)
  case constantOfShape(ConstantOfShape)
  case expand(Expand)
  case tile(Tile)
  case argExtremum(ArgExtremum)
  case select(Select)
  case identity(Identity)
  case opaque(OpaqueOp)

  /// The payload, for what every operator has.
  public var payload: any Operator {
    switch self {
    case .conv2D(let payload): payload
    case .convTranspose2D(let payload): payload
    case .fullyConnected(let payload): payload
    case .matMul(let payload): payload
    case .batchNorm(let payload): payload
    case .layerNorm(let payload): payload
    case .clamp(let payload): payload
    case .unary(let payload): payload
    case .prelu(let payload): payload
    case .binary(let payload): payload
    case .pool2D(let payload): payload
    case .globalPool(let payload): payload
    case .reduce(let payload): payload
    case .softmax(let payload): payload
    case .pad(let payload): payload
    case .reshape(let payload): payload
    case .flatten(let payload): payload
    case .squeeze(let payload): payload
    case .unsqueeze(let payload): payload
    case .transpose(let payload): payload
    case .concat(let payload): payload
    case .split(let payload): payload
    case .slice(let payload): payload
    case .gather(let payload): payload
    case .resize2D(let payload): payload
    case .spaceToDepth(let payload): payload
    case .depthToSpace(let payload): payload
    case .cast(let payload): payload
    case .quantize(let payload): payload
    case .dequantize(let payload): payload
    case .reinterpret(let payload): payload
    case .dynamicQuantize(let payload): payload
    case .integerConv2D(let payload): payload
    case .integerMatMul(let payload): payload
    case .shapeOf(let payload): payload
    case .constantOfShape(let payload): payload
    case .expand(let payload): payload
    case .tile(let payload): payload
    case .argExtremum(let payload): payload
    case .select(let payload): payload
    case .identity(let payload): payload
    case .opaque(let payload): payload
    }
  }

  /// The stable name of the operator, without its attributes.
  public var name: String { type(of: payload).name }
}
