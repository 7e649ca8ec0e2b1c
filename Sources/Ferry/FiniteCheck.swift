import FormatSupport
import ModelGraph
import Synchronization

/// The check that every parameter of a program is finite, made by a thread of its own.
final class FiniteCheck: Sendable {
  private let state: State
  private let thread: BackgroundThread?

  /// What the thread works on; it holds this, not the check.
  private final class State: Sendable {
    let graphs: [Graph]
    let result = Mutex<Result<Void, ModelError>?>(nil)

    init(_ graphs: [Graph]) { self.graphs = graphs }

    func run() {
      result.withLock { result in
        guard result == nil else { return }
        result = Result { () throws(ModelError) in
          for graph in graphs { try graph.requireFiniteParameters() }
        }
      }
    }
  }

  /// Begins.
  init(_ program: Program) {
    let state = State(program.graphs)
    self.state = state
    thread = BackgroundThread { state.run() }
  }

  /// Waits for the check; without a thread of its own the caller's makes it.
  ///
  /// - Throws: `.nonFinite` naming the first constant that is not, and the node that reads it.
  func require() throws(ModelError) {
    thread?.join()
    state.run()
    try state.result.withLock { $0 }?.get()
  }
}
