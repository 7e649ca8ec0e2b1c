import ModelGraph

/// The extents of a channels-last map [N, H, W, C], blocked by eight channels when it runs.
struct MapExtents: Hashable, Sendable {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int

  var pixels: Int { height * width }
  /// Elements of one row-major map.
  var elements: Int { pixels * channels }
  var blocks: Int { (channels + 7) / 8 }
  /// Floats from one block of channels to the next.
  var blockStride: Int { pixels * 8 }
  /// Floats from one map of the batch to the next.
  var imageStride: Int { blocks * blockStride }

  /// - Throws: `.unsupported` when the blocked map would take more floats than fit an Int, or is empty.
  init(batch: Int, height: Int, width: Int, channels: Int) throws(ModelError) {
    guard min(batch, height, width, channels) > 0, channels < 1 << 40 else {
      throw ModelError(.unsupported, "a map of extents [\(batch), \(height), \(width), \(channels)]")
    }
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    _ = try floats()
  }

  /// A map [N, H, W, C], or a row of features [N, C] as a map of one pixel.
  init(_ extents: [Int]) throws(ModelError) {
    switch extents.count {
    case 4: try self.init(batch: extents[0], height: extents[1], width: extents[2], channels: extents[3])
    case 2: try self.init(batch: extents[0], height: 1, width: 1, channels: extents[1])
    default: throw ModelError(.internalFault, "extents \(extents) are no map")
    }
  }

  /// Floats of the blocked map.
  func floats() throws(ModelError) -> Int {
    guard let count = Shape.elementCount(of: [batch, (channels + 7) / 8, height, width, 8]), count < 1 << 48 else {
      throw ModelError(.unsupported, "a map of extents [\(batch), \(height), \(width), \(channels)]")
    }
    return count
  }

  func with(height: Int, width: Int) throws(ModelError) -> MapExtents {
    try MapExtents(batch: batch, height: height, width: width, channels: channels)
  }

  func with(channels: Int) throws(ModelError) -> MapExtents {
    try MapExtents(batch: batch, height: height, width: width, channels: channels)
  }
}
