import ModelGraph

extension Graph {
  /// Bytes of the parameters by element type, shared ones counted once.
  func weightBytes() -> [ElementType: Int] {
    var seen: Set<ValueID> = []
    var bytes: [ElementType: Int] = [:]
    for value in nodes.flatMap({ parameterValues(of: $0) }) where seen.insert(value.id).inserted {
      guard let constant = value.constant else { continue }
      bytes[constant.elementType, default: 0] += constant.byteCount ?? 0
    }
    return bytes
  }

  /// The parameters that remain once every batch norm that reads only a convolution or dense layer is part of it: its own
  /// vectors go, a bias comes where the layer had none.
  func foldedParameterCount() -> Int {
    var count = parameterCount().total
    for node in nodes {
      guard case .batchNorm = node.op, let input = node.input(0), let layer = producer(of: input),
        soleConsumer(of: input)?.id == node.id
      else { continue }
      switch layer.op {
      case .conv2D, .convTranspose2D, .fullyConnected: break
      default: continue
      }
      let vectors = parameterValues(of: node).compactMap { $0.constant?.elementCount }
      count -= vectors.reduce(0, +)
      if layer.input(2) == nil { count += vectors.max() ?? 0 }
    }
    return count
  }
}
