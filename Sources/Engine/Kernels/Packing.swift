import CThreads
import ModelGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A constant that lies where it belongs and is still to be written.
struct Packing: Sendable {
  let memory: AlignedMemory
  let fill: @Sendable (UnsafeMutablePointer<Float>) throws(ModelError) -> Void

  /// Below this many bytes a second thread costs more than it saves.
  private static let secondThreadPays = 1 << 19

  /// Writes all, the largest first.
  ///
  /// - Throws: the error of one of them.
  static func run(_ packings: [Packing]) throws(ModelError) {
    let sorted = packings.sorted { $0.memory.byteCount > $1.memory.byteCount }
    let bytes = sorted.reduce(0) { $0 + $1.memory.byteCount }
    if bytes >= secondThreadPays, sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1, let team = Team(lanes: 2) {
      let work = Work(sorted)
      withExtendedLifetime(work) {
        team.run(
          { context, _ in
            guard let context else { return }
            Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().run()
          }, Unmanaged.passUnretained(work).toOpaque())
      }
      if let failure = work.failure.withLock({ $0 }) { throw failure }
    } else {
      for packing in sorted { try packing.fill(packing.memory.floats) }
    }
  }

  /// What two threads share.
  private final class Work: Sendable {
    let packings: [Packing]
    let next = Atomic<Int>(0)
    let failure = Mutex<ModelError?>(nil)

    init(_ packings: [Packing]) { self.packings = packings }

    func run() {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < packings.count else { return }
        do throws(ModelError) {
          try packings[index].fill(packings[index].memory.floats)
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
  }
}
