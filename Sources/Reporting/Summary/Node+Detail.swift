import ModelGraph

extension Node {
  /// The attributes that a reader of a summary looks for, in a few words.
  func detail(in graph: Graph) -> String {
    var words: [String] = []
    switch op {
    case .conv2D(let conv):
      let filter = graph.type(self, 1)
      if conv.groups > 1 { words.append(isDepthwise(conv, filter) ? "depthwise" : "\(conv.groups) groups") }
      if let filter, let kernel = conv.kernel(filter: filter) { words.append("\(kernel)") }
      words += Self.window(strides: conv.strides, dilation: conv.dilation, padding: conv.padding)
      words += Self.clamp(conv.outputClamp)
    case .convTranspose2D(let conv):
      words += Self.window(strides: conv.strides, dilation: conv.dilation, padding: .none)
      words += Self.clamp(conv.outputClamp)
    case .pool2D(let pool):
      words += [pool.kind.rawValue, "\(pool.kernel)"]
      words += Self.window(strides: pool.strides, dilation: pool.dilation, padding: pool.padding)
      words += Self.clamp(pool.outputClamp)
    case .globalPool(let pool): words = [pool.kind.rawValue]
    case .reduce(let reduce):
      words = [reduce.function.rawValue, "axes \(reduce.axes.map(String.init).joined(separator: ","))"]
    case .fullyConnected(let dense): words = Self.clamp(dense.outputClamp)
    case .batchNorm(let norm): words = ["ε \(norm.epsilon)"] + Self.clamp(norm.outputClamp)
    case .clamp(let clamp): words = [clamp.range.description]
    case .unary(let unary): words = ["\(unary.function)"]
    case .binary(let binary): words = [binary.function.rawValue] + Self.clamp(binary.outputClamp)
    case .opaque(let opaque):
      words = ["\(opaque.domain) \(opaque.operatorName)" + (opaque.version.map { " v\($0)" } ?? "")]
    default: break
    }
    return words.joined(separator: " ")
  }

  private func isDepthwise(_ conv: Conv2D, _ filter: TensorType?) -> Bool {
    guard let dimensions = filter?.shape.dimensions, dimensions.count == 4 else { return false }
    // One input channel a group.
    return conv.filterLayout.inputChannels(dimensions, groups: conv.groups).fixedValue == conv.groups
  }

  private static func window(strides: Size2D, dilation: Size2D, padding: Padding2D) -> [String] {
    var words: [String] = []
    if strides != .one {
      words.append(strides.height == strides.width ? "stride \(strides.height)" : "stride \(strides)")
    }
    if dilation != .one {
      words.append(dilation.height == dilation.width ? "dilation \(dilation.height)" : "dilation \(dilation)")
    }
    switch padding {
    case .explicit(.zero), .valid: break
    case .explicit(let insets):
      words.append(
        Set([insets.top, insets.left, insets.bottom, insets.right]).count == 1 ? "pad \(insets.top)" : "pad \(insets)")
    case .same: words.append("same")
    }
    return words
  }

  private static func clamp(_ range: ClampRange) -> [String] { range.isUnbounded ? [] : [range.description] }
}
