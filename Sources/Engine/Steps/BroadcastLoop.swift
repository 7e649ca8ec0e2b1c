import CKernels

/// How two broadcast operands are walked: outer axes with a stride for each operand, and an innermost run.
struct BroadcastLoop: Sendable {
  /// Outer axes, outermost first.
  let extents: [Int]
  let leftStrides: [Int]
  let rightStrides: [Int]
  /// Elements of the innermost run; the output is contiguous.
  let inner: Int
  let leftMode: ferry_operand_mode
  let rightMode: ferry_operand_mode

  var outer: Int { extents.reduce(1, *) }

  init(
    extents: [Int], leftStrides: [Int], rightStrides: [Int], inner: Int, leftMode: ferry_operand_mode,
    rightMode: ferry_operand_mode
  ) {
    self.extents = extents
    self.leftStrides = leftStrides
    self.rightStrides = rightStrides
    self.inner = inner
    self.leftMode = leftMode
    self.rightMode = rightMode
  }

  /// Row-major operands of extents `left` and `right`, broadcast to `result` by numpy's rule, neighbouring axes merged
  /// wherever both operands step through them alike.
  init(left: [Int], right: [Int], result: [Int]) {
    func strides(_ operand: [Int]) -> [Int] {
      let missing = result.count - operand.count
      let own = rowMajorStrides(operand)
      return result.indices.map { $0 < missing || operand[$0 - missing] == 1 ? 0 : own[$0 - missing] }
    }
    let (a, b) = (strides(left), strides(right))
    var axes: [(extent: Int, left: Int, right: Int)] = []
    for axis in result.indices where result[axis] != 1 {
      if let last = axes.last, last.left == a[axis] * result[axis], last.right == b[axis] * result[axis] {
        axes[axes.count - 1] = (last.extent * result[axis], a[axis], b[axis])
      } else {
        axes.append((result[axis], a[axis], b[axis]))
      }
    }
    let last = axes.popLast() ?? (1, 0, 0)
    self.init(
      extents: axes.map(\.extent), leftStrides: axes.map(\.left), rightStrides: axes.map(\.right), inner: last.extent,
      leftMode: last.left == 0 ? ferry_operand_scalar : ferry_operand_run,
      rightMode: last.right == 0 ? ferry_operand_scalar : ferry_operand_run)
  }

  /// Hands the offsets of each innermost run's operands and result to `body`.
  @inline(__always)
  func forEachRun(_ body: (_ left: Int, _ right: Int, _ output: Int) -> Void) {
    var left = 0, right = 0
    withUnsafeTemporaryAllocation(of: Int.self, capacity: max(extents.count, 1)) { index in
      index.initialize(repeating: 0)
      for run in 0..<outer {
        body(left, right, run * inner)
        var axis = extents.count - 1
        while axis >= 0 {
          left += leftStrides[axis]
          right += rightStrides[axis]
          index[axis] += 1
          if index[axis] < extents[axis] { break }
          left -= leftStrides[axis] * extents[axis]
          right -= rightStrides[axis] * extents[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }

  /// Hands where each innermost run's operands and result lie to `body`.
  @inline(__always)
  func forEachRun<Element>(
    _ memory: Memory, _ left: BufferID, _ right: BufferID, to output: BufferID, as: Element.Type,
    _ body: (UnsafePointer<Element>, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
  ) {
    let left = UnsafePointer(memory.bytes(left).assumingMemoryBound(to: Element.self))
    let right = UnsafePointer(memory.bytes(right).assumingMemoryBound(to: Element.self))
    let output = memory.bytes(output).assumingMemoryBound(to: Element.self)
    forEachRun { body(left + $0, right + $1, output + $2) }
  }
}
