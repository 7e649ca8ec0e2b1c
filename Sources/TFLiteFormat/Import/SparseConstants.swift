import ModelGraph

/// The sparse constants of one file, each unpacked once.
final class SparseConstants {
  private struct Key: Hashable {
    let buffer: Int
    let sparsity: Int
    let type: TensorType
  }

  private let file: any TensorStorage
  private let budget: ImportBudget
  private var unpacked: [Key: Tensor] = [:]

  init(file: any TensorStorage, budget: ImportBudget) {
    self.file = file
    self.budget = budget
  }

  /// The content of a tensor of `type`, whose values lie in `range` of the file, that of `buffer`.
  ///
  /// - Throws: what ``SparseConstant/dense(file:range:budget:)`` throws.
  func dense(
    _ sparsity: SparsityTable, type: TensorType, buffer: Int, range: Range<Int>
  ) throws(ModelError) -> Tensor {
    let key = Key(buffer: buffer, sparsity: sparsity.position, type: type)
    if let tensor = unpacked[key] { return tensor }
    let tensor = try SparseConstant(sparsity: sparsity, type: type).dense(file: file, range: range, budget: budget)
    unpacked[key] = tensor
    return tensor
  }
}
