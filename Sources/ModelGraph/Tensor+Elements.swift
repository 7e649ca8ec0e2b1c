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

  /// The tensor whose axis `i` is this one's axis `permutation[i]`, its bytes in the new row-major order.
  ///
  /// - Throws: `.internalFault` when `permutation` is none of this rank; `.unsupported` for types narrower than a byte.
  public func transposed(_ permutation: [Int]) throws(ModelError) -> Tensor {
    guard permutation.sorted() == Array(0..<extents.count) else {
      throw ModelError(.internalFault, "\(permutation) does not permute \(type)")
    }
    let newType = type.permuted(by: permutation)
    if case .splat(let value) = content { return try Tensor(type: newType, splat: value) }
    guard let bitWidth = elementType.bitWidth, bitWidth >= 8 else {
      throw ModelError(.unsupported, "cannot transpose elements of type \(elementType.name)")
    }
    switch bitWidth {
    case 8: return try Tensor(permutedElements(as: UInt8.self, permutation), type: newType)
    case 16: return try Tensor(permutedElements(as: UInt16.self, permutation), type: newType)
    case 32: return try Tensor(permutedElements(as: UInt32.self, permutation), type: newType)
    default: return try Tensor(permutedElements(as: UInt64.self, permutation), type: newType)
    }
  }

  private func permutedElements<Element: BitwiseCopyable>(
    as: Element.Type, _ permutation: [Int]
  ) throws(ModelError) -> [Element] {
    let source = try elements(as: Element.self)
    guard !source.isEmpty, !permutation.isEmpty else { return source }
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    let newExtents = permutation.map { extents[$0] }
    let newStrides = permutation.map { strides[$0] }
    let last = newExtents.count - 1
    return [Element](unsafeUninitializedCapacity: source.count) { buffer, initialized in
      var index = [Int](repeating: 0, count: newExtents.count)
      var base = 0
      var written = 0
      while written < source.count {
        // One run along the innermost new axis, then carry as an odometer does.
        for step in 0..<newExtents[last] { buffer[written + step] = source[base + step * newStrides[last]] }
        written += newExtents[last]
        var axis = last - 1
        while axis >= 0 {
          index[axis] += 1
          base += newStrides[axis]
          if index[axis] < newExtents[axis] { break }
          base -= newStrides[axis] * newExtents[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      initialized = source.count
    }
  }
}
