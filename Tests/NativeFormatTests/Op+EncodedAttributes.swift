import FormatSupport
import ModelGraph
import NativeFormat

extension Op {
  /// The attributes as they are written, read as plain JSON.
  func encodedAttributes() throws -> JSONValue {
    var json = JSONWriter()
    try encodeAttributes(to: &json)
    return try JSONParser.parse(json.text)
  }
}
