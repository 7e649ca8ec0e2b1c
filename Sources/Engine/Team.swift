import CThreads

/// The threads of one session.
final class Team {
  private let team: OpaquePointer

  /// Nil where the system refuses them.
  init?(lanes: Int) {
    guard let team = ferry_team_create(lanes) else { return nil }
    self.team = team
  }

  deinit { ferry_team_destroy(team) }

  /// Runs `body` with every lane at the same time.
  func run(_ body: @convention(c) (UnsafeMutableRawPointer?, Int) -> Void, _ context: UnsafeMutableRawPointer) {
    ferry_team_run(team, body, context)
  }

  /// Within a body: nobody passes before all have arrived.
  func wait() { ferry_team_barrier(team) }
}
