public import FormatSupport
public import ModelGraph

/// An array and the graph input or output that it is meant for.
public struct NamedTensor: Sendable {
  /// Nil: the only one.
  public var name: String?
  public var tensor: Tensor

  public init(name: String? = nil, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }

  /// The arrays of an .npy or .npz file; the content decides which it is.
  ///
  /// - Parameter name: the input or output that a single array is for.
  /// - Throws: `.usage` where `name` is given for an archive.
  public static func read(
    path: String, name: String? = nil, limits: Limits = .standard
  ) throws(ModelError) -> [NamedTensor] {
    let file = try MappedFile(path: path)
    if NPZFile.matches(file.bytes) {
      guard name == nil else {
        throw ModelError(.usage, "an .npz file names its arrays itself; leave out '\(name ?? "")='").within(.file(path))
      }
      let archive = try NPZFile(file, limits: limits)
      var tensors: [NamedTensor] = []
      for name in archive.names { tensors.append(NamedTensor(name: name, try archive.tensor(named: name))) }
      return tensors
    }
    let tensor = try within(.file(path)) { () throws(ModelError) in try NPYFile.read(file, limits: limits) }
    return [NamedTensor(name: name, tensor)]
  }
}
