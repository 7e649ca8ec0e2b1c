import FormatSupport
import ModelGraph
import ONNXFormat
import ReferenceInterpreter
import TestSupport
import Testing

/// Each operator case of `operators.npz` through the importer and the reference interpreter, against what ONNX Runtime
/// answered (`make_operators.py`).
@Suite struct OperatorMeaningTests {
  @Test func everyCaseAnswersAsTheRuntimeDoes() throws {
    let archive = try NPZFile(path: Fixtures.path("operators.npz"))
    let names = Set(archive.names)
    let cases = archive.names.filter { $0.hasSuffix(".model") }.map { String($0.dropLast(".model".count)) }
    #expect(cases.count >= 325)
    for key in cases {
      do {
        let bytes = try archive.tensor(named: "\(key).model").elements(as: UInt8.self)
        let program = try ONNXFormat.read(MappedFile(bytes: bytes, name: key), options: .standard)
        let graph = program.mainGraph
        #expect(program.findings == [], "\(key)")
        var inputs: [Tensor] = []
        for index in graph.inputs.indices { inputs.append(try archive.tensor(named: "\(key).input\(index)")) }
        let results = try ReferenceInterpreter(graph).run(inputs)
        #expect(names.contains("\(key).output\(results.count - 1)"), "\(key)")
        for (index, result) in results.enumerated() {
          let expected = try archive.tensor(named: "\(key).output\(index)")
          #expect(result.extents == expected.extents, "\(key)")
          #expect(result.elementType == expected.elementType, "\(key)")
          guard result.elementCount == expected.elementCount else { continue }
          let difference = Difference(try result.doubles(), try expected.doubles())
          #expect(difference.maximumAbsolute <= 2e-6 || difference.relativeToLargest <= 2e-6, "\(key): \(difference)")
        }
      } catch {
        Issue.record("\(key): \(error)")
      }
    }
  }
}
