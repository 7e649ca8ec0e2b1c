import Ferry

extension ModelError.Code {
  /// The exit code of sysexits.h that stands for the kind of fault.
  var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .malformed, .nonFinite: 65
    case .noInput: 66
    case .unsupported: 69
    case .internalFault: 70
    case .cannotCreate: 73
    case .inputOutput: 74
    }
  }
}
