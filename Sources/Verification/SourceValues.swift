import ModelGraph

/// The values that a reference run computed, found by the names of the source file.
struct SourceValues {
  private struct Entry {
    var tensor: Tensor
    /// Axis `i` of the tensor is axis `permutation[i]` of the source file's value.
    var permutation: [Int]?
  }

  private var entries: [String: Entry] = [:]
  /// Names that more than one value carries: nobody can say which one is meant.
  private let ambiguous: Set<String>
  private let wanted: Set<String>

  /// Prepares to record values of `graph` under the names in `wanted`.
  init(of graph: Graph, wanted: Set<String>) {
    var seen: Set<String> = []
    var ambiguous: Set<String> = [""]
    for case let origin? in graph.values.map(\.origin) where !seen.insert(origin.name).inserted {
      ambiguous.insert(origin.name)
    }
    self.ambiguous = ambiguous
    self.wanted = wanted
  }

  /// Keeps what the run computed for a value, where the source has it: a value without origin is a step within a layer.
  mutating func record(_ value: Value, _ tensor: Tensor) {
    guard let origin = value.origin, wanted.contains(origin.name), !ambiguous.contains(origin.name) else { return }
    entries[origin.name] = Entry(tensor: tensor, permutation: origin.permutation)
  }

  /// The recorded tensor as a value with this origin holds it; nil where nothing was recorded.
  func tensor(_ origin: ValueOrigin, shape: Shape) throws(ModelError) -> Tensor? {
    guard let entry = entries[origin.name] else { return nil }
    let tensor = entry.tensor
    guard let order = Self.axes(from: entry.permutation, to: origin.permutation, rank: tensor.extents.count) else {
      return nil
    }
    let permuted = order == Array(order.indices) ? tensor : try tensor.transposed(order)
    // Squeezed and flattened values keep their elements in order.
    guard let extents = shape.extents, extents != permuted.extents else { return permuted }
    return Shape.elementCount(of: extents) == permuted.elementCount ? try permuted.reshaped(to: extents) : nil
  }

  /// For each axis of the target, the axis of the recorded tensor that it is; nil where the ranks do not fit.
  private static func axes(from recorded: [Int]?, to target: [Int]?, rank: Int) -> [Int]? {
    let source = recorded ?? Array(0..<rank)
    guard source.count == rank else { return nil }
    guard let target else {
      // The source's own order: undo what the recorded one changed.
      return (0..<rank).compactMap { axis in source.firstIndex(of: axis) }
    }
    guard target.count == rank else { return nil }
    let axes = target.compactMap { axis in source.firstIndex(of: axis) }
    return axes.count == rank ? axes : nil
  }
}
