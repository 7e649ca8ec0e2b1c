import FormatSupport
import ModelGraph

/// What importing one file may still make, where a few of its bytes can ask for any amount.
///
/// Constants and names that lie in the file cost nothing here: their bytes were charged when they were decoded.
final class ImportBudget {
  private let fileByteCount: Int
  private var unpackedBytesLeft: Int
  private var nameBytesLeft: Int

  init(fileByteCount: Int, limits: Limits) {
    self.fileByteCount = fileByteCount
    unpackedBytesLeft = limits.weightBytes(ofFile: fileByteCount)
    nameBytesLeft = fileByteCount.multipliedReportingOverflow(by: FlatBuffer.decodingFactor).partialValue
  }

  /// Charges a constant that becomes larger than its bytes in the file, before it does.
  ///
  /// - Throws: `.malformed` where all of them together become larger than ``Limits/weightBytes(ofFile:)``.
  func spend(unpacked byteCount: Int) throws(ModelError) {
    guard byteCount <= unpackedBytesLeft else {
      throw ModelError(
        .malformed,
        "a sparse constant of \(byteCount) bytes; \(unpackedBytesLeft) are left of what those of a file of "
          + "\(fileByteCount) bytes may take")
    }
    unpackedBytesLeft -= byteCount
  }

  /// Charges `count` texts that are made of `name`, which the file stores once and uses as often as it likes.
  ///
  /// - Throws: `.malformed` where such texts become many times larger than the file.
  func spend(name: String, count: Int = 1) throws(ModelError) {
    let (byteCount, overflow) = name.utf8.count.multipliedReportingOverflow(by: count)
    guard !overflow, byteCount <= nameBytesLeft else {
      throw ModelError(.malformed, "the file uses one long name so often that its names would grow without bound")
    }
    nameBytesLeft -= byteCount
  }
}
