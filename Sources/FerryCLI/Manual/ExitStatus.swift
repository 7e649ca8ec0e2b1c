/// What the exit codes mean, as help and manual say it.
enum ExitStatus {
  static let all: [(code: Int32, meaning: String)] = [
    (0, "done"),
    (1, "a verification, a check or an assertion failed, and nothing else"),
    (64, "wrong usage"),
    (65, "a malformed file, or weights that are not finite without --allow-nonfinite"),
    (66, "no such input"),
    (69, "unsupported"),
    (70, "a fault of ferry's own"),
    (73, "the output cannot be created, or exists"),
    (74, "an input or output error"),
  ]
}
