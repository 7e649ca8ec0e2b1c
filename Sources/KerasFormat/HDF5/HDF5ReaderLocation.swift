import CSystemSupport
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where `ferry-hdf5-reader` stands.
enum HDF5ReaderLocation {
  static let hint =
    "install ferry-hdf5-reader beside the program, or name it in FERRY_HDF5_READER or ImportOptions.hdf5ReaderPath"

  /// The path given, the one in the environment, or the one beside the running executable.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) where no executable stands there.
  static func path(given: String?) throws(ModelError) -> String {
    let path: String
    if let given {
      path = given
    } else if let variable = getenv("FERRY_HDF5_READER"), variable.pointee != 0 {
      path = String(cString: variable)
    } else {
      path = besideExecutable()
    }
    guard access(path, X_OK) == 0 else {
      throw ModelError(
        .unsupported, "HDF5 files are read by ferry-hdf5-reader, and there is none at '\(path)'", hint: hint)
    }
    return path
  }

  private static func besideExecutable() -> String {
    let name = "ferry-hdf5-reader"
    let executable = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let start = buffer.baseAddress, ferry_executable_path(start, buffer.count) > 0 else { return "" }
      return String(cString: start)
    }
    guard let slash = executable.lastIndex(of: "/") else { return name }
    return executable[...slash] + name
  }
}
