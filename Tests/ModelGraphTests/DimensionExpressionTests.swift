import Testing

@testable import ModelGraph

@Suite struct DimensionExpressionTests {
  private static let height = Dimension.symbolic("H")

  private static func expression(_ dimension: Dimension) -> DimensionExpression? {
    if case .derived(let expression) = dimension { expression } else { nil }
  }

  /// A chain of as many steps as an expression may have; on the left of each, or on the right of sums.
  private static func longest(onTheRight: Bool) -> Dimension {
    let stepSize = onTheRight ? 2 : 1
    return (0..<((DimensionExpression.longest - 1) / stepSize)).reduce(height) { inner, _ in
      onTheRight ? Dimension.symbolic("W").adding(inner) : inner.dividedRoundingUp(by: 2)
    }
  }

  @Test func isWrittenInInfix() {
    let (h, w) = (Self.height, Dimension.symbolic("W"))
    let texts: [(Dimension, String)] = [
      (h.adding(2), "H+2"), (h.adding(-3), "H-3"), (h.adding(2).adding(-2), "H"), (h.adding(2).adding(-5), "H-3"),
      (h.multiplied(by: 4), "4*(H)"), (h.adding(1).dividedRoundingDown(by: 2), "⌊(H+1)/2⌋"),
      (h.dividedRoundingUp(by: 2).adding(1), "⌈(H)/2⌉+1"), (h.adding(w), "(H)+(W)"),
      (h.adding(1).multiplied(by: w.multiplied(by: 2)), "(H+1)*(2*(W))"),
      (h.adding(w).multiplied(by: h).adding(w), "(((H)+(W))*(H))+(W)"),
      (h.adding(.min).adding(.min), "H-\(Int.min.magnitude)-\(Int.min.magnitude)"),
      (h.adding(h), "2*(H)"), (h.adding(1).adding(h.adding(1)), "2*(H+1)"), (h.multiplied(by: h), "(H)*(H)"),
    ]
    for (dimension, text) in texts { #expect(dimension.description == text) }
  }

  @Test func isEvaluatedWithItsSymbolsBound() {
    let (h, w) = (Self.height, Dimension.symbolic("W"))
    let both = h.adding(-2).dividedRoundingDown(by: 3).adding(1).multiplied(by: w.dividedRoundingUp(by: 2)).adding(h)
    #expect(both.bound(["H": 12, "W": 5]) == .fixed(4 * 3 + 12))
    #expect(both.bound(["H": 12]) == both)
    #expect(both.bound(["H": .max, "W": .max]) == both)
    #expect(h.adding(-1).dividedRoundingDown(by: 2).bound(["H": 0]) == .fixed(-1))
    #expect(h.adding(-1).dividedRoundingUp(by: 2).bound(["H": 0]) == .fixed(0))
    #expect(h.dividedRoundingUp(by: 2).bound(["H": .min]) == h.dividedRoundingUp(by: 2))
    #expect(Self.expression(both)?.symbols == ["H", "W"])
  }

  /// What Concat(t, t) does again and again: a tree of 2⁴⁰ leaves where each sum is written out.
  @Test func whatIsDoubledGrowsByAStep() throws {
    var builder = GraphBuilder(name: "doubled")
    var value = builder.input(name: "x", type: TensorType(.float32, [Self.height]))
    for index in 0..<40 {
      value = try builder.add(.concat(Concat(axis: 0)), name: "c\(index)", inputs: [value, value])[0]
    }
    let extent = try #require(builder.type(value)?.shape.dimensions?.first)
    #expect(Self.expression(extent)?.size == 41)
    #expect(extent.bound(["H": 3]) == .fixed(3 << 40))
    #expect(extent.description.hasPrefix("2*(2*("))
  }

  @Test func whatGrowsTooLongIsUnknown() {
    var extent = Self.height
    var sizes: [Int] = []
    for _ in 0..<64 {
      extent = extent.adding(extent.dividedRoundingDown(by: 2))
      if let expression = Self.expression(extent) { sizes.append(expression.size) }
    }
    // s → 2s + 2, from 1.
    #expect(sizes == [4, 10, 22, 46, 94, 190, 382, 766, 1534])
    #expect(extent == .unknown)
    var product = Self.height.adding(1)
    for _ in 0..<64 { product = product.multiplied(by: product) }
    #expect(product == .unknown)
  }

  @Test func theBoundIsExact() {
    let longest = Self.longest(onTheRight: false)
    #expect(Self.expression(longest)?.size == DimensionExpression.longest)
    #expect(longest.dividedRoundingUp(by: 2) == .unknown)
    #expect(longest.dividedRoundingDown(by: 2) == .unknown)
    #expect(longest.multiplied(by: 2) == .unknown)
    #expect(longest.adding(1) == .unknown)
    #expect(longest.adding(longest) == .unknown)
    #expect(longest.adding(Self.height) == .unknown)
    #expect(longest.multiplied(by: Self.height) == .unknown)
    #expect(longest.adding(0) == longest && longest.multiplied(by: 1) == longest)
  }

  @Test func aLongChainOfPoolsEndsInUnknownExtents() throws {
    var builder = GraphBuilder(name: "pools")
    let type = TensorType(.float32, [1, .symbolic("H"), .symbolic("W"), 3])
    var value = builder.input(name: "x", type: type)
    var extents: [Dimension] = []
    for index in 0..<4000 {
      let pool = Pool2D(.maximum, kernel: Size2D(height: 2, width: 2), strides: Size2D(height: 2, width: 2))
      value = try builder.add(.pool2D(pool), name: "p\(index)", inputs: [value])[0]
      extents.append(try #require(builder.type(value)?.shape.dimensions?[1]))
    }
    #expect(extents[0].description == "⌊(H-2)/2⌋+1")
    #expect(extents[9].bound(["H": 5000]) == .fixed(4))
    let known = extents.prefix { $0 != .unknown }
    #expect(known.allSatisfy { Self.expression($0)?.size ?? 0 <= DimensionExpression.longest })
    #expect(known.count > 500)
    #expect(extents[known.count...].allSatisfy { $0 == .unknown })
  }

  @Test(arguments: [false, true])
  func theLongestFitsASmallStack(onTheRight: Bool) {
    let result = SmallStack.run { () -> (steps: Int, text: Int, value: Int?, isSame: Bool) in
      let extent = Self.longest(onTheRight: onTheRight)
      let other = Self.longest(onTheRight: onTheRight)
      guard let expression = Self.expression(extent) else { return (0, 0, nil, false) }
      let isSame = extent == other && Set([extent, other]).count == 1
      // Both are freed here.
      return (
        expression.steps.count, expression.description.utf8.count, expression.evaluated(["H": 7, "W": 1]), isSame
      )
    }
    #expect(result?.steps == (onTheRight ? DimensionExpression.longest - 1 : DimensionExpression.longest))
    #expect(result?.text ?? 0 > 2 * DimensionExpression.longest)
    #expect(result?.value == (onTheRight ? 7 + (DimensionExpression.longest - 1) / 2 : 1))
    #expect(result?.isSame == true)
  }

  @Test func equalsWhatIsMadeOfTheSameSteps() throws {
    let one = Self.height.adding(-2).dividedRoundingDown(by: 2).adding(.symbolic("W"))
    let other = Self.height.adding(-2).dividedRoundingDown(by: 2).adding(.symbolic("W"))
    #expect(one == other && one.hashValue == other.hashValue)
    #expect(one != Self.height.adding(-2).dividedRoundingUp(by: 2).adding(.symbolic("W")))
    #expect(one != Dimension.symbolic("W").adding(Self.height.adding(-2).dividedRoundingDown(by: 2)))
    let expression = try #require(Self.expression(one))
    #expect(try DimensionExpression(steps: expression.steps) == expression)
    #expect(
      expression.steps == [.symbol("H"), .sum(-2), .floorQuotient(2), .symbol("W"), .sumOf])
  }

  @Test func refusesStepsThatAreNoExpression() {
    let wrong: [[DimensionExpression.Step]] = [
      [], [.sum(1)], [.symbol("H"), .sumOf], [.symbol("H"), .symbol("W")], [.symbol("H"), .floorQuotient(0)],
      [.symbol("H"), .ceilingQuotient(-1)],
      [.symbol("H")] + [DimensionExpression.Step](repeating: .sum(1), count: DimensionExpression.longest),
    ]
    for steps in wrong {
      let error = #expect(throws: ModelError.self) { try DimensionExpression(steps: steps) }
      #expect(error?.code == .malformed)
    }
  }
}
