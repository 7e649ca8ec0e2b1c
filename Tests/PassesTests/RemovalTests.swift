import ModelGraph
import Passes
import Testing

@Suite struct RemoveIdentitiesTests {
  @Test func removesWhatChangesNothing() throws {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([.symbolic("N"), 4, 4, 2])
    let same = try sketch.add(.identity(Identity()), x, name: "dropout")
    let cast = try sketch.add(.cast(Cast(to: .float32)), same, name: "cast")
    let pad = try sketch.add(.pad(Pad(before: [0, 0, 0, 0], after: [0, 0, 0, 0])), cast, name: "pad")
    let order = try sketch.add(.transpose(Transpose([0, 1, 2, 3])), pad, name: "transpose")
    let whole = try sketch.add(
      .slice(Slice(axes: [1], starts: [0], ends: [Int(Int32.max)], steps: [1])), order, name: "slice")
    let sized = try sketch.add(
      .resize2D(Resize2D(.scales(height: 1, width: 1), interpolation: .bilinear, coordinates: .halfPixel)), whole,
      name: "resize")
    let relu = try sketch.add(.clamp(Clamp(.relu)), sized, name: "relu")
    let last = try sketch.add(.identity(Identity()), relu, name: "last")
    let before = try sketch.graph(last)
    let (after, report) = try run(RemoveIdentities(), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[N, 4, 4, 2]
          %relu: float32[N, 4, 4, 2] = clamp(%x) {range: relu}  // 'relu' (clamp, #7)
          output 'y0' = %relu: float32[N, 4, 4, 2]
        }

        """)
    #expect(report.applied == 7)
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func keepsWhatMayChangeSomething() throws {
    var sketch = Sketch(seed: 2)
    let x = sketch.input([1, 4, 4, 2])
    let mirrored = try sketch.add(
      .slice(Slice(axes: [1], starts: [-1], ends: [-100], steps: [-1])), x, name: "mirror")
    let turned = try sketch.add(.transpose(Transpose([0, 2, 1, 3])), mirrored, name: "turn")
    let moved = try sketch.add(
      .resize2D(
        Resize2D(
          .size(height: 4, width: 4), interpolation: .nearest, coordinates: .halfPixelForNearest,
          nearestRounding: .ceiling)), turned, name: "resize")
    let before = try sketch.graph(moved)
    let (after, report) = try run(RemoveIdentities(), before)
    #expect(report.applied == 0)
    #expect(operators(after) == ["slice", "transpose", "resize2d"])
    #expect(try outputDifference(before, after) == 0)
  }
}

@Suite struct RemoveDeadTests {
  @Test func removesUnreadNodesAndJoinsReshapes() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([.symbolic("N"), 2, 3])
    let unread = try sketch.add(.unary(Unary(.negate)), x, name: "unread")
    _ = try sketch.add(.binary(Binary(.add)), unread, try sketch.weights([3], "lost"), name: "unread too")
    let flat = try sketch.add(.flatten(Flatten(axis: 1)), x, name: "flat")
    let tall = try sketch.add(.reshape(Reshape([.copied(0), .fixed(3), .fixed(2)])), flat, name: "tall")
    let wide = try sketch.add(.reshape(Reshape([.copied(0), .fixed(2), .fixed(3)])), tall, name: "wide")
    let before = try sketch.graph(tall, try sketch.add(.unary(Unary(.sigmoid)), wide, name: "out"))
    let (after, report) = try run(RemoveDead(), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[N, 2, 3]
          %tall: float32[N, 3, 2] = reshape(%x) {target: [ModelGraph.Reshape.Extent.inferred, \
        ModelGraph.Reshape.Extent.fixed(3), ModelGraph.Reshape.Extent.fixed(2)]}  // 'tall' (reshape, #4)
          %out: float32[N, 2, 3] = unary(%x) {function: sigmoid}  // 'out' (unary, #6)
          output 'y0' = %tall: float32[N, 3, 2]
          output 'y1' = %out: float32[N, 2, 3]
        }

        """)
    #expect(report.applied == 5)
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func keepsAReshapeWithTwoOpenExtents() throws {
    var sketch = Sketch(seed: 4)
    let x = sketch.input([.symbolic("N"), .symbolic("M"), 2, 3])
    let joined = try sketch.add(.reshape(Reshape([.copied(0), .copied(1), .fixed(6)])), x, name: "joined")
    let parted = try sketch.add(
      .reshape(Reshape([.copied(0), .copied(1), .fixed(3), .fixed(2)])), joined, name: "parted")
    let before = try sketch.graph(parted)
    let (after, report) = try run(RemoveDead(), before)
    #expect(operators(after) == ["reshape", "reshape"])
    #expect(report.applied == 0)
    #expect(try outputDifference(before, after) == 0)
  }
}

@Suite struct OrderOperandsTests {
  /// The same residual block, written with its operands and nodes in two orders.
  private func block(swapped: Bool) throws -> Graph {
    var sketch = Sketch(seed: 5)
    let x = sketch.input([1, 2, 2, 2])
    let (a, b, c) = (
      try sketch.weights([2, 1, 1, 2], "a"), try sketch.weights([2, 1, 1, 2], "b"),
      try sketch.weights([2, 1, 1, 2], "c")
    )
    func conv(_ input: ValueID, _ filter: ValueID, _ name: String) throws -> ValueID {
      try sketch.add(.conv2D(Conv2D()), input, filter, name: name)
    }
    if swapped {
      let main = try conv(try conv(x, a, "first"), b, "second")
      let side = try conv(x, c, "side")
      return try sketch.graph(try sketch.add(.binary(Binary(.add)), main, side, name: "sum"))
    }
    let side = try conv(x, c, "side")
    let main = try conv(try conv(x, a, "first"), b, "second")
    return try sketch.graph(try sketch.add(.binary(Binary(.add)), side, main, name: "sum"))
  }

  @Test func twoOrdersBecomeOne() throws {
    let before = try block(swapped: true)
    let (after, report) = try run(OrderOperands(), before)
    #expect(after.nodes.map(\.name) == ["side", "first", "second", "sum"])
    #expect(report.explanations.count == 2)
    #expect(try outputDifference(before, after) == 0)
    let same = try run(OrderOperands(), try block(swapped: false))
    #expect(same.report.applied == 0)
    #expect(same.graph.nodes.map(\.name) == after.nodes.map(\.name))
  }

  @Test func aDifferenceKeepsItsOperands() throws {
    var sketch = Sketch(seed: 6)
    let x = sketch.input([1, 2])
    let deep = try sketch.add(.unary(Unary(.negate)), x, name: "deep")
    let before = try sketch.graph(try sketch.add(.binary(Binary(.subtract)), deep, x, name: "difference"))
    let (after, report) = try run(OrderOperands(), before)
    #expect(report.applied == 0)
    #expect(try outputDifference(before, after) == 0)
  }
}
