internal import ModelGraph

/// What the importer knows of one operator of ONNX.
struct OperatorEntry: Sendable {
  typealias Lowering = @Sendable (NodeLowering) throws(ModelError) -> Void

  /// Versions of the operator set under which the meaning is known.
  let versions: ClosedRange<Int>
  let maximumInputCount: Int
  let lower: Lowering

  /// An operator of version 1 of `com.microsoft`, with at most so many inputs.
  init(contributed inputs: Int, _ lower: @escaping Lowering) {
    versions = 1...1
    maximumInputCount = inputs
    self.lower = lower
  }

  /// - Parameters:
  ///   - since: the first version of ONNX's operator set that has the operator, at least 6.
  ///   - inputs: how many inputs it has at most.
  init(since: Int = 6, inputs: Int = 1, _ lower: @escaping Lowering) {
    versions = since...OperatorTable.versions.upperBound
    maximumInputCount = inputs
    self.lower = lower
  }
}
