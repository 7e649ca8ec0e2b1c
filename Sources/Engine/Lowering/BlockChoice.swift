import ModelGraph

/// Chooses how a block runs, from its extents and the caches.
struct BlockChoice {
  let expand: PlanBuilder.Convolution?
  let depthwise: PlanBuilder.Convolution
  let project: PlanBuilder.Convolution
  let lanes: Int
  let caches: CacheSizes

  /// Output rows in one go: two at least, so that weights are read half as often, and enough pixels for whole tiles.
  static func group(_ map: MapExtents) -> Int { min(max(56 / map.width, 2), map.height) }

  /// Bytes that making rows goes through again and again: the ring, the depthwise rows, all weights.
  private var rowBytes: Int {
    let wide = depthwise.inputMap, out = depthwise.outputMap
    let group = Self.group(out)
    let reach = (depthwise.kernel.height - 1) * depthwise.dilation.height + 1
    let ring = expand == nil ? 0 : ((group - 1) * depthwise.strides.height + reach) * wide.width * wide.channels
    let line = group * out.width * out.channels
    let weights =
      (expand.map { $0.inputMap.channels * wide.channels } ?? 0) + out.channels * project.outputMap.channels
    return (ring + line + weights) * MemoryLayout<Float>.stride
  }

  /// Nil where the layers run one after another.
  func mode(_ strategy: BlockStrategy) -> (BlockFusions.Mode, reason: String)? {
    switch strategy {
    case .unfused: return nil
    case .rows: return (.rows, "rows were asked for")
    case .panels: return expand == nil ? nil : (.panels, "panels were asked for")
    case .automatic: break
    }
    let wide = depthwise.inputMap
    // The expanded map; without an expansion the map that rows keep from being made, the depthwise one.
    let made = expand == nil ? depthwise.outputMap : wide
    let mapBytes = made.pixels * made.channels * MemoryLayout<Float>.stride
    let cache = "the \(caches.second >> 10) KB cache"
    if expand != nil, mapBytes <= caches.second / 4 * 3 {
      return (.panels, "the expanded map, \(mapBytes >> 10) KB, fits \(cache)")
    }
    if rowBytes > caches.second / 4 * 3 {
      let reason = "rows and weights, \(rowBytes >> 10) KB, do not fit \(cache)"
      return expand == nil ? nil : (.panels, reason)
    }
    // Each lane's band of rows expands rows that its neighbour expands too: too many of few.
    if expand != nil, lanes > 1, depthwise.outputMap.height < 14 * lanes {
      return (.panels, "\(depthwise.outputMap.height) rows are few for \(lanes) threads")
    }
    return (
      .rows,
      "rows and weights, \(rowBytes >> 10) KB, fit \(cache), the map, \(mapBytes >> 10) KB, "
        + (mapBytes <= caches.second ? "too" : "does not")
    )
  }
}
