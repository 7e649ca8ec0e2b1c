import FormatSupport
import ModelGraph
import Structure

/// A MobileNetV2 whose architecture follows from the names and shapes of its weights.
///
/// Names or order say which weights are which layer's; shapes say width and classes. Input size, padding and ε are not in
/// such a file: they are taken from hints, or assumed and said.
struct RecoveredMobileNetV2 {
  private let parts: Parts
  private let hints: ArchitectureHints
  private let variant: MobileNetV2.Variant
  private let width: Double

  /// The weights by their part in the network.
  private struct Parts {
    var kernels: [MobileNetV2Layer: WeightLayers.Weight] = [:]
    var norms: [MobileNetV2Layer: [WeightLayers.Weight]] = [:]
    var classifierBias: WeightLayers.Weight?

    var classes: Int? { kernels[.classifier]?.tensor.extents.last }

    subscript(_ layer: MobileNetV2Layer) -> [Int] { kernels[layer]?.tensor.extents ?? [] }
  }

  /// Nil where the weights are not a MobileNetV2's.
  ///
  /// - Throws: ``ModelError``: `.usage` for a variant that there is none of; `.unsupported` where the weights have a
  ///   MobileNetV2's structure and channels that no width gives.
  init?(_ layers: [WeightLayers.Layer], hints: ArchitectureHints) throws(ModelError) {
    guard let parts = Self.byName(layers) ?? Self.byOrder(layers) else { return nil }
    self.parts = parts
    self.hints = hints
    guard let variant = MobileNetV2.Variant(rawValue: hints.variant ?? "keras") else {
      let known = MobileNetV2.Variant.allCases.map(\.rawValue).joined(separator: ", ")
      throw ModelError(.usage, "there is no variant '\(hints.variant ?? "")'", hint: "the variants are \(known)")
    }
    self.variant = variant
    guard let width = Self.width(parts, variant: variant) else {
      throw ModelError(
        .unsupported,
        "the weights are those of 17 inverted residuals, and their channels are those of no width of a MobileNetV2",
        hint: "save the whole model with model.save(\"model.h5\")")
    }
    self.width = width
  }

  // MARK: Which weight is which

  /// Every layer that has a kernel, the classifier not among them, in the network's order.
  private static let convolutions: [MobileNetV2Layer] =
    [.stem, .depthwise(block: 0), .project(block: 0)]
    + (1...16).flatMap { [.expand(block: $0), .depthwise(block: $0), .project(block: $0)] } + [.last]

  /// By the names that keras.applications gives the layers.
  private static func byName(_ layers: [WeightLayers.Layer]) -> Parts? {
    var parts = Parts()
    let byName = Dictionary(layers.map { ($0.name, $0) }) { first, _ in first }
    for layer in convolutions {
      guard let kernel = byName[layer.kerasName], kernel.weights.count == 1,
        let norm = byName[layer.kerasBatchNormName], norm.weights.count == 4
      else { return nil }
      parts.kernels[layer] = kernel.weights[0]
      parts.norms[layer] = ordered(norm.weights)
    }
    let known = Set(convolutions.flatMap { [$0.kerasName, $0.kerasBatchNormName] })
    return withClassifier(parts, layers.filter { !known.contains($0.name) })
  }

  /// By what the layers are and in which order those of a kind stand.
  private static func byOrder(_ layers: [WeightLayers.Layer]) -> Parts? {
    var dense: [WeightLayers.Weight] = []
    var depthwise: [WeightLayers.Weight] = []
    var norms: [[WeightLayers.Weight]] = []
    var others: [WeightLayers.Layer] = []
    for layer in layers {
      if layer.weights.count == 1, layer.weights[0].tensor.extents.count == 4 {
        if isDepthwise(layer) { depthwise.append(layer.weights[0]) } else { dense.append(layer.weights[0]) }
      } else if layer.weights.count == 4, layer.weights.allSatisfy({ $0.tensor.extents.count == 1 }) {
        norms.append(ordered(layer.weights))
      } else {
        others.append(layer)
      }
    }
    guard dense.count == 35, depthwise.count == 17, norms.count == 52 else { return nil }
    var parts = Parts()
    for (position, layer) in convolutions.enumerated() { parts.norms[layer] = norms[position] }
    let plain = convolutions.filter { if case .depthwise = $0 { false } else { true } }
    for (layer, weight) in zip(plain, dense) { parts.kernels[layer] = weight }
    for (block, weight) in depthwise.enumerated() { parts.kernels[.depthwise(block: block)] = weight }
    return withClassifier(parts, others)
  }

