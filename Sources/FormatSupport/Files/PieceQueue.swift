import Dispatch
import ModelGraph
import Synchronization

/// Pieces of a file on their way from the thread that makes them to the one that writes them, in a few places that are used in
/// turn.
final class PieceQueue: @unchecked Sendable {
  static let placeCount = 2

  private let file: AtomicFile
  // A place is written before `filled` is signalled and read after `filled` was waited for. Plain memory: both threads may be at
  // places of their own at once, which an array does not allow.
  private let places: UnsafeMutablePointer<UnsafeRawBufferPointer?>
  private let failure = Mutex<ModelError?>(nil)
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  init(_ file: AtomicFile) {
    self.file = file
    places = .allocate(capacity: Self.placeCount)
    places.initialize(repeating: nil, count: Self.placeCount)
    for _ in 0..<Self.placeCount { free.signal() }
  }

  deinit { places.deallocate() }

  /// Waits until the next place is free.
  func waitForPlace() { free.wait() }

  /// Hands a piece over in a place that was waited for; nil is the end.
  ///
  /// - Parameter number: how many were handed over before.
  func put(_ piece: UnsafeRawBufferPointer?, number: Int) {
    places[number % Self.placeCount] = piece
    filled.signal()
  }

  /// - Throws: what writing threw, as far as it has come.
  func throwFailure() throws(ModelError) {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Writes what is handed over until the end is; after a failure nothing more.
  func writeAll() {
    var number = 0
    var hasFailed = false
    while true {
      filled.wait()
      guard let piece = places[number % Self.placeCount] else { return }
      number += 1
      if !hasFailed {
        do throws(ModelError) { try file.write(piece) } catch {
          hasFailed = true
          failure.withLock { $0 = error }
        }
      }
      free.signal()
    }
  }
}
