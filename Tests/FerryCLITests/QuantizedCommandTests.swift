import TestSupport
import Testing

/// Small quantized files of one fault each: what is shown, what is refused, with which exit code.
struct QuantizedCommandTests {
  private static func path(_ name: String) -> String { Golden.path("TFLite/\(name).tflite") }

  @Test(arguments: [
    ("bad/scale_nan", "a quantization scale of nan"), ("bad/scale_infinite", "a quantization scale of inf"),
    ("bad/scale_negative", "a quantization scale of -0.5"), ("bad/zero_point_outside", "a zero point of 128"),
    ("bad/scale_count", "2 scales and 1 zero points"), ("bad/scales_of_axis", "2 scales along axis 1"),
  ])
  func malformedFilesAreRefused(_ name: String, _ message: String) {
    let folder = TemporaryFolder()
    Command.expectFailure(
      ["convert", Self.path(name), "-o", folder.path("out.safetensors")], code: 65, mentioning: [message])
    Command.expectFailure(["summary", Self.path(name)], code: 65, mentioning: [message])
    #expect(folder.entries.isEmpty)
  }

  /// Shown with a finding, refused with the tensor named.
  @Test(arguments: [
    ("quantized/scale_zero", "has a quantization scale of zero", "the tensor 'x' has a scale of 0.0"),
    ("quantized/axis_outside", "is quantized along axis 2", "the tensor 'weights' has scales along axis 2"),
  ])
  func contradictionsAreShownAndNotConverted(_ name: String, _ finding: String, _ message: String) {
    let summary = Command.run(["summary", Self.path(name)])
    #expect(summary.exitCode == 0)
    #expect(summary.outputText.contains(finding), "\(summary.outputText)")
    let folder = TemporaryFolder()
    Command.expectFailure(
      ["convert", Self.path(name), "-o", folder.path("out.safetensors")], code: 65, mentioning: [message])
    #expect(folder.entries.isEmpty)
  }

  @Test func biases() {
    let folder = TemporaryFolder()
    let out = folder.path("out.safetensors")
    let other = Command.run(["convert", Self.path("quantized/bias_scale"), "-o", out])
    #expect(other.exitCode == 0)
    #expect(
      other.outputText.contains("its scale in channel 1 is 0.26, input and weights make 0.25"), "\(other.outputText)")
    Command.expectFailure(
      ["convert", Self.path("quantized/bias_zero_point"), "-o", folder.path("none.safetensors")], code: 69,
      mentioning: ["a bias with a zero point"])
    let sound = Command.run(["convert", Self.path("quantized/sound"), "-o", out, "--force"])
    #expect(sound.exitCode == 0)
    #expect(!sound.outputText.contains("warning"), "\(sound.outputText)")
  }

  @Test func theSummaryShowsScalesAndZeroPoints() {
    let summary = Command.run(["summary", Self.path("quantized/sound")])
    #expect(summary.exitCode == 0)
    #expect(summary.outputText.contains("Scale, zero point"))
    #expect(summary.outputText.contains("0.75, -3 | weights 3 scales along axis 0"), "\(summary.outputText)")
    #expect(summary.outputText.contains("LiteRT's"))
    #expect(summary.outputText.contains("int32 12 bytes, int8 12 bytes"), "\(summary.outputText)")
    let json = Command.run(["summary", Self.path("quantized/sound"), "--format", "json"])
    #expect(json.outputText.contains("\"quantizedArithmetic\": \"liteRT\""), "\(json.outputText)")
    #expect(json.outputText.contains("\"weightQuantization\""))
  }
}
