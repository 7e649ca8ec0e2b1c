/// How operators compute with the counts of quantized tensors: which integer arithmetic gives a graph's operators their
/// meaning.
///
/// The same quantized convolution has two definitions in the world, and they differ by single counts. A graph states one for
/// all of its nodes, so that what is exact for the source stays exact in every later form.
public enum QuantizedArithmetic: String, Hashable, Sendable, CaseIterable {
  /// Sums in 32 or 64 bits, rescaled by a fixed-point multiplier and a shift. Source: LiteRT's reference kernels.
  case liteRT
  /// Sums rescaled in real numbers, ties to even. Source: the definitions of ONNX's QLinear operators and, for pairs of
  /// QuantizeLinear and DequantizeLinear, of the operators between them.
  case onnx
}
