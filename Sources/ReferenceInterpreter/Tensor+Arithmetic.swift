import ModelGraph

extension Tensor {
  /// A tensor of real numbers, each rounded once, to nearest with ties to even, to the element type.
  ///
  /// - Throws: `.unsupported` when the element type is not floating-point.
  init(rounding values: [Double], type: TensorType) throws(ModelError) {
    switch type.elementType {
    case .float64: try self.init(values, type: type)
    case .float32: try self.init(values.map { Float($0) }, type: type)
    case .float16: try self.init(values.map { Float16($0) }, type: type)
    case .bfloat16: try self.init(values.map(Self.bfloat16Bits), type: type)
    default: throw ModelError(.unsupported, "real numbers as \(type.elementType.name)")
    }
  }

  /// A tensor of integers, each reduced modulo 2ⁿ to the n bits of the element type; Booleans are whether it is not zero.
  ///
  /// - Throws: `.unsupported` when the element type is no integer of at least 8 bits.
  init(wrapping values: [Int], type: TensorType) throws(ModelError) {
    switch type.elementType {
    case .bool: try self.init(values.map { $0 == 0 ? 0 : 1 as UInt8 }, type: type)
    case .int8, .uint8: try self.init(values.map { UInt8(truncatingIfNeeded: $0) }, type: type)
    case .int16, .uint16: try self.init(values.map { UInt16(truncatingIfNeeded: $0) }, type: type)
    case .int32, .uint32: try self.init(values.map { UInt32(truncatingIfNeeded: $0) }, type: type)
    case .int64, .uint64: try self.init(values.map { Int64($0) }, type: type)
    default: throw ModelError(.unsupported, "integers as \(type.elementType.name)")
    }
  }

  /// The upper half of a float32, rounded from the float64 in one step.
  private static func bfloat16Bits(_ value: Double) -> UInt16 {
    var single = Float(value)
    if single.isNaN { return 0x7FC0 }
    // The first rounding must not make a tie of what is none: it leaves an odd last bit wherever it was not exact
    // (rounding to odd), and the second rounding then sees on which side the value lies.
    if Double(single) != value, single.bitPattern & 1 == 0 {
      let isBelow = Double(single).magnitude < value.magnitude
      single = Float(bitPattern: isBelow ? single.bitPattern + 1 : single.bitPattern - 1)
    }
    let bits = single.bitPattern
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
  }

  /// The tensor stretched to `extents` by numpy's rule: axes aligned from the last, extents of one repeated.
  func broadcast(to extents: [Int]) throws(ModelError) -> Tensor {
    if self.extents == extents { return self }
    let missing = extents.count - self.extents.count
    guard missing >= 0 else { throw ModelError(.internalFault, "cannot stretch \(type) to \(extents)") }
    let aligned = [Int](repeating: 1, count: missing) + self.extents
    var tables: [[Int]] = []
    for (own, wanted) in zip(aligned, extents) {
      guard own == wanted || own == 1 else { throw ModelError(.malformed, "cannot stretch \(type) to \(extents)") }
      tables.append(own == wanted ? Array(0..<wanted) : [Int](repeating: 0, count: wanted))
    }
    return try reshaped(to: aligned).picked(tables, type: type.with(shape: Shape(extents)))
  }

  /// The tensor with result[i₀, i₁, …] = self[tables[0][i₀], tables[1][i₁], …]; a negative entry takes `fill`.
  ///
  /// - Throws: `.internalFault` when a table does not fit its axis or the shape of `type`; `.unsupported` for types narrower than
  ///   a byte.
  func picked(_ tables: [[Int]], type: TensorType, fill: Scalar = .integer(0)) throws(ModelError) -> Tensor {
    guard tables.count == extents.count, type.shape.extents == tables.map(\.count), type.elementType == elementType
    else { throw ModelError(.internalFault, "cannot pick \(type) out of \(self.type)") }
    for (table, extent) in zip(tables, extents) {
      guard table.allSatisfy({ $0 < extent }) else {
        throw ModelError(.internalFault, "an index beyond an axis of \(self.type)")
      }
    }
    switch elementType.bitWidth {
    case 8: return try Tensor(try pickedElements(as: UInt8.self, tables, fill), type: type)
    case 16: return try Tensor(try pickedElements(as: UInt16.self, tables, fill), type: type)
    case 32: return try Tensor(try pickedElements(as: UInt32.self, tables, fill), type: type)
    case 64: return try Tensor(try pickedElements(as: UInt64.self, tables, fill), type: type)
    default: throw ModelError(.unsupported, "cannot move single elements of type \(elementType.name)")
    }
  }

  private func pickedElements<Element: BitwiseCopyable>(
    as: Element.Type, _ tables: [[Int]], _ fill: Scalar
  ) throws(ModelError) -> [Element] {
    let source = try elements(as: Element.self)
    guard let columns = tables.last else { return source }
    let filling = try Tensor(type: TensorType(elementType, [1]), splat: fill).elements(as: Element.self)[0]
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] &* extents[axis + 1]
    }
    var result: [Element] = []
    result.reserveCapacity(try Evaluation.product(tables.map(\.count)))
    if tables.contains(where: \.isEmpty) { return result }
    var index = [Int](repeating: 0, count: tables.count)
    while true {
      var base: Int? = 0
      for axis in 0..<(tables.count - 1) {
        let entry = tables[axis][index[axis]]
        base = entry < 0 ? nil : base.map { $0 + entry * strides[axis] }
      }
      if let base {
        for column in columns { result.append(column < 0 ? filling : source[base + column]) }
      } else {
        result.append(contentsOf: repeatElement(filling, count: columns.count))
      }
      // Carry to the next row as an odometer does.
      var axis = tables.count - 2
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < tables[axis].count { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}

extension ClampRange {
  /// min(max(x, lower), upper); NaN stays NaN, as no comparison with it holds.
  func applied(_ x: Double) -> Double {
    var y = x
    if let lower, y < Double(lower) { y = Double(lower) }
    if let upper, y > Double(upper) { y = Double(upper) }
    return y
  }

  /// The same for integers: the smallest and the largest integer inside the range bound them.
  func applied(_ x: Int) -> Int {
    var y = x
    if let lower { y = max(y, Int(saturating: Double(lower).rounded(.up))) }
    if let upper { y = min(y, Int(saturating: Double(upper).rounded(.down))) }
    return y
  }
}

extension FixedWidthInteger {
  /// The number cut towards zero, the nearest end of the type's range where it lies outside, zero for NaN.
  init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else if let exact = Self(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value < 0 ? .min : .max
    }
  }
}
