extension Graph {
  /// Checks that every parameter that is a real number is finite, and so every constant of more than one number: it may become a
  /// parameter when passes compute what hangs on constants alone.
  ///
  /// - Parameter source: the graph that passes made this one of, which was checked: what lies where its constants do, and what
  ///   follows from those by their order or by factors, is not read again.
  /// - Throws: `.nonFinite` naming the constant and the node that reads it.
  public func requireFiniteParameters(madeFrom source: Graph? = nil) throws(ModelError) {
    var seen = ValueSet()
    let known = source?.constantStorages ?? []
    for node in nodes {
      let constants = node.inputs.compactMap { $0.flatMap { value($0) } }.filter { $0.constant?.elementCount ?? 0 > 1 }
      for value in parameterValues(of: node) + constants where seen.insert(value.id) {
        guard let constant = value.constant, !constant.isMade(of: known),
          let index = try constant.firstNonFiniteElement()
        else { continue }
        let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
        throw ModelError(
          .nonFinite, "element \(index) of \(constant.elementCount) is not a finite number",
          hint: "'--allow-nonfinite' lets such weights through"
        ).within(.tensor(value.origin?.name ?? value.name)).within(frame)
      }
    }
  }

  /// Where its constants lie.
  private var constantStorages: Set<ObjectIdentifier> {
    Set(
      values.compactMap { value in
        if case .bytes(let storage, _)? = value.constant?.content { ObjectIdentifier(storage) } else { nil }
      })
  }
}

extension Tensor {
  /// Whether the content lies in one of these storages, or follows from one that does and stays finite with it.
  fileprivate func isMade(of storages: Set<ObjectIdentifier>) -> Bool {
    guard case .bytes(let storage, _) = content else { return false }
    return storages.contains(ObjectIdentifier((storage as? DerivedStorage)?.root ?? storage))
  }

  /// The position of the first element that is NaN or infinite; nil where there is none.
  func firstNonFiniteElement() throws(ModelError) -> Int? {
    if case .splat(let value) = content {
      return !elementType.isFloatingPoint || value.doubleValue.isFinite || elementCount == 0 ? nil : 0
    }
    return try withUnsafeBytes { (bytes) throws(ModelError) in elementType.firstNonFinite(in: bytes) }
  }
}

extension ElementType {
  /// The position of the first element of `bytes` that is NaN or infinite; nil where there is none.
  public func firstNonFinite(in bytes: UnsafeRawBufferPointer) -> Int? {
    // All exponent bits set mark NaN and the infinities (IEEE 754).
    switch self {
    case .float32: Self.firstElement(in: bytes, withAllBitsOf: 0x7F80_0000 as UInt32)
    case .float16: Self.firstElement(in: bytes, withAllBitsOf: 0x7C00 as UInt16)
    case .bfloat16: Self.firstElement(in: bytes, withAllBitsOf: 0x7F80 as UInt16)
    case .float64: Self.firstElement(in: bytes, withAllBitsOf: 0x7FF0_0000_0000_0000 as UInt64)
    default: nil
    }
  }

  private static func firstElement<Bits: FixedWidthInteger & BitwiseCopyable>(
    in bytes: UnsafeRawBufferPointer, withAllBitsOf mask: Bits
  ) -> Int? {
    let width = MemoryLayout<Bits>.size, count = bytes.count / width
    // A sum that carries into the sign where all bits of the mask are set, and a block's sums joined without a branch on
    // each element: vectors of them, at memory speed.
    let lowest: Bits = 1 << Bits(mask.trailingZeroBitCount), sign: Bits = 1 << Bits(Bits.bitWidth - 1)
    let blockSize = 1024
    var start = 0
    while start < count {
      let end = min(start &+ blockSize, count)
      var joined: Bits = 0
      for index in start..<end {
        joined |= (bytes.loadUnaligned(fromByteOffset: index &* width, as: Bits.self) & mask) &+ lowest
      }
      if joined & sign != 0 {
        return (start..<end).first {
          bytes.loadUnaligned(fromByteOffset: $0 &* width, as: Bits.self) & mask == mask
        }
      }
      start = end
    }
    return nil
  }
}
