public import FormatSupport

extension BenchmarkReport: Report {
  public func table() -> TextTable {
    var columns: [TextTable.Column] = [
      .init("Step"), .init("Kind"), .init("µs", .trailing), .init("%", .trailing), .init("MAC", .trailing),
      .init("MAC/cycle", .trailing), .init("of peak", .trailing), .init("Bytes", .trailing), .init("Time"),
    ]
    if isPlanExplained { columns.append(.init("Why")) }
    var table = TextTable(columns)
    let total = steps.reduce(0) { $0 + $1.seconds }, longest = steps.map(\.seconds).max() ?? 0
    for step in steps {
      let bar = longest > 0 ? Int((step.seconds / longest * 20).rounded()) : 0
      let hasWork = step.multiplyAccumulates > 0
      table.add([
        step.name, step.kind, NumberText.fixed(step.seconds * 1e6, places: 1),
        NumberText.fixed(total > 0 ? step.seconds / total * 100 : 0, places: 1),
        hasWork ? NumberText.grouped(step.multiplyAccumulates) : "",
        hasWork ? NumberText.fixed(multiplyAccumulatesPerCycle(step), places: 1) : "",
        hasWork ? NumberText.fixed(shareOfPeak(step) * 100, places: 0) + " %" : "", NumberText.grouped(step.byteCount),
        String(repeating: "█", count: bar), step.reason ?? "",
      ])
    }
    return table
  }

  private var totals: [(label: String, value: String)] {
    func milliseconds(_ seconds: Double) -> String { NumberText.fixed(seconds * 1e3, places: 3) + " ms" }
    var totals: [(label: String, value: String)] = [
      (
        "latency",
        "minimum \(milliseconds(minimum)), median \(milliseconds(median)), "
          + "p90 \(milliseconds(latency(quantile: 0.9))) of \(latencies.count) runs"
      ),
      ("throughput", NumberText.fixed(throughput, places: 1) + " runs/s"),
      ("threads", "\(threads), \(instructionSet)"),
      ("load", milliseconds(loadSeconds)),
      ("engine", milliseconds(engineSeconds)),
      ("first run", milliseconds(firstRunSeconds)),
      (
        "memory",
        "weights \(NumberText.bytes(weightBytes)), activations \(NumberText.bytes(arenaBytes))"
          + (peakResidentBytes.map { ", process at most \(NumberText.bytes($0))" } ?? "")
      ),
    ]
    // Measured for the steps only.
    if cyclesPerSecond > 0 {
      totals.append(
        (
          "machine",
          "\(NumberText.fixed(cyclesPerSecond * 1e-9, places: 2)) GHz, "
            + "\(NumberText.fixed(peakMultiplyAccumulatesPerSecond * 1e-9, places: 1)) GMAC/s a core"
        ))
    }
    return totals
  }

  public func text(_ style: TerminalStyle) -> String {
    let width = totals.map(\.label.count).max() ?? 0
    let lines = totals.map { label, value in
      style.bold(label) + String(repeating: " ", count: width - label.count + 2) + value + "\n"
    }
    return (steps.isEmpty ? "" : table().text(style) + "\n") + lines.joined()
  }

  public func markdown() -> String {
    (steps.isEmpty ? "" : table().markdown() + "\n") + totals.map { "- \($0.label): \($0.value)\n" }.joined()
  }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.bench/1"), "file": .string(file), "threads": .count(threads),
      "instructionSet": .string(instructionSet), "loadSeconds": .real(loadSeconds),
      "engineSeconds": .real(engineSeconds), "firstRunSeconds": .real(firstRunSeconds),
      // In milliseconds, as people compare them.
      "latency": .object([
        "minimum": .real(minimum * 1e3), "median": .real(median * 1e3), "p90": .real(latency(quantile: 0.9) * 1e3),
      ]),
      "runsPerSecond": .real(throughput),
      "latencies": .array(latencies.map { .real($0) }),
      "peakResidentBytes": peakResidentBytes.map { .count($0) } ?? .null, "arenaBytes": .count(arenaBytes),
      "weightBytes": .count(weightBytes), "cyclesPerSecond": .real(cyclesPerSecond),
      "peakMultiplyAccumulatesPerSecond": .real(peakMultiplyAccumulatesPerSecond),
      "steps": .array(
        steps.map { step in
          .object([
            "name": .string(step.name), "kind": .string(step.kind),
            "reason": step.reason.map { .string($0) } ?? .null, "seconds": .real(step.seconds),
            "multiplyAccumulates": .count(step.multiplyAccumulates),
            "multiplyAccumulatesPerCycle": .real(multiplyAccumulatesPerCycle(step)),
            "shareOfPeak": .real(shareOfPeak(step)), "bytes": .count(step.byteCount),
          ])
        }),
    ])
  }
}
