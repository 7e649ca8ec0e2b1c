import ModelGraph

/// What a layer does with its sums before it hands them on.
public enum LayerActivation: Hashable, Sendable {
  case none
  case relu
  case relu6
  /// A clamp with other bounds.
  case clamp(String)
  /// No clamp of its own, but counts that only stand for 0 … upper.
  case quantizedRange(upper: Float)
  /// Any other function, by name.
  case other(String)

  /// Whether it is ReLU6, as far as the file tells: a range of counts that begins at zero clamps just as well.
  public var isReLU6: Bool {
    switch self {
    case .relu6, .quantizedRange: true
    default: false
    }
  }

  init(_ range: ClampRange) {
    switch range {
    case .unbounded: self = .none
    case .relu: self = .relu
    case .relu6: self = .relu6
    default: self = .clamp(range.description)
    }
  }
}

extension LayerActivation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "linear"
    case .relu: "ReLU"
    case .relu6: "ReLU6"
    case .clamp(let range): "clamp \(range)"
    case .quantizedRange(let upper): "clamped by its counts to 0…\(upper)"
    case .other(let name): name
    }
  }
}
