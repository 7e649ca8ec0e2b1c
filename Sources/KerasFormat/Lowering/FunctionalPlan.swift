import ModelGraph

/// In what order the calls of a functional model's layers are made.
struct FunctionalPlan {
  /// A call of a layer: positions in the model's layers and in the layer's calls.
  struct Site: Hashable {
    var layer: Int
    var call: Int
  }

  /// Where a reference stands, for Keras 3 numbers calls differently in the two.
  enum Place {
    /// Among a call's arguments.
    case argument
    /// Among the model's inputs and outputs.
    case joint
  }

  /// How far references to a layer's calls are ahead of its list of calls.
  private struct Offsets {
    var argument = 0
    var joint = 0
  }

  private let model: ModelConfig
  private let positions: [String: Int]
  private let offsets: [Offsets]

  /// A nested model that was itself made of layers has a first call of its own, which the list of calls leaves out. Keras 2
  /// counts it wherever it refers to the model; which models have it, the least number says. Keras 3 counts it for a
  /// functional model's calls as the outer model's outputs only: `keras_history` counts from 0
  /// (`get_config`, `get_tensor` and `deserialize_node` in keras/src/models/functional.py).
  init(_ model: ModelConfig) throws(ModelError) {
    self.model = model
    positions = Dictionary(uniqueKeysWithValues: model.layers.enumerated().map { ($1.name, $0) })
    let calls = model.layers.flatMap(\.calls)
    if calls.contains(where: \.isObject) {
      offsets = model.layers.map { Offsets(joint: $0.model?.isSequential == false ? 1 : 0) }
      return
    }
    var lowest: [String: Int] = [:]
    for reference in calls.flatMap(\.references) + model.outputs {
      lowest[reference.layer] = min(lowest[reference.layer] ?? Int.max, reference.node)
    }
    offsets = model.layers.map { layer in
      let offset = layer.model == nil ? 0 : min(max(lowest[layer.name] ?? 0, 0), 1)
      return Offsets(argument: offset, joint: offset)
    }
  }

  /// The call whose result a reference names.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where there is no such layer or call.
  func site(_ reference: TensorReference, in place: Place) throws(ModelError) -> Site {
    guard let position = positions[reference.layer] else {
      throw ModelError(.malformed, "the layer '\(reference.layer)' is referred to, and there is none of that name")
    }
    let layer = model.layers[position]
    let (call, overflow) = reference.node.subtractingReportingOverflow(
      place == .argument ? offsets[position].argument : offsets[position].joint)
    guard !overflow, call >= 0, call < (layer.isInput ? 1 : layer.calls.count) else {
      throw ModelError(
        .malformed,
        "call \(reference.node) of layer '\(reference.layer)' is referred to, the layer has \(layer.calls.count)")
    }
    return Site(layer: position, call: call)
  }

  /// As many results as references ask for, of each call that is asked for more than one; a reference to a result from
  /// number `maximum` on counts for nothing.
  func outputCounts(maximum: Int) -> [Site: Int] {
    var counts: [Site: Int] = [:]
    func count(_ reference: TensorReference, in place: Place) {
      guard (1..<maximum).contains(reference.tensor), let site = try? site(reference, in: place) else { return }
      counts[site] = max(counts[site] ?? 1, reference.tensor + 1)
    }
    for call in model.layers.flatMap(\.calls) {
      for reference in call.references { count(reference, in: .argument) }
    }
    for reference in model.outputs { count(reference, in: .joint) }
    return counts
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
              () throws(ModelError) in try self.site(reference, in: .argument)
            }
            if !model.layers[source.layer].isInput, marks[source] != .done { stack.append((source, false)) }
          }
        }
      }
    }
    return order
  }
}
