import FormatSupport
import ModelGraph

/// Layers that move elements and change none.
enum ShapeLayers {
  /// Dropout and its family: nothing happens once a model is trained.
  static func onlyInTraining(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    call.attributes.ignore { _ in true }
    return [try lowering.emit(.identity(Identity()), [try call.input()], call)]
  }

  static func flatten(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let layout = try call.attributes.layout()
    let input = try call.input()
    let rank = try lowering.dimensions(input).count
    var steps: [ModelLowering.Step] = []
    if layout == .channelsFirst, rank > 2 {
      // Keras flattens in the order of channels last, whatever the layout.
      steps.append(.init(.transpose(Transpose([0] + Array(2..<rank) + [1])), part: "transpose"))
    }
    steps.append(.init(.flatten(Flatten(axis: 1))))
    return [try lowering.emit(steps, from: input, call)]
  }

  static func reshape(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    var target: [Reshape.Extent] = [.copied(0)]
    for extent in try call.attributes.integers("target_shape") {
      guard extent >= -1 else {
        throw ModelError(.malformed, "an extent of \(extent)").within(.attribute("target_shape"))
      }
      target.append(extent == -1 ? .inferred : .fixed(extent))
    }
    return [try lowering.emit(.reshape(Reshape(target)), [try call.input()], call)]
  }

  static func permute(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    // Axes are counted from one, the batch not among them.
    let permutation = [0] + (try call.attributes.integers("dims"))
    guard permutation.sorted() == Array(0..<permutation.count) else {
      throw ModelError(.malformed, "\(permutation.dropFirst()) is no permutation").within(.attribute("dims"))
    }
    return [try lowering.emit(.transpose(Transpose(permutation)), [try call.input()], call)]
  }

  static func zeroPadding2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let insets = try insets("padding", call.attributes)
    let layout = try call.attributes.layout()
    var before = [0, 0, 0, 0]
    var after = [0, 0, 0, 0]
    before[layout.heightAxis] = insets.top
    before[layout.widthAxis] = insets.left
    after[layout.heightAxis] = insets.bottom
    after[layout.widthAxis] = insets.right
    return [try lowering.emit(.pad(Pad(before: before, after: after)), [try call.input()], call)]
  }

  static func cropping2D(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let insets = try insets("cropping", call.attributes)
    let layout = try call.attributes.layout()
    let slice = try crop(
      axes: [layout.heightAxis, layout.widthAxis], sides: [(insets.top, insets.bottom), (insets.left, insets.right)])
    return [try lowering.emit(.slice(slice), [try call.input()], call)]
  }

  /// What is left of axes whose sides are cut off.
  static func crop(axes: [Int], sides: [(before: Int, after: Int)]) throws(ModelError) -> Slice {
    for side in sides {
      guard (0...(1 << 24)).contains(side.before), (0...(1 << 24)).contains(side.after) else {
        throw ModelError(.malformed, "\(side) is out of range").within(.attribute("cropping"))
      }
    }
    return Slice(
      axes: axes, starts: sides.map(\.before), ends: sides.map { $0.after == 0 ? Int(Int32.max) : -$0.after },
      steps: axes.map { _ in 1 })
  }

  /// Rows and columns at the four sides: one number, height and width, or `[[top, bottom], [left, right]]`.
  static func insets(_ name: String, _ attributes: AttributeReader<JSONValue>) throws(ModelError) -> EdgeInsets {
    var rows: [[Int]] = []
    if let items = attributes[name]?.arrayValue {
      for item in items {
        if let pair = item.arrayValue {
          rows.append(pair.compactMap(\.integerValue))
        } else if let number = item.integerValue {
          rows.append([number, number])
        }
      }
    } else {
      let number = try attributes.integer(name, default: 1)
      rows = [[number, number], [number, number]]
    }
    guard rows.count == 2, rows.allSatisfy({ $0.count == 2 && $0.allSatisfy((0...(1 << 24)).contains) }) else {
      throw ModelError(.malformed, "expected rows and columns at two sides each").within(.attribute(name))
    }
    return EdgeInsets(top: rows[0][0], left: rows[1][0], bottom: rows[0][1], right: rows[1][1])
  }
}