  private static func isDepthwise(_ layer: WeightLayers.Layer) -> Bool {
    let weight = layer.weights[0]
    if weight.variable == "depthwise_kernel" || layer.className.hasPrefix("depthwise") { return true }
    // A kernel 3×3 of one output channel; only the stem is 3×3 otherwise.
    return weight.tensor.extents[0] == 3 && weight.tensor.extents[3] == 1
  }

  /// γ, β, μ, σ²: by name where there are names, otherwise in that order.
  private static func ordered(_ weights: [WeightLayers.Weight]) -> [WeightLayers.Weight] {
    let names = ["gamma", "beta", "moving_mean", "moving_variance"]
    let found = names.compactMap { name in weights.first { $0.variable == name } }
    return found.count == 4 ? found : weights
  }

  /// The parts with the one layer that may be left: a dense classifier.
  private static func withClassifier(_ parts: Parts, _ rest: [WeightLayers.Layer]) -> Parts? {
    guard let layer = rest.first else { return parts }
    var parts = parts
    guard rest.count == 1, layer.weights.count == 2,
      let kernel = layer.weights.first(where: { $0.tensor.extents.count == 2 }),
      let bias = layer.weights.first(where: { $0.tensor.extents.count == 1 })
    else { return nil }
    parts.kernels[.classifier] = kernel
    parts.classifierBias = bias
    return parts
  }

  // MARK: What the shapes tell

  /// The published widths first; then whatever gives the same channels.
  private static func width(_ parts: Parts, variant: MobileNetV2.Variant) -> Double? {
    let candidates = [1.0, 0.35, 0.5, 0.75, 1.3, 1.4] + (5...400).map { Double($0) / 100 }
    return candidates.first { width in
      let network = MobileNetV2(width: width, variant: variant)
      let channels = network.blocks.allSatisfy { block in
        parts[.depthwise(block: block.index)] == [3, 3, block.expandedChannels, 1]
          && parts[.project(block: block.index)] == [1, 1, block.expandedChannels, block.outputChannels]
      }
      return channels && parts[.stem].last == network.stemChannels && parts[.last].last == network.lastChannels
    }
  }

  private var network: MobileNetV2 {
    // A network that torchvision trained ends in logits; Keras's and slim's own end in a softmax.
    let head: MobileNetV2.Head =
      parts.classes.map { .classifier(classes: $0, softmax: variant != .torchvision) } ?? .featureMap
    return MobileNetV2(
      width: width, inputHeight: hints.inputHeight ?? 224, inputWidth: hints.inputWidth ?? 224,
      inputChannels: parts[.stem].dropLast().last ?? 3, variant: variant, head: head,
      batchNormEpsilon: hints.batchNormEpsilon)
  }

  func program() throws(ModelError) -> Program {
    let network = network
    let graph = try network.graph { layer, parameter, _ throws(ModelError) in
      let weight: WeightLayers.Weight?
      switch parameter {
      case .kernel: weight = parts.kernels[layer]
      case .bias: weight = parts.classifierBias
      case .gamma: weight = parts.norms[layer]?[0]
      case .beta: weight = parts.norms[layer]?[1]
      case .movingMean: weight = parts.norms[layer]?[2]
      case .movingVariance: weight = parts.norms[layer]?[3]
      }
      guard let weight else { throw ModelError(.internalFault, "\(layer.kerasName) has no \(parameter.rawValue)") }
      let tensor = weight.tensor
      return tensor.elementType == .float32 ? tensor : try Tensor(try tensor.floats(), shape: tensor.extents)
    }
    return try Program(
      graphs: [graph], source: "Keras weights (HDF5)", findings: [finding(network)])
  }

  /// What was read from the weights, and what was not in them.
  private func finding(_ network: MobileNetV2) -> Finding {
    let read =
      "the file holds weights only; names and shapes say MobileNetV2 of width \(width), "
      + (parts.classes.map { "\($0) classes" } ?? "without a classifier")
    func choice(_ what: String, _ isGiven: Bool, _ option: String) -> String {
      what + (isGiven ? " (as given)" : " (assumed; \(option))")
    }
    let choices = [
      choice(
        "input \(network.inputHeight)×\(network.inputWidth)", hints.inputHeight != nil, "--input-size"),
      choice("padding and head of the variant '\(variant.rawValue)'", hints.variant != nil, "--variant"),
      choice(
        "batch norm epsilon \(network.batchNormEpsilon)", hints.batchNormEpsilon != nil || hints.variant != nil,
        "--bn-epsilon"),
    ]
    let isComplete = hints.inputHeight != nil && hints.variant != nil
    return Finding(
      isComplete ? .note : .warning, code: "architecture-recovered", read + "; " + choices.joined(separator: ", "))
  }
}
