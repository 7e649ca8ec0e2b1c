/// A few kernel calls: reads buffers, writes buffers, allocates nothing.
///
/// A step has one or more stages that run one after another; the units of one stage may run at the same time and in any
/// order, and give the same bits however they are shared out.
protocol Step: Sendable {
  /// The number of units of each stage.
  var stages: [Int] { get }

  /// In a word, for people.
  var kind: String { get }
  var multiplyAccumulates: Int { get }

  /// Does some units of one stage; `lane` picks the scratch memory that nobody else uses meanwhile.
  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int)
}

extension Step {
  var kind: String {
    let name = "\(Self.self)"
    return name.hasSuffix("Step") ? String(name.dropLast(4)) : name
  }
  var multiplyAccumulates: Int { 0 }
}

/// A step of one stage and one unit.
protocol SerialStep: Step {
  func run(_ memory: Memory)
}

extension SerialStep {
  var stages: [Int] { [1] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) { run(memory) }
}

/// Where each buffer of a plan lies during one run.
struct Memory {
  let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>

  /// A buffer of floats.
  subscript(_ buffer: BufferID) -> UnsafeMutablePointer<Float> {
    bases[buffer.index].assumingMemoryBound(to: Float.self)
  }

  /// A buffer of any elements.
  func bytes(_ buffer: BufferID) -> UnsafeMutableRawPointer { bases[buffer.index] }
}
