public import ModelGraph

/// All that a native file holds.
public struct NativeDocument: Sendable {
  public var program: Program
  public var provenance: Provenance

  /// Whether every real number of the file was seen to be finite.
  public let isKnownFinite: Bool

  public init(program: Program, provenance: Provenance, isKnownFinite: Bool = false) {
    self.program = program
    self.provenance = provenance
    self.isKnownFinite = isKnownFinite
  }
}
