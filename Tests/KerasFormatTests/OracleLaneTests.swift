import FormatSupport
import Glibc
import KerasFormat
import ModelGraph
import TestSupport
import Testing

/// Models that Keras makes on the spot. `Tests/oracle/run` runs this suite, and `Tests/run` leaves it to that.
@Suite(.enabled(if: KerasOracle.isAvailable, KerasOracle.comment))
struct OracleLaneTests {
  /// Networks of keras.applications have names that begin with a capital.
  @Test(arguments: KerasOracle.names)
  func modelsGiveWhatKerasComputed(name: String) {
    let tolerance = name.first?.isUppercase ?? false ? 1e-4 : 1e-5
    do {
      try OracleTests.check(name, in: KerasOracle.folder ?? "", tolerance: tolerance)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }

  @Test(arguments: KerasOracle.names.filter { $0.hasPrefix("mnv2_") })
  func everyWidthIsRecovered(name: String) throws {
    let folder = KerasOracle.folder ?? ""
    var options = ImportOptions.standard
    options.architecture = ArchitectureHints(inputHeight: 96, inputWidth: 96, variant: "keras")
    let whole = try KerasFormat.read(try MappedFile(path: "\(folder)/\(name).h5"), options: options)
    // Keras 3's layout, and where Keras 2 made the model, also its own.
    for layout in ["weights.h5", "old_weights.h5"] where layout == "weights.h5" || name.hasSuffix("_k2") {
      let recovered = try KerasFormat.read(try MappedFile(path: "\(folder)/\(name).\(layout)"), options: options)
      #expect(
        try WeightsOnlyTests.fingerprint(recovered.mainGraph) == WeightsOnlyTests.fingerprint(whole.mainGraph),
        "\(name).\(layout)")
    }
  }

  /// Weights alone are an inventory: every tensor is counted once, and nothing can be converted.
  @Test(arguments: KerasOracle.names.filter { !$0.hasPrefix("mnv2_") })
  func otherWeightsAreAnInventory(name: String) throws {
    let folder = KerasOracle.folder ?? ""
    let counts = try NPZFile(path: "\(folder)/\(name).npz").tensor(named: "counts").integers()
    for layout in ["weights.h5", "old_weights.h5"] {
      let path = "\(folder)/\(name).\(layout)"
      guard access(path, R_OK) == 0 else { continue }
      // Keras 2's own layout holds a copy for every place of a shared layer, and does not say that they are copies.
      if layout == "old_weights.h5" && name.hasPrefix("shared_") { continue }
      let program: Program
      do {
        program = try KerasFormat.read(try MappedFile(path: path), options: .standard)
      } catch {
        #expect(counts[0] == 0 && error.code == .malformed, "\(name).\(layout): \(error)")
        continue
      }
      #expect(program.findings.map(\.code) == ["weights-only"], "\(name).\(layout)")
      #expect(program.mainGraph.parameterCount().total == counts[0], "\(name).\(layout)")
      let error = #expect(throws: ModelError.self) { try program.mainGraph.requireNoOpaqueNodes() }
      #expect(error?.code == .unsupported, "\(name).\(layout)")
    }
  }
}
