import ModelGraph
import Passes
import Structure
import TestSupport
import Testing

@Suite struct PlantedFaultTests {
  @Test(arguments: PlantedFault.all)
  func aFaultIsReportedAtItsNodeAndNothingElse(fault: PlantedFault) throws {
    let sound = try MobileNetV2CheckTests.network()
    var edit = GraphEdit()
    try fault.plant(&edit, sound)
    try expectOnly(fault, MobileNetV2Check(of: try edit.applied(to: sound)))
  }

  @Test(arguments: PlantedFault.all.filter(\.survivesFolding))
  func aFaultIsStillReportedInTheCanonicalForm(fault: PlantedFault) throws {
    let sound = try MobileNetV2CheckTests.network()
    var edit = GraphEdit()
    try fault.plant(&edit, sound)
    let canonical = try PassPipeline.canonical.run(edit.applied(to: sound)).graph
    #expect(!canonical.nodes.contains { if case .batchNorm = $0.op { true } else { false } })
    try expectOnly(fault, MobileNetV2Check(of: canonical))
  }

  private func expectOnly(_ fault: PlantedFault, _ check: MobileNetV2Check) throws {
    #expect(check.isRecognized)
    let finding = try #require(check.findings.first { $0.code == fault.code }, "found \(check.findings)")
    #expect(finding.message.contains(fault.words), "\(finding.message)")
    #expect(finding.nodes.contains { $0.name == fault.layer }, "\(finding.nodes)")
    #expect((finding.severity == .error) == fault.isError)
    #expect(check.findings.count == 1, "\(check.findings.map(\.message))")
    #expect(check.passes == !fault.isError)
  }
}
