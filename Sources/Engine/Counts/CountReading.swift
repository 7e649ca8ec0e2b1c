import CKernels
import ModelGraph

/// How kernels read the 8-bit counts of a tensor: all as int8, unsigned ones 128 lower together with their zero point.
struct CountReading: Hashable, Sendable {
  let flip: UInt8
  let zeroPoint: Int16

  /// Of counts that are read as they are.
  static let plain = CountReading(flip: 0, zeroPoint: 0)

  private init(flip: UInt8, zeroPoint: Int16) {
    self.flip = flip
    self.zeroPoint = zeroPoint
  }

  /// - Throws: `.unsupported` for a tensor that does not hold 8-bit counts with one scale.
  init(_ type: TensorType) throws(ModelError) {
    guard case .perTensor(_, let zeroPoint)? = type.quantization else {
      throw ModelError(.unsupported, "a tensor of type \(type) where one scale for all elements is needed")
    }
    try self.init(type.elementType, zeroPoint: zeroPoint)
  }

  /// - Throws: `.unsupported` for other than 8-bit elements, and for a zero point that is none of their counts.
  init(_ elementType: ElementType, zeroPoint: Int32) throws(ModelError) {
    guard elementType == .int8 || elementType == .uint8 else {
      throw ModelError(.unsupported, "\(elementType.name) elements where counts of 8 bits are needed")
    }
    guard elementType.countRange?.contains(Int(zeroPoint)) == true else {
      throw ModelError(.unsupported, "the zero point \(zeroPoint) of \(elementType.name) counts")
    }
    flip = elementType == .uint8 ? 0x80 : 0
    self.zeroPoint = Int16(truncatingIfNeeded: elementType == .uint8 ? zeroPoint - 128 : zeroPoint)
  }

  var arguments: ferry_count_reading { ferry_count_reading(flip: flip, zero_point: zeroPoint) }
}

/// Where the zero point of a map's counts comes from.
enum ZeroPointSource: Hashable, Sendable {
  /// It is known.
  case reading
  /// One a map of the batch, found when its numbers became counts.
  case rows(BufferID)
  /// Counts in a buffer of bytes: one for all maps, or one a map.
  case bytes(BufferID, isShared: Bool)

  var buffer: BufferID? {
    switch self {
    case .reading: nil
    case .rows(let buffer), .bytes(let buffer, _): buffer
    }
  }

  /// Puts the zero point of one map into a kernel's arguments.
  func fill(_ reading: inout ferry_count_reading, _ memory: Memory, map: Int) {
    switch self {
    case .reading: break
    case .rows(let buffer):
      reading.zero_point = Int16(truncatingIfNeeded: memory.rowParameters(buffer)[map].zero_point)
    case .bytes(let buffer, let isShared):
      let zeroPoint = memory.counts(buffer)[isShared ? 0 : map]
      reading.zero_point = Int16(Int8(bitPattern: zeroPoint ^ reading.flip))
    }
  }
}
