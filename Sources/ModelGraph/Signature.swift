/// A named entry point of a program, as TensorFlow's SavedModel signatures are.
public struct Signature: Hashable, Sendable {
  public var name: String
  /// Which graph of the program it enters.
  public var graph: Int
  /// Public name of each input, and the graph input's own.
  public var inputs: [String: String]
  public var outputs: [String: String]

  public init(name: String, graph: Int, inputs: [String: String], outputs: [String: String]) {
    self.name = name
    self.graph = graph
    self.inputs = inputs
    self.outputs = outputs
  }
}
