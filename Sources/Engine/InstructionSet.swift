/// The instructions that kernels may use.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable {
  /// The best that the machine has.
  case automatic
  /// What every machine has.
  case scalar
  /// At most AVX2 with FMA.
  case avx2
}
