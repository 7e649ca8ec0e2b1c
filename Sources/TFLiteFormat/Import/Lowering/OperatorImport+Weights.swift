import FormatSupport
import ModelGraph

/// Weights and biases of convolutions and dense layers, quantized ones checked.
extension OperatorImport {
  /// How far a bias's scale may lie from input scale × weight scale, as a share: float32 products and quotients in some order.
  private static let biasScaleTolerance = 1e-5

  /// x, filter and the optional bias.
  func layerInputs() throws(ModelError) -> [ValueID?] {
    var inputs: [ValueID?] = [try input(0), try input(1)]
    if let bias = try optionalInput(2) { inputs.append(bias) }
    try checkBias(2, input: 0)
    return inputs
  }

  /// How a layer quantizes real inputs that meet integer weights; without meaning, and left at the usual, for others.
  func inputQuantization(isAsymmetric: Bool) throws(ModelError) -> InputQuantization {
    let (input, weights) = (try type(0), try type(1))
    let isHybrid = input.quantization == nil && weights.quantization != nil
    return isHybrid && isAsymmetric ? .asymmetric : .symmetric
  }

  /// Whether a convolution quantizes real inputs with a zero point: where the filter has scales that differ, or groups.
  ///
  /// Source: `Prepare` and `EvalImpl` in LiteRT's conv.cc.
  func convolutionIsAsymmetric(groups: Int) throws(ModelError) -> Bool {
    let scales = try type(1).quantization?.scales ?? []
    return groups != 1 || scales.contains { $0 != scales[0] }
  }

  /// Checks the bias of a layer with integer inputs: its type, its zero point, its scale.
  ///
  /// The kernels add the bias's counts to sums whose unit is input scale × weight scale, whatever the bias's own scale says.
  ///
  /// - Throws: `.unsupported` where the runtime refuses the bias or means another arithmetic.
  func checkBias(_ index: Int, input: Int) throws(ModelError) {
    let stated = try enumerationOption("quantized_bias_type")
    let inputType = try type(input)
    guard try optionalInput(index) != nil else {
      // Without a bias, the option alone says how wide 16-bit sums are; 64 bits are the usual.
      if inputType.elementType == .int16, stated != 0, try TensorTypeReader.elementType(stated) != .int64 {
        throw ModelError(.unsupported, "16-bit counts summed in 32 bits without a bias")
      }
      return
    }
    let bias = try type(index)
    if stated != 0, inputType.elementType == .int16, try TensorTypeReader.elementType(stated) != bias.elementType {
      throw ModelError(.malformed, "a bias of type \(bias.elementType.name) that an option states otherwise")
        .within(.attribute("quantized_bias_type"))
    }
    guard let quantization = bias.quantization, inputType.quantization != nil else { return }
    guard quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw ModelError(.unsupported, "a bias with a zero point")
    }
    try checkBiasScales(quantization.scales, input: inputType, weights: try type(1))
  }

  private func checkBiasScales(
    _ scales: [Float], input: TensorType, weights: TensorType
  ) throws(ModelError) {
    guard let inputScale = input.quantization?.scales.first, let weightScales = weights.quantization?.scales else {
      return
    }
    guard scales.count == weightScales.count else {
      return note("it has \(scales.count) scales, the weights have \(weightScales.count)")
    }
    for (channel, (scale, weightScale)) in zip(scales, weightScales).enumerated() {
      let expected = Double(inputScale) * Double(weightScale)
      if abs(Double(scale) - expected) > Self.biasScaleTolerance * expected {
        let place = scales.count > 1 ? " in channel \(channel)" : ""
        return note("its scale\(place) is \(scale), input and weights make \(Float(expected))")
      }
    }
  }

  private func note(_ what: String) {
    graph.findings.append(
      Finding(
        .warning, code: "bias-scale",
        "the bias does not have the scale of the sums that it is added to: \(what); its counts are added as they are",
        nodes: [source]))
  }
}
