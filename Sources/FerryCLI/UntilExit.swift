/// What a command worked on, kept until the process ends: to give back a network piece by piece right before that takes time for
/// nothing.
enum UntilExit {
  // Commands run one after another; each lets go of what the one before has kept.
  nonisolated(unsafe) private static var kept: Any?

  static func keep(_ object: Any) { kept = object }
}
