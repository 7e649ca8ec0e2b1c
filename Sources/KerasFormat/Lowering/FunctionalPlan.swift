import ModelGraph

/// In what order the calls of a functional model's layers are made.
struct FunctionalPlan {
  /// A call of a layer: positions in the model's layers and in the layer's calls.
  struct Site: Hashable {
    var layer: Int
    var call: Int
  }

  private let model: ModelConfig
  private let positions: [String: Int]
  /// How far references to a layer's calls are ahead of its list of calls: a nested model that was itself made of layers
  /// has a first call of its own, which the list leaves out.
  private let offsets: [Int]

  init(_ model: ModelConfig) throws(ModelError) {
    self.model = model
    positions = Dictionary(uniqueKeysWithValues: model.layers.enumerated().map { ($1.name, $0) })
    var lowest: [String: Int] = [:]
    for reference in model.layers.flatMap({ $0.calls.flatMap(\.references) }) + model.outputs {
      lowest[reference.layer] = min(lowest[reference.layer] ?? Int.max, reference.node)
    }
    offsets = model.layers.map { $0.model == nil ? 0 : min(max(lowest[$0.name] ?? 0, 0), 1) }
  }

  /// The call whose result a reference names.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where there is no such layer or call.
  func site(_ reference: TensorReference) throws(ModelError) -> Site {
    guard let position = positions[reference.layer] else {
      throw ModelError(.malformed, "the layer '\(reference.layer)' is referred to, and there is none of that name")
    }
    let layer = model.layers[position]
    let (call, overflow) = reference.node.subtractingReportingOverflow(offsets[position])
    guard !overflow, call >= 0, call < (layer.isInput ? 1 : layer.calls.count) else {
      throw ModelError(
        .malformed,
        "call \(reference.node) of layer '\(reference.layer)' is referred to, the layer has \(layer.calls.count)")
    }
    return Site(layer: position, call: call)
  }

  /// Every call, each behind those that it reads from, otherwise in the file's order; input layers are left out.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where calls read from each other in a circle.
  func order() throws(ModelError) -> [Site] {
    enum Mark { case open, done }
    var marks: [Site: Mark] = [:]
    var order: [Site] = []
    for (position, layer) in model.layers.enumerated() where !layer.isInput {
      for call in layer.calls.indices {
        // A stack of its own instead of recursion: a chain may be as long as the file.
        var stack: [(site: Site, isVisited: Bool)] = [(Site(layer: position, call: call), false)]
        while let (site, isVisited) = stack.popLast() {
          if isVisited {
            marks[site] = .done
            order.append(site)
            continue
          }
          switch marks[site] {
          case .done: continue
          case .open:
            throw ModelError(.malformed, "layer '\(model.layers[site.layer].name)' depends on its own output")
          case nil: break
          }
          marks[site] = .open
          stack.append((site, true))
          let layer = model.layers[site.layer]
          for reference in layer.calls[site.call].references.reversed() {
            let source = try within(.node(name: layer.name, operator: layer.className, index: layer.index)) {
              () throws(ModelError) in try self.site(reference)
            }
            if !model.layers[source.layer].isInput, marks[source] != .done { stack.append((source, false)) }
          }
        }
      }
    }
    return order
  }
}
