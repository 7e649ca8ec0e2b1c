import ModelGraph
import Structure
import Testing

/// The counts of every published width and size, built from the architecture alone.
@Suite struct MobileNetV2Tests {
  static let widths: [(width: Double, total: Int, trainable: Int, noTop: Int)] = [
    (0.35, 1_691_208, 1_677_128, 410_208), (0.5, 1_987_224, 1_968_680, 706_224),
    (0.75, 2_663_064, 2_636_424, 1_382_064), (1.0, 3_538_984, 3_504_872, 2_257_984),
    (1.3, 5_431_048, 5_386_792, 3_766_048), (1.4, 6_156_712, 6_108_776, 4_363_712),
  ]
  static let sizes = [224, 192, 160, 128, 96]
  /// Millions of multiply–accumulates by width and size, as published.
  static let millions: [[Double]] = [
    [59.29, 43.90, 30.87, 20.22, 11.93], [97.13, 71.70, 50.18, 32.58, 18.89],
    [209.07, 153.94, 107.30, 69.13, 39.45], [300.77, 221.32, 154.08, 99.07, 56.29],
    [509.37, 374.68, 260.70, 167.45, 94.92], [582.20, 428.21, 297.92, 191.31, 108.40],
  ]

  static func zeros(
    _ layer: MobileNetV2Layer, _ name: MobileNetV2Layer.Parameter, _ shape: [Int]
  ) throws(ModelError) -> Tensor {
    try Tensor(type: TensorType(.float32, Shape(shape)), splat: .floating(name == .movingVariance ? 1 : 0))
  }

  @Test(arguments: widths.indices, MobileNetV2.Variant.allCases)
  func parametersAreThePublishedOnes(index: Int, variant: MobileNetV2.Variant) throws {
    let expected = Self.widths[index]
    let graph = try MobileNetV2(width: expected.width, variant: variant).graph(parameter: Self.zeros)
    #expect(
      graph.parameterCount()
        == ParameterCount(trainable: expected.trainable, nonTrainable: expected.total - expected.trainable))
    let body = try MobileNetV2(width: expected.width, variant: variant, head: .featureMap).graph(parameter: Self.zeros)
    #expect(body.parameterCount().total == expected.noTop)
  }

  @Test(arguments: widths.indices, sizes.indices)
  func multiplyAccumulatesAreThePublishedOnes(width: Int, size: Int) throws {
    let architecture = MobileNetV2(
      width: Self.widths[width].width, inputHeight: Self.sizes[size], inputWidth: Self.sizes[size])
    let count = try #require(try architecture.graph(parameter: Self.zeros).multiplyAccumulates())
    // The published figures are rounded to a hundredth of a million.
    #expect(abs(Double(count) / 1e6 - Self.millions[width][size]) <= 0.00501, "\(count)")
    if Self.widths[width].width == 1, Self.sizes[size] == 224 { #expect(count == 300_774_272) }
  }

  @Test func theLayersAreCounted() throws {
    let graph = try MobileNetV2().graph(parameter: Self.zeros)
    func count(_ matches: (Op) -> Bool) -> Int { graph.nodes.count { matches($0.op) } }
    #expect(count { if case .conv2D = $0 { true } else { false } } == 52)
    #expect(count { if case .conv2D(let conv) = $0 { conv.groups > 1 } else { false } } == 17)
    #expect(count { if case .batchNorm = $0 { true } else { false } } == 52)
    #expect(count { if case .clamp = $0 { true } else { false } } == 35)
    #expect(count { if case .binary = $0 { true } else { false } } == 10)
    #expect(count { if case .pad = $0 { true } else { false } } == 4)
  }

  @Test func roundingKeepsWithinATenth() {
    #expect(MobileNetV2.rounded(32 * 0.35) == 16)
    #expect(MobileNetV2.rounded(24 * 1.4) == 32)
    #expect(MobileNetV2.rounded(1) == 8)
    // Cutting to an integer first changes 0.56 · 96 = 53.76.
    #expect(MobileNetV2.channels(96, width: 0.56, variant: .keras) == 56)
    #expect(MobileNetV2.channels(160, width: 1.12, variant: .torchvision) == 176)
    #expect(MobileNetV2.channels(160, width: 1.12, variant: .keras) == 176)
  }

  @Test func oddSizesArePaddedOnBothSides() throws {
    let graph = try MobileNetV2(width: 0.35, inputHeight: 97, inputWidth: 96).graph(parameter: Self.zeros)
    let pad = try #require(graph.nodes.first { if case .pad = $0.op { true } else { false } })
    guard case .pad(let op) = pad.op else { return }
    #expect(op.before == [0, 1, 0, 0] && op.after == [0, 1, 1, 0])
  }

  @Test func aWrongShapeIsNamed() {
    let error = #expect(throws: ModelError.self) {
      try MobileNetV2().graph { (layer, name, shape) throws(ModelError) in
        try Self.zeros(layer, name, layer == .project(block: 3) && name == .kernel ? [1, 1, 7, 7] : shape)
      }
    }
    #expect(error?.message.contains("block_3_project kernel") == true)
  }
}
