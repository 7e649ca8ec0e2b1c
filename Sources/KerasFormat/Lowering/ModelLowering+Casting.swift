import FormatSupport
import ModelGraph

/// Layers whose code casts what they are given.
extension ModelLowering {
  /// The layer's only input as real numbers, by a cast where it holds integers; for layers that cast to the type they
  /// compute in, once everything that they say is read.
  mutating func realInput(_ call: LayerCall) throws(ModelError) -> ValueID {
    let input = try call.input()
    guard try integerType(of: input) != nil else { return input }
    return try emit(.cast(Cast(to: .float32)), [input], call, part: "cast", isResult: false)
  }

  /// The type of a value's integers; nil for real numbers.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) for text.
  func integerType(of value: ValueID) throws(ModelError) -> ElementType? {
    guard let type = builder.type(value)?.elementType, !type.isFloatingPoint else { return nil }
    guard type.isInteger || type == .bool else {
      throw ModelError(.unsupported, "an input of type '\(type.name)'")
    }
    return type
  }

  /// Refuses a layer that casts real numbers to integers and computes with those.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`).
  func expectRealComputation(_ call: LayerCall) throws(ModelError) {
    guard let policy = try DTypePolicy(call.attributes["dtype"]), policy.isInteger else { return }
    throw ModelError(.unsupported, "the layer computes in '\(policy.name)'").within(.attribute("dtype"))
  }
}
