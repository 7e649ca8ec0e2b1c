import Ferry
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct SummaryTotalsTests {
  @Test func kerasFileShowsItsBatchNorms() throws {
    let summary = try Model(contentsOf: SharedModels.path("imagenet/mobilenetv2_torchvision.h5")).summary()
    #expect(summary.parameters.total == 3_538_984)
    #expect(summary.parameters.trainable == 3_504_872)
    #expect(summary.parameters.nonTrainable == 34_112)
    #expect(summary.foldedParameters == 3_487_816)
    #expect(summary.multiplyAccumulates == 300_774_272)
  }

  @Test(arguments: [
    "imagenet/mobilenetv2_torchvision.onnx", "imagenet/mobilenetv2_torchvision_float32.tflite",
    "imagenet/mobilenetv2_torchvision_fp16.tflite",
  ])
  func foldedFiles(file: String) throws {
    let summary = try Model(contentsOf: SharedModels.path(file)).summary()
    #expect(summary.parameters.total == 3_487_816)
    #expect(summary.foldedParameters == nil)
    #expect(summary.multiplyAccumulates == 300_774_272)
  }

  @Test func onnxFileWithBatchNorms() throws {
    let summary = try Model(contentsOf: SharedModels.path("imagenet/mobilenetv2_torchvision_bn.onnx")).summary()
    #expect(summary.parameters.total == 3_538_984)
    #expect(summary.foldedParameters == 3_487_816)
    #expect(summary.multiplyAccumulates == 300_774_272)
  }

  @Test(arguments: RealModel.imageNet)
  func nativeFilesHoldTheFoldedCount(real: RealModel) throws {
    let folder = TemporaryFolder()
    let summary = try real.nativeModel(in: folder).summary()
    #expect(summary.parameters.total == 3_487_816)
    #expect(summary.multiplyAccumulates == 300_774_272)
    #expect(summary.operatorCounts["conv2d"] == 52)
  }
}
