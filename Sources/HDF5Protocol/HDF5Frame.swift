public import ModelGraph

/// One message from the reader process to Ferry.
///
/// A response is ``HDF5Response/magic``, the protocol's version, and frames: a group or dataset, then its attributes,
/// then the next object; ``end(objects:)`` or ``failure(_:)`` closes it. Without one of those two the response is cut off.
public enum HDF5Frame: Hashable, Sendable {
  /// A group, by its absolute path; the root group is `/`.
  case group(path: String)
  case dataset(HDF5Dataset)
  /// An attribute of the group or dataset sent last.
  case attribute(HDF5Attribute)
  /// The file cannot be read.
  case failure(HDF5Failure)
  /// Everything was sent: so many groups and datasets.
  case end(objects: Int)
}

/// Why the reader gave up, in the terms of ``ModelError``.
public struct HDF5Failure: Hashable, Sendable {
  public var code: ModelError.Code
  public var message: String
  public var hint: String?

  public init(code: ModelError.Code, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
