extension Graph {
  /// Checks that every parameter that is a real number is finite.
  ///
  /// - Throws: `.nonFinite` naming the constant and the node that reads it.
  public func requireFiniteParameters() throws(ModelError) {
    var seen: Set<ValueID> = []
    for node in nodes {
      for value in parameterValues(of: node) where seen.insert(value.id).inserted {
        guard let constant = value.constant, let index = try constant.firstNonFiniteElement() else { continue }
        let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
        throw ModelError(
          .nonFinite, "element \(index) of \(constant.elementCount) is not a finite number",
          hint: "'--allow-nonfinite' lets such weights through"
        ).within(.tensor(value.origin?.name ?? value.name)).within(frame)
      }
    }
  }
}

extension Tensor {
  /// The position of the first element that is NaN or infinite; nil where there is none.
  func firstNonFiniteElement() throws(ModelError) -> Int? {
    // All exponent bits set mark NaN and the infinities (IEEE 754).
    switch elementType {
    case .float32: try firstElement(withAllBitsOf: 0x7F80_0000 as UInt32)
    case .float16: try firstElement(withAllBitsOf: 0x7C00 as UInt16)
    case .bfloat16: try firstElement(withAllBitsOf: 0x7F80 as UInt16)
    case .float64: try firstElement(withAllBitsOf: 0x7FF0_0000_0000_0000 as UInt64)
    default: nil
    }
  }

  private func firstElement<Bits: FixedWidthInteger & BitwiseCopyable>(
    withAllBitsOf mask: Bits
  ) throws(ModelError) -> Int? {
    if case .splat(let value) = content { return value.doubleValue.isFinite || elementCount == 0 ? nil : 0 }
    let width = MemoryLayout<Bits>.size
    return try withUnsafeBytes { (bytes) throws(ModelError) -> Int? in
      let count = bytes.count / width
      // Blocks without a branch on each element: a network's weights are checked at memory speed.
      let blockSize = 1024
      var start = 0
      while start < count {
        let end = min(start + blockSize, count)
        var isFound = false
        for index in start..<end {
          let element = bytes.loadUnaligned(fromByteOffset: index * width, as: Bits.self)
          isFound = (element & mask) == mask ? true : isFound
        }
        if isFound {
          return (start..<end).first {
            bytes.loadUnaligned(fromByteOffset: $0 * width, as: Bits.self) & mask == mask
          }
        }
        start = end
      }
      return nil
    }
  }
}
