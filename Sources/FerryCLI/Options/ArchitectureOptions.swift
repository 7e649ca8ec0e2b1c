import ArgumentParser
import Ferry

/// What a file of weights only cannot tell of its network.
struct ArchitectureOptions: ParsableArguments {
  @Option(
    name: .customLong("input-size"),
    help: ArgumentHelp("For a file of weights only: the input's height and width.", valueName: "224 or 192x256"))
  var inputSize: String?

  @Option(
    help: ArgumentHelp("For a file of weights only: keras, slim or torchvision.", valueName: "name"),
    completion: .list(["keras", "slim", "torchvision"]))
  var variant: String?

  @Option(
    name: .customLong("bn-epsilon"),
    help: ArgumentHelp("For a file of weights only: the epsilon of its batch norms.", valueName: "number"))
  var batchNormEpsilon: Float?

  func importOptions(allowsNonFinite: Bool) throws(ModelError) -> ImportOptions {
    var hints = ArchitectureHints(variant: variant, batchNormEpsilon: batchNormEpsilon)
    if let inputSize {
      let extents = inputSize.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
      guard (1...2).contains(extents.count), extents.allSatisfy((1...65_536).contains),
        inputSize.split(separator: "x", omittingEmptySubsequences: false).count == extents.count
      else { throw ModelError(.usage, "--input-size '\(inputSize)' is neither a number nor two with an x between") }
      hints.inputHeight = extents[0]
      hints.inputWidth = extents.last
    }
    if let batchNormEpsilon, !(batchNormEpsilon > 0 && batchNormEpsilon < 1) {
      throw ModelError(.usage, "--bn-epsilon \(batchNormEpsilon) is not between 0 and 1")
    }
    return ImportOptions(allowsNonFinite: allowsNonFinite, architecture: hints)
  }
}
