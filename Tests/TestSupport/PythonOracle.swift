import Glibc
public import Testing

/// The scripts in `Tests/oracle`, which compare Ferry with Python's libraries.
///
/// `Tests/oracle/run` names a Python that has their packages in the variable `FERRY_PYTHON`, and runs the suites that need it,
/// whose names begin with `OracleLane`; `Tests/run` leaves those suites out.
public enum PythonOracle {
  public static let interpreter: String? = getenv("FERRY_PYTHON").map { String(cString: $0) }

  public static var isAvailable: Bool { interpreter != nil }

  /// What a skipped test reports.
  public static let comment: Comment = "Tests/oracle/run sets FERRY_PYTHON, a Python with the packages that it installs"

  /// Runs `Tests/oracle/NAME` to its end.
  public static func run(_ name: String, _ arguments: [String]) -> ToolRun {
    ToolRun.run(interpreter ?? "python3", [SharedModels.packageRoot + "Tests/oracle/" + name] + arguments)
  }
}
