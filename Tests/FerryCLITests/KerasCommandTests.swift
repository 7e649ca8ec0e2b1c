import FormatSupport
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct KerasCommandTests {
  private static let weights = SharedModels.path("imagenet/mobilenetv2_torchvision.weights.h5")

  @Test func weightsAloneBecomeTheNetworkThatTheyBelongTo() throws {
    let folder = TemporaryFolder()
    let whole = folder.path("whole.safetensors")
    let alone = folder.path("alone.safetensors")
    let first = Command.run(["convert", SharedModels.path("imagenet/mobilenetv2_torchvision.h5"), "-o", whole, "-q"])
    #expect(first.exitCode == 0, "\(first.errorText)")
    let second = Command.run([
      "convert", Self.weights, "--variant", "torchvision", "--input-size", "224", "-o", alone,
    ])
    #expect(second.exitCode == 0, "\(second.errorText)")
    #expect((second.errorText + second.outputText).contains("MobileNetV2 of width 1.0, 1000 classes"))
    let run = Command.run(["verify", alone, "--against", whole, "--layers", "outputs", "--atol", "1e-4"])
    #expect(run.exitCode == 0, "\(run.errorText)\(run.outputText)")
  }

  @Test func theHintsAreChecked() {
    Command.expectFailure(["summary", Self.weights, "--variant", "resnet"], code: 64, mentioning: ["'resnet'"])
    Command.expectFailure(["summary", Self.weights, "--input-size", "2x2x2"], code: 64, mentioning: ["--input-size"])
    Command.expectFailure(["summary", Self.weights, "--bn-epsilon", "-1"], code: 64, mentioning: [])
  }

  @Test func otherWeightsAreShownAndNotConverted() {
    let model = SharedModels.path("keras/fyp_my_model_weights.h5")
    let summary = Command.run(["summary", model])
    #expect(summary.exitCode == 0)
    #expect(summary.outputText.contains("109,386"))
    let folder = TemporaryFolder()
    Command.expectFailure(
      ["convert", model, "-o", folder.path("out.safetensors")], code: 69, mentioning: ["weights only"])
    #expect(folder.entries.isEmpty)
  }

  @Test func nestedModelsFold() {
    let model = SharedModels.path("keras/tm_waste_keras_model.h5")
    let run = Command.run(["summary", model, "--depth", "0"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    for part in ["sequential_1", "sequential_3", "538,708", "524,628", "14,080"] {
      #expect(run.outputText.contains(part), "\(part)")
    }
    #expect(!run.outputText.contains("Conv1_pad"))
    Command.expectFailure(["summary", model, "--depth", "-1"], code: 64, mentioning: ["--depth"])
  }
}
