import Ferry
import FormatSupport
import TestSupport
import Testing

/// Weights that files hold in forms of their own (`make_quantized.py`): through conversion, the native format and the engine to what
/// LiteRT's reference kernels answer.
@Suite struct SmallQuantizedFileTests {
  struct File: Sendable, CustomTestStringConvertible {
    let name: String
    let signature: String
    /// The element type of the weights in a native file.
    let weights: ElementType

    var testDescription: String { name }
  }

  static let files = [
    File(name: "sparse_int8", signature: "dense_sparse_int8", weights: .int8),
    File(name: "conv_int4", signature: "conv", weights: .int4),
    File(name: "dense_int4", signature: "dense", weights: .int4),
  ]

  @Test(arguments: files) func runsTheSameConvertedAndReadAgain(file: File) throws {
    let folder = TemporaryFolder()
    let path = Golden.path("TFLite/quantized/\(file.name).tflite")
    let answers = try NPZFile(path: Golden.path("TFLite/quantized/\(file.name).npz"))
    let input = try answers.tensor(named: "\(file.signature).input0")
    let expected = try answers.tensor(named: "\(file.signature).output0").integers()
    let source = try Model(contentsOf: path)
    #expect(try source.run([input], on: .referenceInterpreter)[0].integers() == expected)
    let (first, second, third) = (
      folder.path("1.safetensors"), folder.path("2.safetensors"), folder.path("3.safetensors")
    )
    try source.converted().model.write(to: first)
    try Model(contentsOf: path).converted().model.write(to: second)
    #expect(TemporaryFolder.bytes(of: first) == TemporaryFolder.bytes(of: second))
    try Model(contentsOf: first).converted().model.write(to: third)
    for native in [first, third] {
      let model = try Model(contentsOf: native)
      let weights = model.graph.values.compactMap(\.constant).filter { $0.extents.count > 1 }
      #expect(weights.map(\.elementType) == [file.weights])
      for device in [VerificationResult.Candidate.engine, .referenceInterpreter] {
        #expect(try model.run([input], on: device)[0].integers() == expected, "\(native) \(device)")
      }
    }
  }
}
