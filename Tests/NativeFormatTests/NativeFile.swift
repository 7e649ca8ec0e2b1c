import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport

/// A native file taken apart, changed and put together again: a writer of its own, made from the format's description.
struct NativeFile {
  var header: [String: JSONValue]
  var graph: [String: JSONValue]
  var data: [UInt8]

  init(_ bytes: [UInt8]) throws {
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let file = MappedFile(bytes: Array(bytes[8..<(8 + length)]), name: "header")
    header = try JSONParser.parse(file.bytes).objectValue ?? [:]
    graph =
      try JSONParser.parse(header["__metadata__"]?.objectValue?["ferry.graph"]?.stringValue ?? "").objectValue ?? [:]
    data = Array(bytes[(8 + length)...])
  }

  static func bytes(of program: Program) throws -> [UInt8] {
    let folder = TemporaryFolder()
    let path = folder.path("model.safetensors")
    try NativeFormat.write(program, provenance: SamplePrograms.provenance, to: path, replacing: false)
    return TemporaryFolder.bytes(of: path) ?? []
  }

  /// Changes the graph's JSON at a path of keys and indexes.
  mutating func set(_ path: [String], _ value: JSONValue?) {
    var root = JSONValue.object(graph)
    Self.set(&root, path[...], value)
    graph = root.objectValue ?? [:]
  }

  private static func set(_ node: inout JSONValue, _ path: ArraySlice<String>, _ value: JSONValue?) {
    guard let key = path.first else {
      if let value { node = value }
      return
    }
    switch node {
    case .object(var members):
      if path.count == 1 {
        members[key] = value
      } else {
        var child = members[key] ?? .null
        set(&child, path.dropFirst(), value)
        members[key] = child
      }
      node = .object(members)
    case .array(var elements):
      if let index = Int(key), elements.indices.contains(index) {
        set(&elements[index], path.dropFirst(), value)
      } else if let value {
        elements.append(value)
      }
      node = .array(elements)
    default: break
    }
  }

  /// Changes a key of `__metadata__`.
  mutating func setMetadata(_ key: String, _ value: JSONValue?) {
    var metadata = header["__metadata__"]?.objectValue ?? [:]
    metadata[key] = value
    header["__metadata__"] = .object(metadata)
  }

  /// The file with all checksums made again: what a hostile writer would make.
  func bytes() -> [UInt8] {
    var file = self
    file.setMetadata("ferry.graph", .string(JSONWriter.text(.object(graph))))
    let zeros = String(repeating: "0", count: 16)
    if header["__metadata__"]?.objectValue?["ferry.header_xxh3"] != nil {
      file.setMetadata("ferry.header_xxh3", .string(zeros))
    }
    var json = JSONWriter.text(.object(file.header))
    while json.utf8.count % 8 != 0 { json += " " }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.utf8.count >> (8 * $0)) }
    let checksum = Self.checksum(length + Array(json.utf8))
    let label = "\"ferry.header_xxh3\":\""
    let parts = json.split(separator: label + zeros, omittingEmptySubsequences: false)
    json = parts.joined(separator: label + checksum)
    return length + Array(json.utf8) + data
  }

  static func checksum(_ bytes: [UInt8]) -> String {
    let file = MappedFile(bytes: bytes, name: "covered")
    let digits = String(ContentHash.xxh3(file.bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func read(_ bytes: [UInt8]) throws(ModelError) -> NativeDocument {
    try NativeFormat.readDocument(MappedFile(bytes: bytes, name: "model.safetensors"))
  }
}
