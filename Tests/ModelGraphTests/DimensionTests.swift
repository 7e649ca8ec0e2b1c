import ModelGraph
import Testing

@Suite struct DimensionTests {
  @Test func fixedExtentsAreComputed() {
    #expect(Dimension.fixed(225).adding(-3).dividedRoundingDown(by: 2).adding(1) == .fixed(112))
    #expect(Dimension.fixed(7).dividedRoundingUp(by: 2) == .fixed(4))
    #expect(Dimension.fixed(-7).dividedRoundingDown(by: 2) == .fixed(-4))
    #expect(Dimension.fixed(-7).dividedRoundingUp(by: 2) == .fixed(-3))
  }

  @Test func openExtentsAreFollowedAndBound() {
    let height = Dimension.symbolic("H")
    let half = height.dividedRoundingUp(by: 2)
    #expect(half.description == "⌈(H)/2⌉")
    #expect(half.bound(["H": 7]) == .fixed(4))
    #expect(half.bound(["W": 7]) == half)
    #expect(height.multiplied(by: .symbolic("W")).bound(["H": 3, "W": 5]) == .fixed(15))
    #expect(height.adding(.symbolic("W")).bound(["H": 3, "W": 5]) == .fixed(8))
  }

  @Test func overflowIsUnknownInsteadOfATrap() {
    #expect(Dimension.fixed(.max).adding(1) == .unknown)
    #expect(Dimension.fixed(.max).multiplied(by: 2) == .unknown)
    #expect(Dimension.fixed(.min).dividedRoundingUp(by: 2) == .unknown)
    #expect(Dimension.symbolic("N").multiplied(by: 4).bound(["N": .max]) == Dimension.symbolic("N").multiplied(by: 4))
    #expect(Dimension.fixed(8).dividedRoundingDown(by: 0) == .unknown)
  }

  @Test func elementCountsAreOverflowChecked() {
    #expect(Shape([2, 3, 4]).elementCount() == 24)
    #expect(Shape([]).elementCount() == 1)
    #expect(Shape([1 << 40, 1 << 40]).elementCount() == nil)
    #expect(Shape([-1, 4]).elementCount() == nil)
    #expect(Shape.ranked([.symbolic("N"), 4]).elementCount() == nil)
  }

  @Test func broadcastingAlignsFromTheLastAxis() throws {
    #expect(try Shape.broadcast([1, 3, 1], [5, 1, 7]) == [5, 3, 7])
    #expect(try Shape.broadcast(.ranked([.symbolic("N"), 4]), [4]) == .ranked([.symbolic("N"), 4]))
    #expect(throws: ModelError.self) { try Shape.broadcast([2, 3], [2, 4]) }
  }
}
