import FormatSupport
import ModelGraph

extension OpaqueOp.Attribute {
  /// The attribute that a JSON value is; nil for null.
  init?(json: JSONValue) {
    switch json {
    case .null: return nil
    case .bool(let flag): self = .string(flag ? "true" : "false")
    case .integer(let value): self = .integer(value)
    case .double(let value): self = .float(value)
    case .string(let text): self = .string(text)
    case .array(let items):
      let integers = items.compactMap { item -> Int64? in if case .integer(let value) = item { value } else { nil } }
      let strings = items.compactMap(\.stringValue)
      if integers.count == items.count {
        self = .integers(integers)
      } else if strings.count == items.count {
        self = .strings(strings)
      } else {
        self = .description("a list of \(items.count) items")
      }
    case .object(let fields): self = .description("an object with " + fields.keys.sorted().joined(separator: ", "))
    }
  }
}
