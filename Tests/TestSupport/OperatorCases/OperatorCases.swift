/// The table of operator cases. Whatever gives operators a meaning (the interpreter, the engine, an exporter) is tested with
/// all rows that it claims to know; a new operator is a new row.
public enum OperatorCases {
  public static let all: [OperatorCase] =
    convolutions + products + normalizations + elementwise + functions + binaries + pools + reductions
    + rearrangements + paddings + selections + resizes + conversions

  /// The row of this name.
  public static func named(_ name: String) -> OperatorCase? { all.first { $0.name == name } }
}
