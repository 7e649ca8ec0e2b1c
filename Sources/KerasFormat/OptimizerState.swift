import HDF5Protocol
import ModelGraph

/// What an optimizer keeps beside the weights, in order to go on training; Ferry leaves it out.
struct OptimizerState {
  var tensorCount: Int
  var parameterCount: Int

  /// Where it stands in HDF5 files of whole models, and in archives.
  private static let prefixes = ["/optimizer_weights/", "/optimizer/"]

  /// Nil where the file holds none.
  init?(_ file: HDF5File) {
    var tensors = 0
    var parameters = 0
    for (path, dataset) in file.datasets where Self.prefixes.contains(where: path.hasPrefix) {
      tensors += 1
      parameters = parameters.addingReportingOverflow(dataset.description.elementCount ?? 0).partialValue
    }
    guard tensors > 0 else { return nil }
    tensorCount = tensors
    parameterCount = parameters
  }

  var finding: Finding {
    Finding(
      .note, code: "optimizer-state",
      "the optimizer's state (\(tensorCount) arrays, \(parameterCount) numbers) is left out")
  }
}
