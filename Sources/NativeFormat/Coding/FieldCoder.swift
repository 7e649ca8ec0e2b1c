import FormatSupport
import ModelGraph

/// The fields of one JSON object, on their way out or on their way in.
struct FieldCoder {
  /// Where an object is written.
  private var json = JSONWriter()
  /// The object that is read; nil where one is written.
  private let source: JSONElement?
  /// The fields that were asked for; each is asked for once.
  private var readNames: [String] = []

  /// Hands out the members of an object.
  init(reading object: JSONElement) { source = object }

  private init() { source = nil }

  /// Writes an object whose members are the fields that `body` names.
  ///
  /// - Throws: what `body` throws; the text is then not complete.
  static func write(
    to json: inout JSONWriter, _ body: (inout FieldCoder) throws(ModelError) -> Void
  ) throws(ModelError) {
    var fields = FieldCoder()
    // The text changes hands, so that there is never a second reference that would have it copied.
    swap(&fields.json, &json)
    fields.json.beginObject()
    try body(&fields)
    fields.json.endObject()
    swap(&fields.json, &json)
  }

  /// Writes the field, or sets `value` from it.
  ///
  /// - Throws: `.malformed` where the field is missing or of another kind.
  mutating func code<Coded: JSONCoded>(_ name: String, _ value: inout Coded) throws(ModelError) {
    guard let source else {
      json.beginMember(name)
      do throws(ModelError) { try value.encode(to: &json) } catch { throw error.within(.attribute(name)) }
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
