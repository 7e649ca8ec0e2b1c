import FormatSupport
import Glibc
import KerasFormat
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Models that Keras made, with what it computed: those kept in Fixtures/golden, and whatever make_models.py wrote to the
/// folder FERRY_KERAS_ORACLE.
@Suite struct OracleTests {
  static let golden = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/golden"
  static let oracle = getenv("FERRY_KERAS_ORACLE").map { String(cString: $0) }

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
    let counts = try data.tensor(named: "counts").integers()
    var found = 0
    for format in ["h5", "keras"] {
      let path = "\(folder)/\(name).\(format)"
      guard access(path, R_OK) == 0 else { continue }
      found += 1
      let program = try KerasFormat.read(try MappedFile(path: path), options: .standard)
      let graph = program.mainGraph
      let count = graph.parameterCount()
      let auxiliary = program.auxiliaryParameters
      #expect(count.total + auxiliary.total == counts[0], "\(name).\(format): parameters")
      #expect(count.trainable + auxiliary.trainable == counts[1], "\(name).\(format): trainable parameters")
      let outputs = try ReferenceInterpreter(graph).run(inputs)
      #expect(outputs.count == expected.count, "\(name).\(format)")
      for (index, (output, wanted)) in zip(outputs, expected).enumerated() {
        #expect(output.extents == wanted.extents, "\(name).\(format): output \(index)")
        let difference = try Difference(output.floats(), wanted.floats())
        #expect(difference.relativeToLargest <= tolerance, "\(name).\(format): output \(index): \(difference)")
      }
    }
    #expect(found > 0, "\(name): no model beside its outputs")
  }

  @Test(arguments: names(in: golden))
  func goldenModelsGiveWhatKerasComputed(name: String) throws {
    try Self.check(name, in: Self.golden, tolerance: 1e-5)
  }

  @Test func thereAreGoldenModels() {
    #expect(Self.names(in: Self.golden).count >= 10)
  }

  @Test(
    .enabled(if: oracle != nil, "needs FERRY_KERAS_ORACLE, a folder that make_models.py filled"),
    arguments: names(in: oracle))
  func oracleModelsGiveWhatKerasComputed(name: String) throws {
    do {
      try Self.check(name, in: Self.oracle ?? "", tolerance: name.first?.isUppercase ?? false ? 1e-4 : 1e-5)
    } catch {
      Issue.record("\(name): \(error)")
    }
  }
}
