import FormatSupport
import KerasFormat
import ModelGraph
import TestSupport
import Testing

/// Real files, against the numbers that Keras itself gives for them.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct WholeModelTests {
  static func read(_ name: String) throws -> Program {
    try KerasFormat.read(try MappedFile(path: SharedModels.path(name)), options: .standard)
  }

  @Test(arguments: [
    ("imagenet/mobilenetv2_torchvision.h5", 3_504_872, 34_112),
    ("keras/tm_waste_keras_model.h5", 524_628, 14_080),
    ("keras/vww_96.h5", 216_322, 5_472),
    ("keras/resnet8_cifar.h5", 78_186, 480),
    ("keras/fer2013_mini_XCEPTION.102-0.66.hdf5", 56_951, 1_472),
  ])
  func parametersAreCountedAsKerasCountsThem(name: String, trainable: Int, nonTrainable: Int) throws {
    let count = try Self.read(name).mainGraph.parameterCount()
    #expect(count.trainable == trainable)
    #expect(count.nonTrainable == nonTrainable)
  }

  @Test func theTorchvisionNetworkHasANodeForEachLayer() throws {
    let program = try Self.read("imagenet/mobilenetv2_torchvision.h5")
    let graph = program.mainGraph
    #expect(program.source == "Keras 2.15.0 HDF5")
    #expect(graph.nodes.count == 169)
    #expect(graph.multiplyAccumulates() == 300_774_272)
    #expect(graph.inputs.map(\.name) == ["input"])
    #expect(graph[graph.inputs[0].value].type.shape == [.symbolic("batch"), 224, 224, 3])
    #expect(graph.outputs.map(\.name) == ["logits"])
    #expect(graph[graph.outputs[0].value].type.shape == [.symbolic("batch"), 1000])
    let first = graph.nodes.prefix(4)
    #expect(first.map(\.name) == ["f0_pad", "f0_conv", "f0_bn", "f0_relu"])
    #expect(first.map(\.op.name) == ["pad", "conv2d", "batchNorm", "clamp"])
    #expect(first.flatMap(\.origin).map(\.operatorName) == ["ZeroPadding2D", "Conv2D", "BatchNormalization", "ReLU"])
    #expect(first.flatMap { $0.outputs }.map { graph[$0].origin?.name } == ["f0_pad", "f0_conv", "f0_bn", "f0_relu"])
  }

  @Test func weightsStayInTheMappedFile() throws {
    let file = try MappedFile(path: SharedModels.path("imagenet/mobilenetv2_torchvision.h5"))
    let graph = try KerasFormat.read(file, options: .standard).mainGraph
    for value in graph.values {
      guard let constant = value.constant else { continue }
      guard case .bytes(let storage, _) = constant.content else {
        Issue.record("'\(value.name)' is not mapped")
        continue
      }
      #expect(storage === file, "\(value.name)")
    }
  }

  @Test func nestedModelsAreFlattened() throws {
    let graph = try Self.read("keras/tm_waste_keras_model.h5").mainGraph
    #expect(graph.inputs.map(\.name) == ["sequential_1_input"])
    #expect(graph.nodes.first?.name == "sequential_1/model1/Conv1_pad")
    #expect(graph[graph.outputs[0].value].type.shape.dimensions?.last?.fixedValue == 4)
  }

  @Test func aLayerWithSoftmaxIsTwoNodesOfOneOrigin() throws {
    let graph = try Self.read("keras/vww_96.h5").mainGraph
    let last = graph.nodes.suffix(2)
    #expect(last.map(\.name) == ["dense", "dense/softmax"])
    #expect(last.flatMap(\.origin).map(\.name) == ["dense", "dense"])
    #expect(last.map { graph[$0.outputs[0]].origin?.name } == ["dense/fullyConnected", "dense"])
  }

  @Test func optimizerStateIsNamedAndCounted() throws {
    let program = try Self.read("keras/vww_96.h5")
    #expect(program.findings.map(\.code) == ["optimizer-state"])
    // Adam keeps two numbers a trainable parameter, and one that counts the steps.
    #expect(program.optimizerParameterCount == 2 * 216_322 + 1)
  }
}
