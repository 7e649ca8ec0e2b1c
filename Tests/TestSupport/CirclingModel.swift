/// A Keras model on which libhdf5 goes round in circles: a text of ten bytes says that it is one, and behind it the library
/// finds an entry of no length, time and again.
public enum CirclingModel {
  /// Nil where the model that it is made of is missing, or is not what it was.
  public static func bytes() -> [UInt8]? {
    let path = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/golden/rescaling_list_k2.h5"
    let entry: [UInt8] = [10, 0, 0, 0, 0, 0, 0, 0] + Array("tensorflow".utf8)
    guard var bytes = TemporaryFolder.bytes(of: path),
      let place = bytes.indices.last(where: { bytes[$0] == 10 && bytes[$0...].starts(with: entry) })
    else { return nil }
    bytes[place] = 1
    return bytes
  }
}
