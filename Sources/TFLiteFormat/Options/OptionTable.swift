/// What the schema says of one options table: its type number in the union, its name, its fields.
///
/// Options are decoded by these descriptions, so that every field of every operator is kept under its name, those of
/// operators without a meaning in Ferry included.
package struct OptionTable: Sendable {
  package let type: Int
  package let name: String
  package let fields: [OptionField]

  init(_ type: Int, _ name: String, _ fields: [OptionField] = []) {
    self.type = type
    self.name = name
    self.fields = fields
  }
}
