/// How a model file is to be read.
public struct ImportOptions: Hashable, Sendable {
  public var limits: Limits
  /// Where `ferry-hdf5-reader` stands; nil: beside the running program, or in `FERRY_HDF5_READER`.
  public var hdf5ReaderPath: String?
  /// Whether weights that are NaN or infinite are let through.
  public var allowsNonFinite: Bool
  /// What a file of weights only is to be taken for.
  public var architecture: ArchitectureHints

  public init(
    limits: Limits = .standard, hdf5ReaderPath: String? = nil, allowsNonFinite: Bool = false,
    architecture: ArchitectureHints = ArchitectureHints()
  ) {
    self.architecture = architecture
    self.limits = limits
    self.hdf5ReaderPath = hdf5ReaderPath
    self.allowsNonFinite = allowsNonFinite
  }

  public static let standard = ImportOptions()
}
