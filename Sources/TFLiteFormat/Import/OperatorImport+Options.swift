import FormatSupport
import Glibc
import ModelGraph

extension OperatorImport {
  /// An integer option; the schema's default is 0 where the operator has no options at all.
  func integerOption(_ name: String, default value: Int = 0) throws(ModelError) -> Int {
    switch options[name] {
    case .integer(let number)?: number
    case nil: value
    default: throw ModelError(.internalFault, "the option is no integer").within(.attribute(name))
    }
  }

  func floatOption(_ name: String) throws(ModelError) -> Float {
    switch options[name] {
    case .float(let number)?: number
    case nil: 0
    default: throw ModelError(.internalFault, "the option is no number").within(.attribute(name))
    }
  }

  func boolOption(_ name: String, default value: Bool = false) throws(ModelError) -> Bool {
    switch options[name] {
    case .bool(let flag)?: flag
    case nil: value
    default: throw ModelError(.internalFault, "the option is no Boolean").within(.attribute(name))
    }
  }

  func integersOption(_ name: String) throws(ModelError) -> [Int] {
    switch options[name] {
    case .integers(let numbers)?: numbers
    case nil: []
    default: throw ModelError(.internalFault, "the option is no list").within(.attribute(name))
    }
  }

  func enumerationOption(_ name: String) throws(ModelError) -> Int {
    switch options[name] {
    case .enumeration(let number, _)?: number
    case nil: 0
    default: throw ModelError(.internalFault, "the option is no enumeration").within(.attribute(name))
    }
  }

  /// Height and width from two integer options.
  func sizeOption(height: String, width: String, default value: Int = 0) throws(ModelError) -> Size2D {
    Size2D(
      height: try integerOption(height, default: value), width: try integerOption(width, default: value))
  }

  func paddingOption() throws(ModelError) -> Padding2D {
    switch try enumerationOption("padding") {
    case 0: return .same(.upper)
    case 1: return .valid
    case let number: throw ModelError(.unsupported, "padding of kind \(number)").within(.attribute("padding"))
    }
  }

  /// The fused activation: a range where it is one, a function to apply afterwards where it is not.
  func activationOption() throws(ModelError) -> (clamp: ClampRange, function: Unary.Function?) {
    switch try enumerationOption("fused_activation_function") {
    case 0: return (.unbounded, nil)
    case 1: return (.relu, nil)
    case 2: return (ClampRange(lower: -1, upper: 1), nil)
    case 3: return (.relu6, nil)
    case 4: return (.unbounded, .hyperbolicTangent)
    case let number:
      throw ModelError(.unsupported, "a fused activation of kind \(OptionEnumeration.activation.name(of: number))")
    }
  }

  /// `pot_scale_int16` asks for an older arithmetic of 16-bit sums, which the runtime takes where all three scales are powers of
  /// two; other types do not know it.
  ///
  /// Source: `Prepare` in LiteRT's add.cc, `CheckedLog2` in quantization_util.cc.
  func expectGeneralScales() throws(ModelError) {
    guard try boolOption("pot_scale_int16", default: true), try outputType().elementType == .int16 else { return }
    let scales = [try type(0), try type(1), try outputType()].map { $0.quantization?.scales.first }
    let arePowers = scales.allSatisfy { scale in
      guard let scale, scale > 0, scale.isFinite else { return false }
      let logarithm = log2f(scale)
      return abs(logarithm - logarithm.rounded()) < 1e-3
    }
    if arePowers { throw ModelError(.unsupported, "16-bit arithmetic with scales that are powers of two") }
  }
}
