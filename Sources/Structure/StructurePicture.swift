import ModelGraph

/// The network drawn with letters: one line a block, widths to scale, skips marked.
public struct StructurePicture: CustomStringConvertible, Sendable {
  public let description: String

  /// Columns that the widest layer takes.
  private static let columns = 48

  public init(of structure: InvertedResidualStructure) {
    let blocks = structure.blocks
    let widest = max(
      blocks.map { max($0.expandedChannels, $0.outputChannels) }.max() ?? 1, structure.head?.last?.outputChannels ?? 1)
    func bar(_ channels: Int, _ letter: Character) -> String {
      // A square root keeps the narrow ends visible beside the wide middles.
      let share = (Double(channels) / Double(widest)).squareRoot()
      return String(repeating: letter, count: max(1, Int((share * Double(Self.columns)).rounded())))
    }
    func line(_ name: String, _ text: String, _ detail: String) -> String {
      let padded = text + String(repeating: " ", count: max(0, Self.columns - text.count))
      return name + String(repeating: " ", count: max(1, 10 - name.count)) + padded + "  " + detail
    }
    var lines: [String] = []
    if let stem = structure.stem {
      lines.append(
        line("stem", bar(stem.outputChannels, "▒"), "\(stem.inputChannels) → \(stem.outputChannels)  stride 2"))
    }
    for block in blocks {
      let channels = "\(block.inputChannels) → \(block.expandedChannels) → \(block.outputChannels)"
      var marks: [String] = []
      if block.stride > 1 { marks.append("stride \(block.stride)") }
      if block.dilation > 1 { marks.append("dilation \(block.dilation)") }
      switch block.skip {
      case .none: break
      case .input: marks.append("⤵ skip")
      case .other: marks.append("⤵ from elsewhere")
      }
      // The bottleneck's ends stand within the bar of the expanded width.
      let inner = bar(block.outputChannels, "█")
      let outer = bar(block.expandedChannels, "░")
      let drawn = inner + outer.dropFirst(min(inner.count, outer.count))
      lines.append(line("block \(block.index)", drawn, ([channels] + marks).joined(separator: "  ")))
    }
    if let last = structure.head?.last {
      lines.append(line("last", bar(last.outputChannels, "▒"), "\(last.inputChannels) → \(last.outputChannels)"))
    }
    if let classes = structure.head?.classes { lines.append(line("classes", "", "\(classes)")) }
    description = lines.joined(separator: "\n") + "\n"
  }
}
