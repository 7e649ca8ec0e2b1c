/// How expansion, depthwise convolution and projection of a block run.
public enum BlockStrategy: String, Hashable, Sendable, CaseIterable {
  /// What suits each block's extents and the machine's caches.
  case automatic
  /// One after another.
  case unfused
  /// Together, a few rows at a time, wherever that is possible.
  case rows
  /// Expansion and depthwise convolution together, some channels at a time, wherever that is possible.
  case panels
}
