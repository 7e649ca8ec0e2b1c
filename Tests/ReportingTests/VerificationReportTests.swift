import ModelGraph
import Reporting
import Testing
import Verification

/// What a verdict has to be read with.
struct VerificationReportTests {
  private static func result(_ values: [Float], _ reference: Tensor) throws(ModelError) -> VerificationResult {
    let output = try TensorComparison(name: "y", try Tensor(values, shape: [values.count]), reference: reference)
    return VerificationResult(reference: "r", candidate: .engine, outputs: [output])
  }

  @Test func layersThatWereNotComparedAreCounted() throws {
    var builder = GraphBuilder(name: "graph")
    let x = builder.input(name: "x", type: TensorType(.float32, [1]))
    builder.output(try builder.add(.unary(Unary(.negate)), name: "conv", inputs: [x])[0], name: "y")
    let node = try #require(try builder.build().nodes.first)
    var result = try Self.result([1], try Tensor([Float(1)], shape: [1]))
    result.layers = [LayerComparison(node: node, comparison: result.outputs[0])]
    result.unmatchedNodes = ["predictions"]
    result.uncomparedNodes = ["predictions"]
    let text = result.text(.plain)
    #expect(text.contains("incomplete: 1 of 2 layers and 1 of 1 outputs within tolerance"))
    #expect(!text.contains("passed"))
    #expect(result.json().objectValue?["passed"]?.boolValue == false)
    #expect(result.json().objectValue?["verdict"]?.stringValue == "incomplete")
  }

  @Test func aToleranceThatIsTooWideIsSaid() throws {
    let result = try Self.result([0.5, 1, 0, -1e9], try Tensor([Float(500), -700, 99, -1e9], shape: [4]))
    #expect(result.text(.plain).contains("warning: the tolerance of 'y' comes from its largest element; 3 of 4"))
    let output = result.json().objectValue?["outputs"]?.arrayValue?.first?.objectValue
    #expect(output?["wideTolerance"]?.objectValue?["smaller"]?.integerValue == 3)
  }

  @Test func aReferenceOfAnotherTypeIsSaid() throws {
    let result = try Self.result([0, 1], try Tensor([UInt8(0), 1], type: TensorType(.bool, [1, 2])))
    #expect(result.isPassed)
    #expect(result.text(.plain).contains("'y' is float32[2], its reference bool[1, 2]: compared element by element"))
    let output = result.json().objectValue?["outputs"]?.arrayValue?.first?.objectValue
    #expect(output?["referenceElementType"]?.stringValue == "bool")
  }
}
