extension Tensor {
  /// Float32 weights [O, …] with row o multiplied by `factors[o]`, each product rounded once; computed where they are read.
  ///
  /// - Throws: `.internalFault` when the elements are no float32 numbers, or there is not one factor a row.
  public func scaledRows(by factors: [Float]) throws(ModelError) -> Tensor {
    guard elementType == .float32, type.quantization == nil, let rows = extents.first, rows == factors.count, rows > 0
    else { throw ModelError(.internalFault, "\(factors.count) factors for the rows of \(type)") }
    guard case .bytes(let storage, let range) = try densified().content else {
      throw ModelError(.internalFault, "a written-out tensor has no bytes")
    }
    let scaled = DerivedStorage(
      ScaledRows(source: storage, range: range, factors: factors, rowByteCount: range.count / rows))
    return try Tensor(type: TensorType(.float32, type.shape), storage: scaled, range: 0..<range.count)
  }

  /// Whether no finite float32 weight times a factor can be beyond float32. Reads the weights where a factor is above one.
  public func staysFinite(scaledBy factors: [Float]) -> Bool {
    let largestFactor = factors.reduce(0) { max($0, $1.magnitude) }
    if largestFactor <= 1 { return true }
    let bound =
      switch content {
      case .splat(let value): Float(value.doubleValue).magnitude
      case .bytes(let storage, let range): storage.float32Bound(range)
      }
    return !bound.isFinite || (bound * largestFactor).isFinite
  }
}

/// Rows of float32 numbers, each multiplied by a number of its own.
private struct ScaledRows: TensorDerivation {
  let source: any TensorStorage
  let range: Range<Int>
  let factors: [Float]
  let rowByteCount: Int

  var byteCount: Int { range.count }

  /// The source where it has to be computed itself, piece by piece like its rows.
  private var derivedSource: DerivedStorage? {
    guard let derived = source as? DerivedStorage, range == 0..<derived.byteCount else { return nil }
    return derived
  }

  var pieceAlignment: Int { max(derivedSource?.pieceAlignment ?? 0, MemoryLayout<Float>.size) }

  var float32Bound: Float { factors.reduce(0) { max($0, $1.magnitude) } * source.float32Bound(range) }

  func compute(_ part: Range<Int>, into target: UnsafeMutableRawBufferPointer) {
    if let derivedSource {
      derivedSource.compute(part, into: target)
    } else {
      defer { withExtendedLifetime(source) {} }
      let start = range.lowerBound
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source.bytes[start + part.lowerBound..<start + part.upperBound]))
    }
    // Pieces begin at whole elements, and memory that is computed into is aligned for them.
    guard let numbers = target.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
    let rowCount = rowByteCount / MemoryLayout<Float>.size
    let elements = part.lowerBound / MemoryLayout<Float>.size..<part.upperBound / MemoryLayout<Float>.size
    var position = elements.lowerBound
    while position < elements.upperBound {
      let row = position / rowCount
      let end = min((row + 1) * rowCount, elements.upperBound)
      let factor = factors[row]
      for index in position - elements.lowerBound..<end - elements.lowerBound { numbers[index] *= factor }
      position = end
    }
  }
}
