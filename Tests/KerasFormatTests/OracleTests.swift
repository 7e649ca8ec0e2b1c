import FormatSupport
import Glibc
import KerasFormat
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Models that Keras made, with what it computed, kept in Fixtures/golden; OracleLaneTests does the same with many more.
@Suite struct OracleTests {
  static let golden = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/golden"

  /// The names of the models in a folder, `NAME.npz` without its extension.
  static func names(in folder: String?) -> [String] {
    guard let folder, let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".npz") { names.append(String(name.dropLast(4))) }
    }
    return names.sorted()
  }

  /// Reads every file of a model, and compares counts and outputs with Keras's.
  static func check(_ name: String, in folder: String, tolerance: Double) throws {
    let data = try NPZFile(path: "\(folder)/\(name).npz")
    let inputs = try data.names.filter { $0.hasPrefix("input.") }.sorted().map { try data.tensor(named: $0) }
    let expected = try data.names.filter { $0.hasPrefix("output.") }.sorted().map { try data.tensor(named: $0) }
    var found = 0
    for format in ["h5", "keras"] {
      let path = "\(folder)/\(name).\(format)"
      guard access(path, R_OK) == 0 else { continue }
      found += 1
      let program = try KerasFormat.read(try MappedFile(path: path), options: .standard)
      let special = "counts.\(format)"
      let counts = try data.tensor(named: data.names.contains(special) ? special : "counts").integers()
      expectCounts(program, counts, "\(name).\(format)")
      let outputs = try ReferenceInterpreter(program.mainGraph).run(inputs)
      #expect(outputs.count == expected.count, "\(name).\(format)")
      for (index, (output, wanted)) in zip(outputs, expected).enumerated() {
        #expect(output.extents == wanted.extents, "\(name).\(format): output \(index)")
        let difference = try Difference(output.floats(), wanted.floats())
        #expect(difference.relativeToLargest <= tolerance, "\(name).\(format): output \(index): \(difference)")
      }
    }
    #expect(found > 0, "\(name): no model beside its outputs")
  }

  /// - Parameter counts: total, trainable, non-trainable and, not in the oldest files, the optimizer's.
  private static func expectCounts(_ program: Program, _ counts: [Int], _ label: String) {
    let count = program.mainGraph.parameterCount()
    let auxiliary = program.auxiliaryParameters
    #expect(count.total + auxiliary.total == counts[0], "\(label): parameters")
    #expect(count.trainable + auxiliary.trainable == counts[1], "\(label): trainable parameters")
    #expect(count.nonTrainable + auxiliary.nonTrainable == counts[2], "\(label): non-trainable parameters")
    if counts.count > 3 {
      #expect(program.optimizerParameterCount == counts[3], "\(label): the optimizer's numbers")
    }
  }

  @Test(arguments: names(in: golden))
  func goldenModelsGiveWhatKerasComputed(name: String) throws {
    try Self.check(name, in: Self.golden, tolerance: 1e-5)
  }

  @Test func thereAreGoldenModels() {
    #expect(Self.names(in: Self.golden).count >= 10)
  }
}
