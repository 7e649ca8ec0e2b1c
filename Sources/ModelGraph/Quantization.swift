/// How the counts of a tensor stand for real numbers: real = scale · (count − zero point).
public enum Quantization: Hashable, Sendable {
  case perTensor(scale: Float, zeroPoint: Int32)
  /// One scale and zero point for each index of `axis`.
  case perAxis(axis: Int, scales: [Float], zeroPoints: [Int32])
  /// One scale and zero point for each `blockSize` neighbours along `axis`, in row-major order of the blocks.
  case blocked(axis: Int, blockSize: Int, scales: [Float], zeroPoints: [Int32])

  /// The axis along which the parameters change.
  public var axis: Int? {
    switch self {
    case .perTensor: nil
    case .perAxis(let axis, _, _), .blocked(let axis, _, _, _): axis
    }
  }

  public var scales: [Float] {
    switch self {
    case .perTensor(let scale, _): [scale]
    case .perAxis(_, let scales, _), .blocked(_, _, let scales, _): scales
    }
  }

  public var zeroPoints: [Int32] {
    switch self {
    case .perTensor(_, let zeroPoint): [zeroPoint]
    case .perAxis(_, _, let zeroPoints), .blocked(_, _, _, let zeroPoints): zeroPoints
    }
  }

  /// The same quantization of the tensor whose axis `i` was axis `permutation[i]`.
  public func permuted(by permutation: [Int]) -> Quantization {
    switch self {
    case .perTensor: self
    case .perAxis(let axis, let scales, let zeroPoints):
      .perAxis(axis: permutation.firstIndex(of: axis) ?? axis, scales: scales, zeroPoints: zeroPoints)
    case .blocked(let axis, let size, let scales, let zeroPoints):
      .blocked(
        axis: permutation.firstIndex(of: axis) ?? axis, blockSize: size, scales: scales, zeroPoints: zeroPoints)
    }
  }
}

extension Quantization: CustomStringConvertible {
  public var description: String {
    switch self {
    case .perTensor(let scale, let zeroPoint): "scale \(scale), zero point \(zeroPoint)"
    case .perAxis(let axis, let scales, _): "\(scales.count) scales along axis \(axis)"
    case .blocked(let axis, let size, let scales, _): "\(scales.count) scales, blocks of \(size) along axis \(axis)"
    }
  }
}
