extension Tensor {
  /// Hands the content's bytes to `body`; a splat is written out first.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    switch content {
    case .bytes(let storage, let range):
      defer { withExtendedLifetime(storage) {} }
      return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[range]))
    case .splat(let value):
      let dense = try densified(value)
      guard case .bytes(let storage, let range) = dense.content else {
        throw ModelError(.internalFault, "a written-out tensor has no bytes")
      }
      defer { withExtendedLifetime(storage) {} }
      return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[range]))
    }
  }

  /// The elements as they are stored; `Element` must be as wide as the element type.
  ///
  /// - Throws: `.internalFault` when it is not.
  public func elements<Element: BitwiseCopyable>(as: Element.Type) throws(ModelError) -> [Element] {
    guard elementType.bitWidth == MemoryLayout<Element>.stride * 8 else {
      throw ModelError(.internalFault, "\(Element.self) is not as wide as \(elementType.name)")
    }
    let count = elementCount
    return try withUnsafeBytes { (bytes) throws(ModelError) -> [Element] in
      [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        initialized = count
      }
    }
  }

  /// The elements of any numeric type as Float; counts of a quantized tensor stay counts.
  ///
  /// - Throws: `.unsupported` for strings.
  public func floats() throws(ModelError) -> [Float] {
    switch elementType {
    case .float32: try elements(as: Float.self)
    case .float16: try elements(as: Float16.self).map(Float.init)
    case .bfloat16: try elements(as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default: try doubles().map(Float.init)
    }
  }

  /// The elements of any numeric type as Double; counts of a quantized tensor stay counts.
  ///
  /// - Throws: `.unsupported` for strings.
  public func doubles() throws(ModelError) -> [Double] {
    switch elementType {
    case .float64: try elements(as: Double.self)
    case .float32, .float16, .bfloat16: try floats().map(Double.init)
    default: try integers().map(Double.init)
    }
  }

  /// The elements of an integer or Boolean type; a 64-bit unsigned element above `Int.max` is refused.
  ///
  /// - Throws: `.unsupported` for floating-point and string elements.
  public func integers() throws(ModelError) -> [Int] {
    switch elementType {
    case .int8: return try elements(as: Int8.self).map(Int.init)
    case .uint8: return try elements(as: UInt8.self).map(Int.init)
    case .bool: return try elements(as: UInt8.self).map { $0 == 0 ? 0 : 1 }
    case .int16: return try elements(as: Int16.self).map(Int.init)
    case .uint16: return try elements(as: UInt16.self).map(Int.init)
    case .int32: return try elements(as: Int32.self).map(Int.init)
    case .uint32: return try elements(as: UInt32.self).map(Int.init)
    case .int64: return try elements(as: Int64.self).map(Int.init)
    case .uint64:
      let values = try elements(as: UInt64.self)
      guard let largest = values.max(), largest > UInt64(Int.max) else { return values.map { Int($0) } }
      throw ModelError(.unsupported, "the integer \(largest) does not fit in 64 signed bits")
    case .int4:
      let count = elementCount
      return try withUnsafeBytes { (bytes) throws(ModelError) -> [Int] in
        (0..<count).map { index in
          // Two elements a byte, the lower four bits first; the sign is the fourth bit.
          let nibble = index % 2 == 0 ? bytes[index / 2] & 15 : bytes[index / 2] >> 4
          return nibble > 7 ? Int(nibble) - 16 : Int(nibble)
        }
      }
    case .float32, .float16, .bfloat16, .float64, .string:
      throw ModelError(.unsupported, "expected integers, found \(elementType.name)")
    }
  }

  /// A splat written out as bytes; any other tensor as it is.
  public func densified() throws(ModelError) -> Tensor {
    if case .splat(let value) = content { try densified(value) } else { self }
  }

  private func densified(_ value: Scalar) throws(ModelError) -> Tensor {
    let count = elementCount
    func filled<Element: BitwiseCopyable>(_ element: Element) throws(ModelError) -> Tensor {
      try Tensor([Element](repeating: element, count: count), type: type)
    }
    func exactly<Count: FixedWidthInteger & BitwiseCopyable>(_: Count.Type) throws(ModelError) -> Tensor {
      let exact: Count? =
        switch value {
        case .integer(let integer): Count(exactly: integer)
        case .floating(let number): Count(exactly: number)
        }
      guard let exact else { throw ModelError(.malformed, "\(value.doubleValue) is no \(elementType.name)") }
      return try filled(exact)
    }
    switch elementType {
    case .float32: return try filled(Float(value.doubleValue))
    case .float16: return try filled(Float16(value.doubleValue))
    case .bfloat16: return try filled(UInt16(truncatingIfNeeded: Float(value.doubleValue).bitPattern >> 16))
    case .float64: return try filled(value.doubleValue)
    case .int8: return try exactly(Int8.self)
    case .uint8, .bool: return try exactly(UInt8.self)
    case .int16: return try exactly(Int16.self)
    case .uint16: return try exactly(UInt16.self)
    case .int32: return try exactly(Int32.self)
    case .uint32: return try exactly(UInt32.self)
    case .int64: return try exactly(Int64.self)
    case .uint64: return try exactly(UInt64.self)
    case .int4, .string: throw ModelError(.unsupported, "a splat of type \(elementType.name)")
    }
  }
}
