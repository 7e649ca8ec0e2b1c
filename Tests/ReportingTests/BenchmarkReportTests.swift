import Reporting
import Testing

struct BenchmarkReportTests {
  private func report(_ latencies: [Double]) -> BenchmarkReport {
    BenchmarkReport(
      file: "m", threads: 1, instructionSet: "scalar", loadSeconds: 0, engineSeconds: 0, firstRunSeconds: 0,
      latencies: latencies, peakResidentBytes: nil, arenaBytes: 0, weightBytes: 0, cyclesPerSecond: 0,
      peakMultiplyAccumulatesPerSecond: 0, steps: [], isPlanExplained: false)
  }

  @Test func theMedianLiesBetweenTheTwoInTheMiddle() {
    #expect(report([4, 1, 3, 2]).median == 2.5)
    #expect(report([5, 1, 3]).median == 3)
    #expect(report([2]).median == 2)
    #expect(report([]).median == 0)
  }
}
