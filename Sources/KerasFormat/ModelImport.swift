import FormatSupport
import ModelGraph

/// Makes the graph of a whole model from its configuration and its weights.
struct ModelImport {
  var model: ModelConfig
  var weights: any WeightSource
  var version: KerasVersion
  var options: ImportOptions

  struct Outcome {
    var graph: Graph
    var findings: [Finding]
    var auxiliaryParameters: ParameterCount
  }

  /// - Throws: ``ModelError`` (`.malformed`) also where a weight belongs to no layer.
  func run() throws(ModelError) -> Outcome {
    var lowering = ModelLowering(name: model.name, weights: weights, version: version, options: options)
    let outputs = try lowering.lower(model, path: .root, arguments: nil, isTrainable: true)
    guard !outputs.isEmpty else { throw ModelError(.malformed, "the model has no outputs") }
    var taken: [String: Int] = [:]
    for (index, output) in outputs.enumerated() {
      let name = outputName(index, of: model)
      let count = taken[name, default: 0]
      taken[name] = count + 1
      lowering.builder.output(output, name: count == 0 ? name : "\(name)_\(count)")
    }
    let unused = weights.unusedNames
    guard unused.isEmpty else {
      let list = unused.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + (unused.count > 8 ? ", …" : "")
      throw ModelError(
        .malformed,
        "the file holds \(unused.count) \(unused.count == 1 ? "weight" : "weights") that no layer of the model has: \(list)"
      )
    }
    return Outcome(
      graph: try lowering.builder.build(), findings: findings(lowering),
      auxiliaryParameters: lowering.auxiliaryParameters)
  }

  private func outputName(_ index: Int, of model: ModelConfig) -> String {
    let name = model.outputs.indices.contains(index) ? model.outputs[index].layer : model.layers.last?.name ?? ""
    return name.isEmpty ? "output" : name
  }

  private func findings(_ lowering: ModelLowering) -> [Finding] {
    var findings = lowering.findings + weights.findings
    for policy in lowering.policies.sorted() {
      findings.append(
        Finding(
          .note, code: "computes-in-float32", "Keras computes layers of this model in '\(policy)', Ferry in float32"))
    }
    return findings
  }
}
