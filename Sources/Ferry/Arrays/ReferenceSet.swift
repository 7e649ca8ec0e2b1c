public import FormatSupport
public import ModelGraph
import ONNXFormat

/// Stored inputs of a model, and what its own runtime answered.
public struct ReferenceSet: Sendable {
  /// Where it came from, in words.
  public var name: String
  /// What an error names: the file or folder.
  public var path: String
  /// In the order of the graph's inputs.
  public var inputs: [Tensor]
  /// In the order of the graph's outputs; nil where nothing is stored.
  public var outputs: [Tensor?]
  /// Arrays or files that mean no input and no output.
  public var unusedNames: [String]

  /// Pairs given one by one.
  ///
  /// - Throws: `.usage` where a name means nothing, an input is missing, or no output is given.
  public init(inputs: [NamedTensor], outputs: [NamedTensor], of graph: Graph, name: String) throws(ModelError) {
    let sources = PortAssignment(.input, of: graph)
    self.inputs = try sources.complete(try sources.assigned(inputs))
    self.outputs = try PortAssignment(.output, of: graph).assigned(outputs)
    self.name = name
    path = name
    unusedNames = []
    guard self.outputs.contains(where: { $0 != nil }) else {
      throw ModelError(.usage, "no output is given to compare with", hint: "--expected FILE, or --reference FILE")
    }
  }

  /// The reference at `path`: an .npz file, or a folder with `input_N.pb` and `output_N.pb`.
  ///
  /// - Throws: `.usage` where its arrays do not cover the graph's inputs and at least one output, or where an output is
  ///   missing and an array means nothing: one may be the other, misspelt.
  public init(path: String, of graph: Graph, limits: Limits = .standard) throws(ModelError) {
    if FolderListing.isFolder(path) {
      try self.init(folder: path, of: graph, limits: limits)
      return
    }
    let file = try MappedFile(path: path)
    guard NPZFile.matches(file.bytes) else {
      throw ModelError(
        .malformed, "a reference is an .npz file or a folder of input_N.pb and output_N.pb",
        hint: "single arrays: --input X.npy --expected Y.npy"
      ).within(.file(path))
    }
    let archive = try NPZFile(file, limits: limits)
    let sources = PortAssignment(.input, of: graph)
    let results = PortAssignment(.output, of: graph)
    var inputs: [NamedTensor] = []
    var outputs: [NamedTensor] = []
    var unused: [String] = []
    for name in archive.names {
      let entry = NamedTensor(name: name, try archive.tensor(named: name))
      if sources.port(named: name) != nil {
        inputs.append(entry)
      } else if results.port(named: name) != nil {
        outputs.append(entry)
      } else {
        unused.append(name)
      }
    }
    let (collectedInputs, collectedOutputs) = (inputs, outputs)
    self = try within(.file(path)) { () throws(ModelError) in
      try ReferenceSet(inputs: collectedInputs, outputs: collectedOutputs, of: graph, name: file.name)
    }
    try noteUnused(unused, path: path, of: graph)
  }

  /// States what the file holds beside the references.
  private mutating func noteUnused(_ names: [String], path: String, of graph: Graph) throws(ModelError) {
    self.path = path
    unusedNames = names
    let missing = zip(graph.outputs, outputs).filter { $0.1 == nil }.map { $0.0.name }
    guard let name = names.first, !missing.isEmpty else { return }
    throw ModelError(
      .usage,
      "'\(name)' means no input and no output, and nothing is stored for '\(missing.joined(separator: "', '"))'",
      hint: "the outputs: \(graph.outputs.prefix(20).map { "'\($0.name)'" }.joined(separator: ", "))"
    ).within(.file(path))
  }

  /// ONNX's layout of test data: `input_N.pb` and `output_N.pb`, each one TensorProto, in the graph's order.
  private init(folder: String, of graph: Graph, limits: Limits) throws(ModelError) {
    var unused = Set(try FolderListing.names(in: folder).filter { $0.hasSuffix(".pb") })
    func tensors(_ role: PortAssignment.Role, _ ports: [GraphPort]) throws(ModelError) -> [NamedTensor] {
      var tensors: [NamedTensor] = []
      for (index, port) in ports.enumerated() {
        let name = "\(role.rawValue)_\(index).pb"
        guard unused.remove(name) != nil else { continue }
        let file = try MappedFile(path: "\(folder)/\(name)")
        let stored = try ONNXFormat.readTensor(file, options: ImportOptions(limits: limits))
        tensors.append(NamedTensor(name: "\(role.rawValue).\(port.name)", stored.tensor))
      }
      return tensors
    }
    let inputs = try tensors(.input, graph.inputs)
    let outputs = try tensors(.output, graph.outputs)
    self = try within(.file(folder)) { () throws(ModelError) in
      try ReferenceSet(inputs: inputs, outputs: outputs, of: graph, name: folder)
    }
    try noteUnused(unused.sorted(), path: folder, of: graph)
  }
}
