import FormatSupport
import TestSupport
import Testing

struct BenchCommandTests {
  private static let model = SharedModels.packageRoot + "Samples/digits.tflite"

  @Test func latenciesAreGivenInMilliseconds() throws {
    let run = Command.run(["bench", Self.model, "--runs", "5", "--no-steps", "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    let report = try #require(JSONParser.parse(run.outputText).objectValue)
    #expect(report["schema"] == .string("ferry.bench/1"))
    let latency = try #require(report["latency"]?.objectValue)
    let seconds = try #require(report["latencies"]?.arrayValue).compactMap(\.realValue).sorted()
    #expect(seconds.count == 5)
    #expect(try abs(#require(latency["minimum"]?.realValue) - seconds[0] * 1e3) < 1e-9)
    #expect(try abs(#require(latency["median"]?.realValue) - seconds[2] * 1e3) < 1e-9)
    #expect(try #require(latency["p90"]?.realValue) >= seconds[2] * 1e3)
  }

  @Test func theMachineIsNamedOnlyWhereItWasMeasured() {
    #expect(!Command.run(["bench", Self.model, "--runs", "1", "--no-steps"]).outputText.contains("machine"))
    #expect(Command.run(["bench", Self.model, "--runs", "1"]).outputText.contains("GMAC/s"))
  }

  @Test func nothingIsRunZeroTimes() {
    Command.expectFailure(["bench", Self.model, "--runs", "0"], code: 64, mentioning: ["one run"])
  }
}
