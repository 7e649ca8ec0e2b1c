import FormatSupport
import ModelGraph

/// The fields of one JSON object, on their way out or on their way in.
struct FieldCoder {
  /// What was written so far.
  private(set) var written: [String: JSONValue] = [:]
  private let source: JSONElement?
  /// The fields that were asked for; each is asked for once.
  private var readNames: [String] = []

  /// Collects fields.
  init() { source = nil }

  /// Hands out the members of an object.
  init(reading object: JSONElement) { source = object }

  /// Writes the field, or sets `value` from it.
  ///
  /// - Throws: `.malformed` where the field is missing or of another kind.
  mutating func code<Coded: JSONCoded>(_ name: String, _ value: inout Coded) throws(ModelError) {
    guard let source else {
      let encoded = try within(.attribute(name)) { () throws(ModelError) in try value.encoded() }
      written[name] = encoded
      return
    }
    guard let stored = source[name] else { throw ModelError(.malformed, "is missing").within(.attribute(name)) }
    readNames.append(name)
    value = try within(.attribute(name)) { () throws(ModelError) in try Coded.decoded(stored) }
  }

  /// The field `kind` of an enum's JSON form: writes `current`, or returns what is stored.
  mutating func kind(_ current: String) throws(ModelError) -> String {
    var kind = current
    try code("kind", &kind)
    return kind
  }

  /// - Throws: `.unsupported` naming the fields that nobody asked for.
  func requireAllRead() throws(ModelError) {
    guard let source, source.count != readNames.count else { return }
    let reader = AttributeReader(source.value.objectValue ?? [:])
    for name in readNames { _ = reader[name] }
    try reader.requireAllRead()
  }
}

/// The error for a `kind` that does not exist.
func unknownKind(_ kind: String) -> ModelError { ModelError(.unsupported, "unknown kind '\(kind)'") }
