internal import ModelGraph

/// Normalizations at inference, and Dropout, which inference passes through.
enum NormalizationLowering {
  static let entries: [String: OperatorEntry] = [
    "BatchNormalization": OperatorEntry(inputs: 5, batchNormalization),
    "LayerNormalization": OperatorEntry(since: 17, inputs: 3, layerNormalization),
    "Dropout": OperatorEntry(inputs: 3, earlier: .init(before: 12, inputs: 1), dropout),
  ]

  @Sendable private static func batchNormalization(_ node: NodeLowering) throws(ModelError) {
    var inputs: [ValueID?] = []
    for index in 0..<5 { inputs.append(try node.input(index)) }
    // Training normalizes by the batch's own statistics: by attribute in 6 and from 14 on, by further outputs between.
    let trains =
      switch node.version {
      case 6: try !node.attributes.bool("is_test", default: false)
      case 7...13: (1..<5).contains(where: node.isOutputUsed)
      default: try node.attributes.bool("training_mode", default: false)
      }
    guard !trains else { throw ModelError(.unsupported, "batch normalization in training mode") }
    if node.version < 9, try !node.attributes.bool("spatial", default: true) {
      throw ModelError(.unsupported, "statistics for every position", context: [.attribute("spatial")])
    }
    node.attributes.ignore("momentum")
    let epsilon = try node.attributes.float("epsilon", default: 1e-5)
    try node.finish(.batchNorm(BatchNorm(epsilon: epsilon, axis: 1)), inputs)
  }

  @Sendable private static func layerNormalization(_ node: NodeLowering) throws(ModelError) {
    let inputs = [try node.input(0), try node.input(1), node.optionalInput(2)]
    let rank = try node.dimensions(0).count
    let axis = try node.axis(try node.attributes.int("axis", default: -1), rank: rank)
    let epsilon = try node.attributes.float("epsilon", default: 1e-5)
    // In which precision an evaluation sums: float32, as everything here.
    guard try node.attributes.int("stash_type", default: 1) == 1 else {
      throw ModelError(.unsupported, "sums in another type than float32", context: [.attribute("stash_type")])
    }
    try node.finish(
      .layerNorm(LayerNorm(epsilon: epsilon, axis: axis)), inputs[2] == nil ? Array(inputs.dropLast()) : inputs)
  }

  @Sendable private static func dropout(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    node.attributes.ignore("seed")
    if node.version < 12 { node.attributes.ignore("ratio") }
    var trains = false
    if node.version < 7 { trains = try !node.attributes.bool("is_test", default: false) }
    if node.version >= 12, node.optionalInput(2) != nil {
      guard let mode = node.constant(2) else { throw ModelError(.unsupported, "a training mode computed at run time") }
      trains = try mode.integers().contains { $0 != 0 }
    }
    guard !trains else { throw ModelError(.unsupported, "dropout in training mode") }
    try node.finish(.identity(Identity()), [x])
  }
}
