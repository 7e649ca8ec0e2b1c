import ModelGraph

/// A row-major tensor as runs of neighbouring elements that share a scale and a zero point.
struct ScaledRuns: Sendable {
  struct Parameters: Sendable {
    let scale: Float
    let zeroPoint: Int32
  }

  /// Elements of one run.
  let length: Int
  private let outer: Int
  private let parameters: [Parameters]

  /// - Throws: `.unsupported` for a type without scales, or with scales of blocks.
  init(_ type: TensorType, extents: [Int]) throws(ModelError) {
    switch type.quantization {
    case .perTensor(let scale, let zeroPoint)?:
      (length, outer) = (extents.reduce(1, *), 1)
      parameters = [Parameters(scale: scale, zeroPoint: zeroPoint)]
    case .perAxis(let axis, let scales, let zeroPoints)?
    where extents.indices.contains(axis) && scales.count == extents[axis] && zeroPoints.count == extents[axis]:
      (length, outer) = (extents[(axis + 1)...].reduce(1, *), extents[..<axis].reduce(1, *))
      parameters = zip(scales, zeroPoints).map { Parameters(scale: $0, zeroPoint: $1) }
    default: throw ModelError(.unsupported, "the engine has no kernel for counts of type \(type) of extents \(extents)")
    }
  }

  /// Integers that stand for themselves.
  init(plain count: Int) {
    (length, outer, parameters) = (count, 1, [Parameters(scale: 1, zeroPoint: 0)])
  }

  /// Hands the first element of each run and what its counts stand for to `body`.
  func forEach(_ body: (_ first: Int, _ parameters: Parameters) -> Void) {
    var first = 0
    for _ in 0..<outer {
      for run in parameters {
        body(first, run)
        first += length
      }
    }
  }
}
