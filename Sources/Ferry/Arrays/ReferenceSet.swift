public import FormatSupport
public import ModelGraph
import ONNXFormat

/// Stored inputs of a model, and what its own runtime answered.
public struct ReferenceSet: Sendable {
  /// Where it came from, in words.
  public var name: String
  /// In the order of the graph's inputs.
  public var inputs: [Tensor]
  /// In the order of the graph's outputs; nil where nothing is stored.
  public var outputs: [Tensor?]
  /// Arrays of the file that mean no input and no output.
  public var unusedNames: [String]

  /// Pairs given one by one.
  ///
  /// - Throws: `.usage` where a name means nothing, an input is missing, or no output is given.
  public init(inputs: [NamedTensor], outputs: [NamedTensor], of graph: Graph, name: String) throws(ModelError) {
    let sources = PortAssignment(.input, of: graph)
    self.inputs = try sources.complete(try sources.assigned(inputs))
    self.outputs = try PortAssignment(.output, of: graph).assigned(outputs)
    self.name = name
    unusedNames = []
    guard self.outputs.contains(where: { $0 != nil }) else {
      throw ModelError(.usage, "no output is given to compare with", hint: "--expected FILE, or --reference FILE")
    }
  }

  /// The reference at `path`: an .npz file, or a folder with `input_N.pb` and `output_N.pb`.
  ///
  /// - Throws: `.usage` where its arrays do not cover the graph's inputs and at least one output.
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
    unusedNames = unused
  }

  /// ONNX's layout of test data: `input_N.pb` and `output_N.pb`, each one TensorProto, in the graph's order.
  private init(folder: String, of graph: Graph, limits: Limits) throws(ModelError) {
    func tensors(_ role: PortAssignment.Role, _ ports: [GraphPort]) throws(ModelError) -> [NamedTensor] {
      var tensors: [NamedTensor] = []
      for (index, port) in ports.enumerated() {
        let path = "\(folder)/\(role.rawValue)_\(index).pb"
        guard FolderListing.exists(path) else { continue }
        let stored = try ONNXFormat.readTensor(MappedFile(path: path), options: ImportOptions(limits: limits))
        tensors.append(NamedTensor(name: "\(role.rawValue).\(port.name)", stored.tensor))
      }
      return tensors
    }
    let inputs = try tensors(.input, graph.inputs)
    let outputs = try tensors(.output, graph.outputs)
    self = try within(.file(folder)) { () throws(ModelError) in
      try ReferenceSet(inputs: inputs, outputs: outputs, of: graph, name: folder)
    }
  }
}
