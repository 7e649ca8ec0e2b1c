/// A dimension computed from symbols: what becomes of `H` behind a stride, a padding, a flattening.
///
/// It is a tree of which values share branches: `Concat(t, t)` doubles what is written, not what is kept. Everything that walks
/// one takes time in its ``size``, which is bounded by ``longest`` where it is made.
public struct DimensionExpression: Sendable {
  /// Steps that one expression may have; what would need more is unknown.
  ///
  /// A strided layer adds two or three: the bound leaves room for hundreds of them in a row. It is the native format's, so that
  /// every graph can be written; an expression this long is looked at in microseconds, and freed, which descends as deep as it
  /// is, within 512 KB of stack.
  public static let longest = 2_000

  private final class Content: Sendable {
    let last: Step
    let left: DimensionExpression?
    let right: DimensionExpression?
    let size: Int

    init(_ last: Step, _ left: DimensionExpression?, _ right: DimensionExpression?, size: Int) {
      self.last = last
      self.left = left
      self.right = right
      self.size = size
    }
  }

  private let content: Content

  /// What is done last.
  var last: Step { content.last }
  /// The operand of a step, the left one of two.
  var left: DimensionExpression? { content.left }
  var right: DimensionExpression? { content.right }
  /// How many steps it is written in, those of a shared branch counted wherever they stand.
  public var size: Int { content.size }

  /// A number or a symbol, or a step behind one or two expressions.
  ///
  /// Nil when the step does not take that many operands, or the expression were longer than ``longest``.
  init?(_ last: Step, _ left: DimensionExpression? = nil, _ right: DimensionExpression? = nil) {
    let size = 1 + (left?.size ?? 0) + (right?.size ?? 0)
    let operands = (left == nil ? 0 : 1) + (right == nil ? 0 : 1)
    guard operands == last.operandCount, size <= Self.longest else { return nil }
    content = Content(last, left, right, size: size)
  }

  private init(leaf: Step) { content = Content(leaf, nil, nil, size: 1) }

  static func constant(_ value: Int) -> DimensionExpression { DimensionExpression(leaf: .constant(value)) }
  static func symbol(_ name: String) -> DimensionExpression { DimensionExpression(leaf: .symbol(name)) }

  /// The value when every symbol in it is bound; nil when one is not, or on overflow.
  public func evaluated(_ bindings: [String: Int]) -> Int? {
    var values: [Int] = []
    for step in steps {
      let result: (partialValue: Int, overflow: Bool)
      switch step {
      case .constant(let value): result = (value, false)
      case .symbol(let name):
        guard let value = bindings[name] else { return nil }
        result = (value, false)
      case .sum(let addend):
        guard let value = values.popLast() else { return nil }
        result = value.addingReportingOverflow(addend)
      case .product(let factor):
        guard let value = values.popLast() else { return nil }
        result = value.multipliedReportingOverflow(by: factor)
      case .floorQuotient(let divisor):
        guard let value = values.popLast(), divisor > 0 else { return nil }
        result = (Self.floorDivide(value, divisor), false)
      case .ceilingQuotient(let divisor):
        guard let value = values.popLast(), divisor > 0, value > Int.min else { return nil }
        result = (-Self.floorDivide(-value, divisor), false)
      case .sumOf:
        guard let right = values.popLast(), let left = values.popLast() else { return nil }
        result = left.addingReportingOverflow(right)
      case .productOf:
        guard let right = values.popLast(), let left = values.popLast() else { return nil }
        result = left.multipliedReportingOverflow(by: right)
      }
      if result.overflow { return nil }
      values.append(result.partialValue)
    }
    return values.last
  }

  /// Every symbol that occurs in it.
  public var symbols: Set<String> {
    Set(steps.compactMap { if case .symbol(let name) = $0 { name } else { nil } })
  }

  /// ⌊dividend / divisor⌋ for a positive divisor; Swift's `/` rounds towards zero.
  static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }
}

extension DimensionExpression: Hashable {
  public static func == (a: DimensionExpression, b: DimensionExpression) -> Bool {
    a.content === b.content || (a.size == b.size && a.steps == b.steps)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(steps) }
}

extension DimensionExpression: CustomStringConvertible {
  public var description: String {
    enum Piece {
      case text(String)
      case expression(DimensionExpression?)
    }
    var text = ""
    // What is still to be written, the last first.
    var open: [Piece] = [.expression(self)]
    while let piece = open.popLast() {
      switch piece {
      case .text(let piece): text += piece
      case .expression(nil): break
      case .expression(let expression?):
        let left = Piece.expression(expression.left)
        let right = Piece.expression(expression.right)
        switch expression.last {
        case .constant(let value): text += "\(value)"
        case .symbol(let name): text += name
        case .sum(let addend): open += [.text(addend < 0 ? "-\(addend.magnitude)" : "+\(addend)"), left]
        case .product(let factor): open += [.text(")"), left, .text("\(factor)*(")]
        case .floorQuotient(let divisor): open += [.text(")/\(divisor)⌋"), left, .text("⌊(")]
        case .ceilingQuotient(let divisor): open += [.text(")/\(divisor)⌉"), left, .text("⌈(")]
        case .sumOf: open += [.text(")"), right, .text(")+("), left, .text("(")]
        case .productOf: open += [.text(")"), right, .text(")*("), left, .text("(")]
        }
      }
    }
    return text
  }
}
