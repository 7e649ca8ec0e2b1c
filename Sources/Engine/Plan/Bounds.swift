import ModelGraph

/// A clamp as kernels take it: absent bounds are infinite.
struct Bounds: Hashable, Sendable {
  let lower: Float
  let upper: Float

  init(_ range: ClampRange = .unbounded) {
    lower = range.lower ?? -.infinity
    upper = range.upper ?? .infinity
  }
}
