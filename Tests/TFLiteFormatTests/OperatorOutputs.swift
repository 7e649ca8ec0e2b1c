import FormatSupport
import ModelGraph
import ReferenceInterpreter
import TFLiteFormat
import Testing

/// A model whose every operator is compared with what the runtime stored of it.
struct OperatorOutputs {
  let path: String

  /// Runs the graph as the file has it and compares each operator's outputs count for count.
  ///
  /// - Parameters:
  ///   - archive: arrays keyed by the number of the tensor, which only the file's tables know.
  ///   - keyDigits: how many digits a key has at least.
  /// - Returns: the keys that were compared.
  func compare(with archive: NPZFile, input: Tensor, keyDigits: Int) throws -> Set<String> {
    let file = try MappedFile(path: path)
    let operators = try TFLiteModel(decoding: file).subgraphs[0].operators
    let graph = try TFLiteFormat.read(file, options: .standard).mainGraph
    var compared: Set<String> = []
    _ = try ReferenceInterpreter(graph).run([input]) { (node, outputs) throws(ModelError) in
      guard let position = node.origin.first?.index, operators.indices.contains(position) else { return }
      for (tensor, output) in zip(operators[position].outputs, outputs) {
        let digits = String(tensor)
        let key = String(repeating: "0", count: max(keyDigits - digits.count, 0)) + digits
        let expected = try archive.tensor(named: key)
        #expect(try output.integers() == expected.integers(), "\(node.name), tensor \(tensor)")
        compared.insert(key)
      }
    }
    return compared
  }
}
