/// How threads share the maps of a batch: bands of rows of each map.
struct MapBands {
  private let rows: Int
  private let bands: Int
  /// Bands of all maps.
  let count: Int

  init(_ map: MapExtents, lanes: Int) {
    rows = map.height
    bands = lanes == 1 ? 1 : min(map.height, 4 * lanes)
    count = map.batch * bands
  }

  /// Hands the map and the rows of each of some bands to `body`.
  func forEach(_ units: Range<Int>, _ body: (_ image: Int, _ rows: Range<Int>) -> Void) {
    for unit in units { body(unit / bands, Partition(rows, into: bands)[unit % bands]) }
  }
}
