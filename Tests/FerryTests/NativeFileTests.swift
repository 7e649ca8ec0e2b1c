import Ferry
import Glibc
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct NativeFileTests {
  @Test(arguments: RealModel.imageNet + [RealModel.others[0], RealModel.randomOnly[1]])
  func convertingTwiceGivesTheSameBytes(real: RealModel) throws {
    let folder = TemporaryFolder()
    let (first, second) = (folder.path("first.safetensors"), folder.path("second.safetensors"))
    try Model(contentsOf: real.path).converted().model.write(to: first)
    try Model(contentsOf: real.path).converted().model.write(to: second)
    #expect(TemporaryFolder.bytes(of: first) == TemporaryFolder.bytes(of: second))
  }

  /// Each bit of the first twelve bytes, where the format is told from others, and 2,000 single bits everywhere in the file: the
  /// file is malformed, or it means the same.
  @Test func flippedBitsAreFound() throws {
    let folder = TemporaryFolder()
    let path = folder.path("model.safetensors")
    try Model(contentsOf: SharedModels.path("other/vww_96_float.tflite")).converted().model.write(to: path)
    let intact = try Self.fingerprint(try Model(contentsOf: path))
    let bytes = try #require(TemporaryFolder.bytes(of: path))
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    var random = SeededGenerator(seed: 5)
    var undetected = 0
    var bits = Array(0..<(12 * 8))
    for _ in 0..<2_000 { bits.append(random.integer(in: 0...(bytes.count * 8 - 1))) }
    for bit in bits {
      let offset = bit / 8
      let flipped = bytes[offset] ^ (1 << UInt8(bit % 8))
      pwrite(descriptor, [flipped], 1, off_t(offset))
      switch Self.reading(path) {
      case .success(let parts): if parts != intact { undetected += 1 }
      case .failure(let error): #expect(error.code == .malformed, "bit \(bit): \(error)")
      }
      pwrite(descriptor, [bytes[offset]], 1, off_t(offset))
    }
    #expect(undetected == 0)
  }

  private static func reading(_ path: String) -> Result<[String], ModelError> {
    Result { () throws(ModelError) in try fingerprint(try Model(contentsOf: path)) }
  }

  /// The graph's text and a hash of every constant: what a result depends on.
  private static func fingerprint(_ model: Model) throws(ModelError) -> [String] {
    var parts = [model.graph.description]
    for value in model.graph.values {
      guard let constant = value.constant else { continue }
      parts.append(try constant.withUnsafeBytes { (bytes) throws(ModelError) in "\(ContentHash.xxh3(bytes))" })
    }
    return parts
  }

  @Test func truncationsAreFound() throws {
    let folder = TemporaryFolder()
    let path = folder.path("model.safetensors")
    try Model(contentsOf: SharedModels.path("other/vww_96_float.tflite")).converted().model.write(to: path)
    let bytes = try #require(TemporaryFolder.bytes(of: path))
    for step in 0..<200 {
      let cut = folder.write(Array(bytes.prefix(bytes.count * step / 200)), to: "cut.safetensors")
      let error = #expect(throws: ModelError.self) { try Model(contentsOf: cut) }
      #expect(error?.code == .malformed, "\(step): \(error.map { "\($0)" } ?? "")")
    }
  }

  /// Converted again, a native file is the same bytes: no pass is listed twice.
  @Test func aNativeFileConvertedAgainIsTheSame() throws {
    let folder = TemporaryFolder()
    let (first, second) = (folder.path("first.safetensors"), folder.path("second.safetensors"))
    try Model(contentsOf: SharedModels.packageRoot + "Samples/digits.onnx").converted().model.write(to: first)
    try Model(contentsOf: first).converted().model.write(to: second)
    #expect(TemporaryFolder.bytes(of: first) == TemporaryFolder.bytes(of: second))
  }
}
