public import ModelGraph

/// All that a native file holds.
public struct NativeDocument: Sendable {
  public var program: Program
  public var provenance: Provenance

  public init(program: Program, provenance: Provenance) {
    self.program = program
    self.provenance = provenance
  }
}
