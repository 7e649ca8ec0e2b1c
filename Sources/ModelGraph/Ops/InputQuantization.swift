/// How an operator with integer weights and a real-valued input brings the input to int8 counts, for each run and for each
/// element of the batch (for a dense layer: for each row).
///
/// Without meaning where the input is quantized already, or the weights are real numbers.
public enum InputQuantization: String, Hashable, Sendable, CaseIterable {
  /// Scale max |x| / 127, zero point 0. LiteRT: convolutions whose filter has one scale, dense layers.
  case symmetric
  /// Scale (max(x, 0) − min(x, 0)) / 255 and a zero point. LiteRT: depthwise and grouped convolutions, those whose filter has a
  /// scale for each channel, and dense layers with `asymmetric_quantize_inputs`.
  case asymmetric
}
