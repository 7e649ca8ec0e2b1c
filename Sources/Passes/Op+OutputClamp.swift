import ModelGraph

extension Op {
  /// The range that the operator limits its output to; nil for one that has no such range.
  var outputClamp: ClampRange? {
    get {
      switch self {
      case .conv2D(let op): op.outputClamp
      case .convTranspose2D(let op): op.outputClamp
      case .fullyConnected(let op): op.outputClamp
      case .batchNorm(let op): op.outputClamp
      case .binary(let op): op.function.isPredicate ? nil : op.outputClamp
      case .pool2D(let op): op.outputClamp
      case .concat(let op): op.outputClamp
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .conv2D(var op):
        op.outputClamp = newValue
        self = .conv2D(op)
      case .convTranspose2D(var op):
        op.outputClamp = newValue
        self = .convTranspose2D(op)
      case .fullyConnected(var op):
        op.outputClamp = newValue
        self = .fullyConnected(op)
      case .batchNorm(var op):
        op.outputClamp = newValue
        self = .batchNorm(op)
      case .binary(var op):
        op.outputClamp = newValue
        self = .binary(op)
      case .pool2D(var op):
        op.outputClamp = newValue
        self = .pool2D(op)
      case .concat(var op):
        op.outputClamp = newValue
        self = .concat(op)
      default: break
      }
    }
  }
}
