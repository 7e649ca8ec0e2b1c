public import FormatSupport
import HDF5Protocol
public import ModelGraph

/// Keras models: HDF5 files of a configuration and weights, `.keras` archives of the two, and files of weights only.
///
/// HDF5 is read by `ferry-hdf5-reader`, a process of its own; weights stay in the mapped file. Layers become nodes of
/// their names, channels last where the file says so; a layer that Ferry does not know stays as an opaque node, and no
/// code in a file is ever executed.
public struct KerasFormat: ModelFormat {
  public static let name = "Keras"
  public static let fileExtensions = ["h5", "hdf5", "keras"]

  /// The eight bytes that an HDF5 file begins with.
  private static let magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  public static func matches(header: [UInt8]) -> Bool {
    header.starts(with: magic) || KerasArchive.matches(header: header)
  }

  /// Reads a model.
  ///
  /// A file of weights only gives the MobileNetV2 that its names and shapes tell of, with what they cannot tell taken from
  /// ``ImportOptions/architecture``; of any other network it gives the weights as opaque nodes.
  ///
  /// - Throws: ``ModelError``: `.malformed` where the file is damaged, or configuration and weights do not fit each other;
  ///   `.unsupported` for links to other files, and where the reader process is missing.
  public static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program {
    if file.bytes.starts(with: [0x50, 0x4B]) {
      return try read(archive: try KerasArchive(file, options: options), options: options)
    }
    let content = try HDF5File(file, options: options)
    guard let text = try text("model_config", of: content) else {
      return try WeightsOnlyImport(file: content, options: options).run()
    }
    let model = try within(.entry("model_config")) { () throws(ModelError) in
      try ConfigParser.parse(text, limits: options.limits)
    }
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
    return try program(
      model, weights: weights, version: version, content: content, kind: "HDF5", backend: backend, options: options)
  }

  private static func read(archive: KerasArchive, options: ImportOptions) throws(ModelError) -> Program {
    try program(
      archive.model, weights: ObjectWeights(file: archive.weights, model: archive.model), version: archive.version,
      content: archive.weights, kind: "archive", backend: "", options: options)
  }

  private static func program(
    _ model: ModelConfig, weights: any WeightSource, version: KerasVersion, content: HDF5File, kind: String,
    backend: String, options: ImportOptions
  ) throws(ModelError) -> Program {
    let imported = try ModelImport(model: model, weights: weights, version: version, options: options).run()
    let metadata = ["keras.version": version.text, "keras.backend": backend].filter { !$0.value.isEmpty }
    var program = try Program(
      graphs: [imported.graph], source: "Keras \(version.text.isEmpty ? "2" : version.text) \(kind)",
      metadata: metadata, findings: imported.findings)
    program.auxiliaryParameters = imported.auxiliaryParameters
    if let optimizer = OptimizerState(content) {
      program.optimizerParameterCount = optimizer.parameterCount
      program.findings.append(optimizer.finding)
    }
    return program
  }

  /// A text attribute of the file.
  private static func text(_ name: String, of content: HDF5File) throws(ModelError) -> String? {
    guard let attribute = content.root.attributes[name] else { return nil }
    guard case .strings(let texts) = attribute.value, texts.count == 1 else {
      throw ModelError(.malformed, "the attribute is no text").within(.attribute(name))
    }
    return texts.first
  }

  private static func string(_ name: String, in groups: [HDF5Listing.Group]) -> String {
    for group in groups {
      if case .strings(let texts)? = group.attributes[name]?.value, let text = texts.first { return text }
    }
    return ""
  }
}
