public import ModelGraph

/// The inverted residuals of a network: what was found, and what it comes to.
///
/// Works on a graph at any stage. Blocks are found by their wiring, never by names; a network that is no MobileNetV2 gives
/// whatever blocks of this kind it has.
public struct InvertedResidualStructure: Sendable {
  public let stem: ConvolutionLayer?
  /// In the order of the network.
  public let blocks: [InvertedResidualBlock]
  public let head: NetworkHead?
  /// Nil when no width explains most of the channels.
  public let width: WidthMultiplier?
  /// How the width's channels are rounded, as far as the channels tell.
  public let rounding: MobileNetV2.Rounding
  /// Height and width of the input map; nil when open.
  public let inputSize: Size2D?
  /// The variants that the file does not rule out.
  public let variants: [MobileNetV2.Variant]
  let layers: ConvolutionLayers

  public init(of graph: Graph) {
    let layers = ConvolutionLayers(of: graph)
    self.layers = layers
    (stem, blocks) = Self.blocks(layers, graph)
    head = blocks.last.map { NetworkHead(behind: $0.output, graph: graph, layers: layers) }
    let outputs = blocks.map(\.outputChannels)
    let family = PaddingFamily.majority(of: [stem].compactMap { $0 } + blocks.map(\.depthwise))
    // The variant's own rounding first; DeepLab's only where it explains more.
    let usual: MobileNetV2.Rounding = family == .symmetric ? .multipleOfEight : .cutThenMultipleOfEight
    var best: (rounding: MobileNetV2.Rounding, width: WidthMultiplier?, explained: Int) = (usual, nil, 0)
    for rounding in [usual, .cut] {
      let found = WidthMultiplier.explaining(stem: stem?.outputChannels, outputs: outputs, rounding: rounding)
      if let found, found.explained > best.explained { best = (rounding, found.width, found.explained) }
    }
    rounding = best.rounding
    width = best.explained * 2 > outputs.count ? best.width : nil
    inputSize = stem?.inputSize
    variants = Self.variants(family: family, stem: stem, blocks: blocks, head: head, graph: graph)
  }

  /// The blocks alone, and the convolution before the first, without what they come to.
  public static func blocks(of graph: Graph) -> (stem: ConvolutionLayer?, blocks: [InvertedResidualBlock]) {
    blocks(ConvolutionLayers(of: graph), graph)
  }

  private static func blocks(
    _ layers: ConvolutionLayers, _ graph: Graph
  ) -> (stem: ConvolutionLayer?, blocks: [InvertedResidualBlock]) {
    let blocks = BlockFinder(graph: graph, layers: layers).blocks()
    return (blocks.first.flatMap { layers.making($0.input) }, blocks)
  }

  /// The variant in words.
  public var variantDescription: String {
    let names = variants.map { variant in
      switch variant {
      case .keras: "Keras"
      case .slim: "slim"
      case .torchvision: "torchvision"
      }
    }
    return names.isEmpty ? "no known variant" : names.joined(separator: " or ")
  }

  private static func variants(
    family: PaddingFamily?, stem: ConvolutionLayer?, blocks: [InvertedResidualBlock], head: NetworkHead?, graph: Graph
  ) -> [MobileNetV2.Variant] {
    switch family {
    case .symmetric: return [.torchvision]
    case .endHeavy:
      let strided = blocks.map(\.depthwise).filter { $0.strides.height == 2 }
      // Only an unchanged file still tells Keras's own paddings from SAME.
      if !strided.isEmpty, strided.allSatisfy(\.hasPaddingNode) { return [.keras] }
      if !strided.isEmpty, strided.allSatisfy(\.padsSame), stem?.padsSame == true { return [.slim] }
      return [.keras, .slim]
    case .other: return []
    case nil:
      // Odd maps are padded alike by all; SAME itself is TensorFlow's word.
      let strided = ([stem].compactMap { $0 } + blocks.map(\.depthwise)).filter { $0.strides.height == 2 }
      return !strided.isEmpty && strided.allSatisfy(\.padsSame) ? [.slim] : MobileNetV2.Variant.allCases
    }
  }
}
