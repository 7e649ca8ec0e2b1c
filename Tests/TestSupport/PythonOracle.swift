import Glibc
public import Testing

/// The scripts in `Tests/oracle`, which compare Ferry with Python's libraries.
///
/// They run where the variable `FERRY_PYTHON` names a Python that has the packages a script lists.
public enum PythonOracle {
  public static let interpreter: String? = getenv("FERRY_PYTHON").map { String(cString: $0) }

  public static var isAvailable: Bool { interpreter != nil }

  /// What a skipped test reports.
  public static let comment: Comment = "needs FERRY_PYTHON, a Python with the packages that Tests/oracle names"

  /// Runs `Tests/oracle/NAME` to its end.
  public static func run(_ name: String, _ arguments: [String]) -> ToolRun {
    ToolRun.run(interpreter ?? "python3", [SharedModels.packageRoot + "Tests/oracle/" + name] + arguments)
  }
}
