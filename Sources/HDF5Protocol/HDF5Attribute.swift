/// A named value attached to a group or dataset of an HDF5 file.
public struct HDF5Attribute: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    /// Text of fixed or variable length, in any of HDF5's encodings.
    case strings([String])
    case integers([Int64])
    case floats([Double])
    /// A type that no Keras file uses; the text says which.
    case other(String)
  }

  public var name: String
  /// `[]` for a scalar; the values lie in row-major order.
  public var shape: [Int]
  public var value: Value

  public init(name: String, shape: [Int], value: Value) {
    self.name = name
    self.shape = shape
    self.value = value
  }
}
