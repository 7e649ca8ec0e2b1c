extension TensorStorage {
  /// No float32 number in bytes `range` has a larger magnitude; NaN or infinite where one of them is.
  ///
  /// The largest magnitude itself where the bytes lie somewhere; where they follow from others, what follows from those.
  func float32Bound(_ range: Range<Int>) -> Float {
    if let derived = self as? DerivedStorage { return derived.float32Bound }
    defer { withExtendedLifetime(self) {} }
    let bytes = UnsafeRawBufferPointer(rebasing: bytes[range])
    // Without their signs, floats are ordered as the integers of the same bits are.
    var largest: Int32 = 0
    for index in 0..<bytes.count / 4 {
      largest = max(largest, bytes.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self) & 0x7FFF_FFFF)
    }
    return Float(bitPattern: UInt32(bitPattern: largest))
  }
}
