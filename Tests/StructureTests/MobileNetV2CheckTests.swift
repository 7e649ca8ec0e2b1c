import ModelGraph
import Structure
import TestSupport
import Testing

@Suite struct MobileNetV2CheckTests {
  /// Weights that are neither zero nor equal, so that nothing but the planted fault is found.
  static func varied(
    _ layer: MobileNetV2Layer, _ name: MobileNetV2Layer.Parameter, _ shape: [Int]
  ) throws(ModelError) -> Tensor {
    let count = Shape.elementCount(of: shape) ?? 0
    return try Tensor((0..<count).map { Float($0 % 7) * 0.125 + 0.25 }, shape: shape)
  }

  static func network(
    width: Double = 1, size: Int = 96, variant: MobileNetV2.Variant = .keras,
    head: MobileNetV2.Head = .classifier(classes: 1000, softmax: true)
  ) throws -> Graph {
    try MobileNetV2(width: width, inputHeight: size, inputWidth: size, variant: variant, head: head)
      .graph(parameter: varied)
  }

  @Test(arguments: [0.35, 0.5, 0.75, 1.0, 1.3, 1.4], MobileNetV2.Variant.allCases)
  func everyWidthAndVariantIsRecognized(width: Double, variant: MobileNetV2.Variant) throws {
    let check = MobileNetV2Check(of: try Self.network(width: width, variant: variant))
    #expect(check.findings == [])
    #expect(check.structure.width?.nominal == width)
    #expect(check.structure.variants == [variant])
    #expect(check.structure.inputSize == Size2D(96))
    #expect(check.structure.head?.classes == 1000)
    #expect(check.structure.blocks.count == 17)
    #expect(check.structure.blocks.count { if case .input = $0.skip { true } else { false } } == 10)
  }

  @Test func headsAreToldApart() throws {
    let embedding = MobileNetV2Check(of: try Self.network(head: .pooled))
    #expect(embedding.passes && embedding.findings.map(\.code) == ["no-classifier"])
    let map = MobileNetV2Check(of: try Self.network(head: .featureMap))
    #expect(map.passes && map.findings.map(\.code) == ["no-classifier"])
    let replaced = MobileNetV2Check(of: try Self.network(head: .classifier(classes: 7, softmax: false)))
    #expect(replaced.passes && replaced.findings.map(\.code) == ["head-replaced"])
    #expect(replaced.structure.head?.classes == 7)
  }

  @Test func thePictureShowsEveryBlock() throws {
    let structure = InvertedResidualStructure(of: try Self.network())
    let lines = StructurePicture(of: structure).description.split(separator: "\n")
    #expect(lines.count == 20)
    #expect(lines[3].contains("24 → 144 → 24") && lines[3].contains("skip"))
    #expect(lines[2].contains("stride 2") && !lines[2].contains("skip"))
  }
}
