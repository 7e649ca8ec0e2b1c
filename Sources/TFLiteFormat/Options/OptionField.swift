/// One field of an options table: its number, name, type and default.
package struct OptionField: Sendable {
  package enum Kind: Sendable {
    case int32(default: Int32)
    case int64
    case uint32
    case float
    case bool(default: Bool)
    case int32s
    case floats
    case bytes
    case string
    case enumeration(OptionEnumeration, default: Int8)
  }

  package let id: Int
  package let name: String
  package let kind: Kind

  static func int32(_ id: Int, _ name: String, default value: Int32 = 0) -> Self {
    Self(id: id, name: name, kind: .int32(default: value))
  }

  static func int64(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .int64) }
  static func uint32(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .uint32) }
  static func float(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .float) }

  static func bool(_ id: Int, _ name: String, default value: Bool = false) -> Self {
    Self(id: id, name: name, kind: .bool(default: value))
  }

  static func int32s(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .int32s) }
  static func floats(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .floats) }
  static func bytes(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .bytes) }
  static func string(_ id: Int, _ name: String) -> Self { Self(id: id, name: name, kind: .string) }

  static func enumeration(
    _ id: Int, _ name: String, _ enumeration: OptionEnumeration, default value: Int8 = 0
  ) -> Self {
    Self(id: id, name: name, kind: .enumeration(enumeration, default: value))
  }
}
