import FormatSupport
import ModelGraph

/// Operators that work on each element, reductions and changes of type.
extension OperatorImport {
  func unary(_ function: Unary.Function) throws(ModelError) {
    try expectInputs(1...1)
    try emit(.unary(Unary(function)), [try input(0)])
  }

  func clamp(_ range: ClampRange) throws(ModelError) {
    try expectInputs(1...1)
    try emit(.clamp(Clamp(range)), [try input(0)])
  }

  func binary(_ function: Binary.Function) throws(ModelError) {
    try expectInputs(2...2)
    let activation = try activationOption()
    if function == .add || function == .subtract { try expectGeneralScales() }
    try emit(
      .binary(Binary(function, outputClamp: activation.clamp)), [try input(0), try input(1)],
      then: activation.function)
  }

  func prelu() throws(ModelError) {
    try expectInputs(2...2)
    try emit(.prelu(PReLU()), [try input(0), try input(1)])
  }

  /// - Parameter broadcasts: whether the condition is broadcast as in numpy; the older operator lets a vector of conditions
  ///   choose whole rows instead.
  func select(broadcasts: Bool) throws(ModelError) {
    try expectInputs(3...3)
    if !broadcasts, try dimensions(0).count != dimensions(1).count {
      throw ModelError(.unsupported, "a vector of conditions that chooses rows")
    }
    try emit(.select(Select()), [try input(0), try input(1), try input(2)])
  }

  func reduce(_ function: Reduce.Function) throws(ModelError) {
    try expectInputs(2...2)
    let rank = try dimensions(0).count
    var axes: Set<Int> = []
    for given in try integers(1, "the list of axes") { axes.insert(try axis(given, rank: rank)) }
    try emit(
      .reduce(Reduce(function, axes: axes.sorted(), keepsAxes: try boolOption("keep_dims"))), [try input(0)])
  }

  func argExtremum(_ kind: ArgExtremum.Kind) throws(ModelError) {
    try expectInputs(2...2)
    let axis = try axis(try integer(1, "the axis"), rank: try dimensions(0).count)
    // What the option says, the output's own type says again.
    options.ignore("output_type")
    let elementType = try outputType().elementType
    guard elementType == .int32 || elementType == .int64 else {
      throw ModelError(.malformed, "indices of type \(elementType.name)")
    }
    try emit(.argExtremum(ArgExtremum(kind, axis: axis, keepsAxis: false, elementType: elementType)), [try input(0)])
  }

  func softmax(isLogarithm: Bool) throws(ModelError) {
    try expectInputs(1...1)
    let rank = try dimensions(0).count
    guard rank > 0 else { throw ModelError(.malformed, "a softmax of a scalar") }
    let beta = isLogarithm ? 1 : try floatOption("beta")
    guard beta.isFinite, beta != 0 else { throw ModelError(.malformed, "a beta of \(beta)").within(.attribute("beta")) }
    try emit(.softmax(Softmax(axis: rank - 1, beta: beta, isLogarithm: isLogarithm)), [try input(0)])
  }

  func cast() throws(ModelError) {
    try expectInputs(1...1)
    // The tensors themselves say what is cast to what; many writers leave the options at their default.
    options.ignore("in_data_type", "out_data_type")
    try emit(.cast(Cast(to: try outputType().elementType)), [try input(0)])
  }

  func quantize() throws(ModelError) {
    try expectInputs(1...1)
    let type = try outputType()
    guard let quantization = type.quantization else {
      throw ModelError(.malformed, "the output has no quantization parameters")
    }
    try emit(
      .quantize(Quantize(to: type.elementType, quantization, roundsHalfToEven: false)), [try input(0)])
  }

  func dequantize() throws(ModelError) {
    try expectInputs(1...1)
    try emit(.dequantize(Dequantize()), [try input(0)])
  }

  /// Sparse constants are unpacked when they are read; what is left to do is nothing.
  func densify() throws(ModelError) {
    try expectInputs(1...1)
    _ = try constant(0, "the sparse tensor")
    try emit(.identity(Identity()), [try input(0)])
  }
}
