/// Every operator that has a meaning here.
enum OperatorTable {
  /// Versions of ONNX's operator set that are known, see ONNX's `Changelog.md`. What 23 to 25 change of the operators here is
  /// the list of element types, and attributes of Cast, QuantizeLinear and DequantizeLinear that are read.
  static let versions = 6...25

  /// The domain as the table knows it: ONNX's own has two spellings.
  static func canonical(domain: String) -> String { domain == "ai.onnx" ? "" : domain }

  static func entry(domain: String, _ operatorType: String) -> OperatorEntry? {
    switch domain {
    case "": standard[operatorType]
    case "com.microsoft": contributed[operatorType]
    default: nil
    }
  }

  /// What ONNX Runtime adds to ONNX.
  private static let contributed = QuantizationLowering.contributedEntries.merging(
    QuantizedLowering.contributedEntries
  ) { first, _ in first }

  private static let standard: [String: OperatorEntry] = {
    let groups = [
      ConvolutionLowering.entries, PoolLowering.entries, NormalizationLowering.entries, ActivationLowering.entries,
      ArithmeticLowering.entries, MatrixLowering.entries, ReductionLowering.entries, ShapeLowering.entries,
      SlicingLowering.entries, ResizeLowering.entries, ConstantLowering.entries, QuantizationLowering.entries,
      QuantizedLowering.entries,
    ]
    return groups.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }()
}
