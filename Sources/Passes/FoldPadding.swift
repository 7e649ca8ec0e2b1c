public import ModelGraph

/// Makes every padding explicit, and lets the convolution or pool behind a zero padding do it.
///
/// `same` and `valid` become rows and columns; `same` over a map of open size stays unless the stride is one. A Pad that adds
/// zeros to height and width alone goes into the window's own padding: always before a convolution, before an average that
/// counts what is padded, and before a maximum of what cannot be negative. In counts the zero is the zero point, in the Pad as in
/// the window.
public struct FoldPadding: RewriteRule {
  public static let name = "fold-padding"

  /// The largest padding of a side that a window operator takes.
  private static let largestInset = 1 << 24

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    guard let window = WindowGeometry(node, in: graph), let map = graph.type(node, 0) else { return .noMatch }
    guard case .explicit(let insets) = window.padding else {
      guard let insets = window.insets(over: map.shape) else {
        return .rejected("same padding with a stride hangs on the size of the map, which is open")
      }
      return .rewrite(
        replacing(node, in: graph, by: node.op.with(padding: insets), "\(window.padding) padding is \(insets)"))
    }
    if case .pool2D(let pool) = node.op, let rounded = roundedDown(pool, insets, node, graph) {
      return .rewrite(rounded)
    }
    return absorbPad(node, window, insets, graph)
  }

  private func replacing(_ node: Node, in graph: Graph, by op: Op, _ what: String) -> Rewrite {
    var rewrite = Rewrite(of: graph, "\(node.displayName): \(what)")
    rewrite.remove(node.id)
    rewrite.add(op, name: node.name, inputs: node.inputs, producing: node.outputs, origin: node.origin)
    return rewrite
  }

  /// A pool that counts a last window which reaches out, as one that pads that far: exact where padding is not counted.
  private func roundedDown(_ pool: Pool2D, _ insets: EdgeInsets, _ node: Node, _ graph: Graph) -> Rewrite? {
    guard pool.roundsUp, !pool.countsPadding || pool.kind == .maximum,
      let window = WindowGeometry(node, in: graph), let input = graph.type(node, 0)?.shape.dimensions,
      let output = graph[node.outputs[0]].type.shape.dimensions, input.count == 4, output.count == 4
    else { return nil }
    func lacking(_ axis: Int, _ stride: Int, _ reach: Int, _ padding: Int) -> Int? {
      guard let extent = input[axis].fixedValue, let count = output[axis].fixedValue else { return nil }
      return max((count - 1) * stride + reach - extent - padding, 0)
    }
    let layout = pool.layout
    guard
      let rows = lacking(
        layout.heightAxis, pool.strides.height, window.reach.height, insets.top + insets.bottom),
      let columns = lacking(layout.widthAxis, pool.strides.width, window.reach.width, insets.left + insets.right)
    else { return nil }
    var padding = insets
    padding.bottom += rows
    padding.right += columns
    var op = pool
    op.roundsUp = false
    op.padding = .explicit(padding)
    return replacing(node, in: graph, by: .pool2D(op), "rounding up is a padding of \(padding)")
  }

  private func absorbPad(
    _ node: Node, _ window: WindowGeometry, _ insets: EdgeInsets, _ graph: Graph
  ) -> RuleOutcome {
    guard let padded = node.input(0), let padNode = graph.producer(of: padded), case .pad(let pad) = padNode.op,
      let input = padNode.input(0), pad.before.count == 4
    else { return .noMatch }
    guard pad.mode == .constant(0) else { return .rejected("\(padNode.displayName) does not pad with zeros") }
    let layout = window.layout
    guard [0, layout.channelAxis].allSatisfy({ pad.before[$0] == 0 && pad.after[$0] == 0 }) else {
      return .rejected("\(padNode.displayName) pads the batch or the channels")
    }
    let top = pad.before[layout.heightAxis]
    let left = pad.before[layout.widthAxis]
    let bottom = pad.after[layout.heightAxis]
    let right = pad.after[layout.widthAxis]
    guard [top, left, bottom, right].allSatisfy({ (0...Self.largestInset).contains($0) }) else {
      return .rejected("\(padNode.displayName) cuts rows or columns off")
    }
    guard graph[input].type.quantization == graph[padded].type.quantization else {
      return .rejected("\(padNode.displayName) changes the quantization")
    }
    let total = EdgeInsets(
      top: insets.top + top, left: insets.left + left, bottom: insets.bottom + bottom, right: insets.right + right)
    guard [total.top, total.left, total.bottom, total.right].allSatisfy({ $0 <= Self.largestInset }) else {
      return .rejected("the padding is too large for one operator")
    }
    var op = node.op.with(padding: total)
    if case .pool2D(var pool) = op {
      if let reason = obstacle(pool, window, insets: insets, total: total, input, graph) { return .rejected(reason) }
      if pool.kind == .average { pool.countsPadding = true }
      op = .pool2D(pool)
    }
    var rewrite = Rewrite(of: graph, "\(node.displayName) takes over the padding \(padNode.displayName): \(total)")
    rewrite.remove(node.id)
    var origin = node.origin
    if graph.soleConsumer(of: padded) != nil {
      rewrite.remove(padNode.id)
      origin = padNode.origin + origin
    }
    rewrite.add(
      op, name: node.name, inputs: [input] + node.inputs.dropFirst(), producing: node.outputs, origin: origin)
    return .rewrite(rewrite)
  }

  /// Why a pool cannot take over a padding with zeros; nil when it can.
  private func obstacle(
    _ pool: Pool2D, _ window: WindowGeometry, insets: EdgeInsets, total: EdgeInsets, _ input: ValueID, _ graph: Graph
  ) -> String? {
    if pool.roundsUp { return "the pool rounds its output size up" }
    switch pool.kind {
    case .average where graph[input].type.quantization != nil:
      return "an average of counts does not count padding"
    case .average:
      // Padding of the pool's own that does not count cannot be told from the one that does, once they are added.
      return pool.countsPadding || insets == .zero ? nil : "the average does not count its own padding"
    case .maximum:
      guard insets == .zero, pool.dilation == .one else { return "the maximum has a padding or a dilation of its own" }
      let reach = window.reach
      guard max(total.top, total.bottom) < reach.height, max(total.left, total.right) < reach.width else {
        return "a window would see nothing but padding"
      }
      return graph.isNeverNegative(input) ? nil : "a maximum with zeros differs from one that ignores padding"
    }
  }
}

extension Graph {
  /// Whether a value was just clamped to numbers that are not negative.
  func isNeverNegative(_ value: ValueID) -> Bool {
    guard let producer = producer(of: value) else { return false }
    if case .clamp(let clamp) = producer.op { return clamp.range.lower.map { $0 >= 0 } ?? false }
    return producer.op.outputClamp?.lower.map { $0 >= 0 } ?? false
  }
}
