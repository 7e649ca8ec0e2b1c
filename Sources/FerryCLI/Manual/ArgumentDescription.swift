import Ferry

/// An argument, an option or a flag as the argument parser describes it.
struct ArgumentDescription {
  /// With their dashes; empty for what is told by its place.
  let names: [String]
  /// What stands for the value in the synopsis; nil for a flag.
  let valueName: String?
  let abstract: String
  let defaultValue: String?
  /// The only values that are taken; empty where any are.
  let allValues: [String]
  let isOptional: Bool
  let isRepeating: Bool

  /// Nil for what help does not show.
  init?(_ json: JSONValue) {
    guard let members = json.objectValue, members["shouldDisplay"]?.boolValue != false else { return nil }
    names = (members["names"]?.arrayValue ?? []).compactMap { name in
      guard let text = name.objectValue?["name"]?.stringValue else { return nil }
      return (name.objectValue?["kind"]?.stringValue == "long" ? "--" : "-") + text
    }
    valueName = members["kind"]?.stringValue == "flag" ? nil : members["valueName"]?.stringValue
    abstract = members["abstract"]?.stringValue ?? ""
    defaultValue = members["defaultValue"]?.stringValue
    allValues = (members["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
    isOptional = members["isOptional"]?.boolValue ?? false
    isRepeating = members["isRepeating"]?.boolValue ?? false
  }

  var isPositional: Bool { names.isEmpty }
}
