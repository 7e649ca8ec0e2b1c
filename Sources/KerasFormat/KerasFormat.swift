public import FormatSupport
import HDF5Protocol
public import ModelGraph

/// Keras models in HDF5 files: a configuration and the weights of its layers.
///
/// The file is read by `ferry-hdf5-reader`, a process of its own; weights stay in the mapped file. Layers become nodes of
/// their names, channels last where the file says so; a layer that Ferry does not know stays as an opaque node, and no
/// code in a file is ever executed.
public struct KerasFormat: ModelFormat {
  public static let name = "Keras HDF5"
  public static let fileExtensions = ["h5", "hdf5"]

  /// The eight bytes that an HDF5 file begins with.
  private static let magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  public static func matches(header: [UInt8]) -> Bool { header.starts(with: magic) }

  /// Reads a whole model: `model_config` and its weights.
  ///
  /// - Throws: ``ModelError``: `.malformed` where the file is damaged, or configuration and weights do not fit each other;
  ///   `.unsupported` for a file of weights only, for links to other files, and where the reader process is missing.
  public static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program {
    let content = try HDF5File(file, options: options)
    guard let text = try text("model_config", of: content) else { throw weightsOnly(content) }
    let model = try ConfigParser.parse(text, limits: options.limits)
    let base = content.group("/model_weights") == nil ? "/" : "/model_weights"
    let attributes = [content.root, content.group(base) ?? content.root]
    let version = KerasVersion(text: string("keras_version", in: attributes))
    let backend = string("backend", in: attributes)
    guard backend != "theano" else {
      throw ModelError(
        .unsupported, "the model was saved with the Theano backend, whose convolutions are flipped",
        hint: "load it in Keras with the TensorFlow backend, and save it again")
    }
    let weights = try NamedWeights(file: content, base: base, model: model)
    let imported = try ModelImport(model: model, weights: weights, version: version, options: options).run()
    var metadata = ["keras.version": version.text, "keras.backend": backend].filter { !$0.value.isEmpty }
    var findings = imported.findings
    if let optimizer = OptimizerState(content) {
      metadata["keras.optimizer_parameters"] = String(optimizer.parameterCount)
      findings.append(optimizer.finding)
    }
    return try Program(
      graphs: [imported.graph], source: "Keras \(version.text.isEmpty ? "2" : version.text) HDF5", metadata: metadata,
      findings: findings)
  }

  /// A text attribute of the file.
  private static func text(_ name: String, of content: HDF5File) throws(ModelError) -> String? {
    guard let attribute = content.root.attributes[name] else { return nil }
    guard case .strings(let texts) = attribute.value, texts.count == 1 else {
      throw ModelError(.malformed, "the attribute is no text").within(.attribute(name))
    }
    return texts.first
  }

  private static func string(_ name: String, in groups: [HDF5File.Group]) -> String {
    for group in groups {
      if case .strings(let texts)? = group.attributes[name]?.value, let text = texts.first { return text }
    }
    return ""
  }

  private static func weightsOnly(_ content: HDF5File) -> ModelError {
    guard !content.datasets.isEmpty else {
      return ModelError(.malformed, "the HDF5 file holds neither a model configuration nor weights")
    }
    return ModelError(
      .unsupported,
      "the HDF5 file holds \(content.datasets.count) arrays and no model configuration: these are weights only",
      hint: "save the whole model with model.save(\"model.h5\")")
  }
}
