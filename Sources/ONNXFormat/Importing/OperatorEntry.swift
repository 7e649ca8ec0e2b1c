internal import ModelGraph

/// What the importer knows of one operator of ONNX.
struct OperatorEntry: Sendable {
  typealias Lowering = @Sendable (NodeLowering) throws(ModelError) -> Void

  /// What changed with a version: before it, an operator has fewer inputs, and attributes in their place.
  struct Earlier: Sendable {
    let before: Int
    let inputs: Int
  }

  /// Versions of the operator set under which the meaning is known.
  let versions: ClosedRange<Int>
  private let maximumInputCount: Int
  private let earlier: Earlier?
  let lower: Lowering

  /// An operator of version 1 of `com.microsoft`, with at most so many inputs.
  init(contributed inputs: Int, _ lower: @escaping Lowering) {
    versions = 1...1
    maximumInputCount = inputs
    earlier = nil
    self.lower = lower
  }

  /// - Parameters:
  ///   - since: the first version of ONNX's operator set that has the operator, at least 6.
  ///   - inputs: how many inputs it has at most.
  ///   - earlier: how many it had before a version that gave it more.
  init(since: Int = 6, inputs: Int = 1, earlier: Earlier? = nil, _ lower: @escaping Lowering) {
    versions = since...OperatorTable.versions.upperBound
    maximumInputCount = inputs
    self.earlier = earlier
    self.lower = lower
  }

  /// How many inputs a version of the operator has at most.
  func maximumInputCount(version: Int) -> Int {
    if let earlier, version < earlier.before { earlier.inputs } else { maximumInputCount }
  }
}
