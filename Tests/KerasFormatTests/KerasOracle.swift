import Glibc
import Testing

/// Models that Keras makes on the spot: `Tests/oracle/run` lets make_models.py fill a folder, and names it in the variable
/// FERRY_KERAS_ORACLE.
enum KerasOracle {
  static let folder = getenv("FERRY_KERAS_ORACLE").map { String(cString: $0) }

  static var isAvailable: Bool { folder != nil }

  /// What a skipped test reports.
  static let comment: Comment = "Tests/oracle/run sets FERRY_KERAS_ORACLE, a folder of models"

  /// The models in it.
  static let names = OracleTests.names(in: folder)
}
