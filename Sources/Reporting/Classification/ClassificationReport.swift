public import FormatSupport

/// What a network sees in images.
public struct ClassificationReport: Report {
  public struct Class: Hashable, Sendable {
    public var index: Int
    public var label: String?
    public var score: Float

    public init(index: Int, label: String?, score: Float) {
      self.index = index
      self.label = label
      self.score = score
    }
  }

  public struct Image: Hashable, Sendable {
    public var path: String
    public var width: Int
    public var height: Int
    /// The likeliest first.
    public var classes: [Class]
    /// How many of all scores are NaN: classes without a rank, which come last.
    public var notANumberCount: Int

    public init(path: String, width: Int, height: Int, classes: [Class], notANumberCount: Int = 0) {
      self.path = path
      self.width = width
      self.height = height
      self.classes = classes
      self.notANumberCount = notANumberCount
    }
  }

  public var model: String
  public var images: [Image]

  public init(model: String, images: [Image]) {
    self.model = model
    self.images = images
  }

  public func table() -> TextTable {
    var table = TextTable([
      .init("Image"), .init("Rank", .trailing), .init("Class", .trailing), .init("Label"), .init("Score", .trailing),
    ])
    for image in images {
      for (rank, found) in image.classes.enumerated() {
        table.add([
          image.path, "\(rank + 1)", "\(found.index)", found.label ?? "",
          NumberText.short(Double(found.score), digits: 6),
        ])
      }
    }
    return table
  }

  public func text(_ style: TerminalStyle) -> String {
    var text = ""
    for image in images {
      text += "\(style.bold(image.path.terminalSafe))  \(image.width)×\(image.height)\n"
      for found in image.classes {
        let score = NumberText.fixed(Double(found.score), places: 4)
        let pad = String(repeating: " ", count: max(0, 10 - score.count))
        text += "  \(pad)\(score)  \(found.label?.terminalSafe ?? "class \(found.index)")\n"
      }
    }
    return text
  }

  public func markdown() -> String { table().markdown() }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.classification/1"), "model": .string(model),
      "images": .array(
        images.map { image in
          .object([
            "path": .string(image.path), "width": .count(image.width), "height": .count(image.height),
            "notANumber": .count(image.notANumberCount),
            "classes": .array(
              image.classes.map { found in
                .object([
                  "index": .count(found.index), "label": found.label.map { .string($0) } ?? .null,
                  "score": .real(found.score),
                ])
              }),
          ])
        }),
    ])
  }
}
