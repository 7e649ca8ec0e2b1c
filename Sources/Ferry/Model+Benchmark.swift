import Engine
public import ModelGraph
public import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Model {
  /// Reads a file, runs it on the engine again and again, and measures.
  ///
  /// - Parameters:
  ///   - inputs: what the network is fed, by name or in order; none for random numbers.
  ///   - prepare: what becomes of the model before it runs, such as fixing the extents of its inputs.
  /// - Throws: as reading, conversion and running do; `.usage` for less than one run.
  public static func benchmark(
    contentsOf path: String, inputs: [NamedTensor] = [], options: BenchmarkOptions = BenchmarkOptions(),
    prepare: (Model) throws(ModelError) -> Model = { (model) throws(ModelError) in model }
  ) throws(ModelError) -> BenchmarkReport {
    guard options.runs >= 1 else { throw ModelError(.usage, "a benchmark takes one run or more") }
    let start = now
    let model = try prepare(Model(contentsOf: path)).executable()
    let loaded = now
    let engine = try within(.file(path)) { () throws(ModelError) in
      try Engine(graph: model.graph, options: options.engine)
    }
    let session = engine.makeSession()
    let ready = now
    var tensors: [Tensor] = []
    if inputs.isEmpty {
      var random = RandomInputs(seed: 1)
      for port in model.graph.inputs { tensors.append(try random.tensor(port, of: model.graph)) }
    } else {
      tensors = try model.assignedInputs(inputs)
    }
    try session.prepare(inputShapes: tensors.map(\.extents))
    let before = now
    _ = try session.run(tensors)
    let firstRun = now - before
    var latencies: [Double] = []
    for _ in 0..<options.runs {
      let begin = now
      _ = try session.run(tensors)
      latencies.append(now - begin)
    }
    let resident = peakResidentBytes
    let summary = try engine.planSummary(inputShapes: tensors.map(\.extents))
    let speed = options.measuresSteps ? try MachineSpeed(options.engine.instructionSet) : nil
    let times = options.measuresSteps ? try session.stepTimes(tensors, runs: min(options.runs, 30)) : []
    return BenchmarkReport(
      file: path, threads: options.engine.threads, instructionSet: options.engine.instructionSet.rawValue,
      loadSeconds: loaded - start, engineSeconds: ready - loaded, firstRunSeconds: firstRun, latencies: latencies,
      peakResidentBytes: resident, arenaBytes: summary.arenaByteCount, weightBytes: summary.weightByteCount,
      cyclesPerSecond: speed?.cyclesPerSecond ?? 0,
      peakMultiplyAccumulatesPerSecond: speed?.multiplyAccumulatesPerSecond ?? 0,
      steps: zip(summary.steps, times).map { step, seconds in
        BenchmarkReport.Step(
          name: step.name, kind: step.kind, reason: step.reason, seconds: seconds,
          multiplyAccumulates: step.multiplyAccumulates, byteCount: step.byteCount)
      }, isPlanExplained: options.isPlanExplained)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory that the process has held at once.
  private static var peakResidentBytes: Int? {
    #if os(Linux)
      // Not getrusage: a process begins with the maximum of the one that it was forked from.
      guard let status = fopen("/proc/self/status", "re") else { return nil }
      defer { fclose(status) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), status) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // "VmHWM:     21876 kB"
        let words = text.split { $0 == " " || $0 == "\t" }
        if words.first == "VmHWM:", words.count > 1 { return Int(words[1]).map { $0 * 1024 } }
      }
      return nil
    #else
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : nil
    #endif
  }
}
