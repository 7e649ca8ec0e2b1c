import FormatSupport
import HDF5Protocol
import ModelGraph
import Structure

/// Makes a program of a file that holds weights and no configuration.
struct WeightsOnlyImport {
  var file: HDF5File
  var options: ImportOptions

  /// The MobileNetV2 that the weights belong to, or, where they belong to none, a graph of one opaque node a layer.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where the file holds neither configuration nor weights.
  func run() throws(ModelError) -> Program {
    let layers = try WeightLayers(file).layers
    guard !layers.isEmpty else {
      throw ModelError(.malformed, "the HDF5 file holds neither a model configuration nor weights")
    }
    if let recovered = try RecoveredMobileNetV2(layers, hints: options.architecture) {
      return try recovered.program()
    }
    return try inventory(layers)
  }

  /// Groups and tensors, for a summary; nothing that could be run or converted.
  private func inventory(_ layers: [WeightLayers.Layer]) throws(ModelError) -> Program {
    var builder = GraphBuilder(name: "weights")
    for (index, layer) in layers.enumerated() {
      var inputs: [ValueID?] = []
      for weight in layer.weights {
        inputs.append(
          builder.constant(name: weight.name, weight.tensor, origin: ValueOrigin(name: weight.name)))
      }
      let op = OpaqueOp(
        domain: "keras", operatorName: "Weights", version: nil, statedOutputTypes: [],
        reason: "the file holds weights only, not how they are used", parameterInputs: Array(inputs.indices))
      try builder.add(
        .opaque(op), name: layer.name, inputs: inputs,
        origin: [SourceNode(name: layer.name, operatorName: "Weights", index: index)])
    }
    let finding = Finding(
      .warning, code: "weights-only",
      "the file holds weights only, and they are not those of a MobileNetV2: it can be looked at, not converted",
      fix: "save the whole model with model.save(\"model.h5\")")
    return try Program(graphs: [try builder.build()], source: "Keras weights (HDF5)", findings: [finding])
  }
}
