/// Writes flatbuffers that no writer makes: what several places name is stored once, and a vtable may have any room.
final class FlatNode {
  enum Field {
    case int8(Int8)
    case int32(Int32)
    case node(FlatNode)

    var width: Int {
      if case .int8 = self { 1 } else { 4 }
    }
  }

  private enum Content {
    /// - extra: how many fields the vtable holds behind those given, and whether they are present.
    case table([Int: Field], extra: (count: Int, arePresent: Bool))
    case nodes([FlatNode])
    case elements([UInt8], count: Int)
  }

  private let content: Content
  private init(_ content: Content) { self.content = content }

  static func table(_ fields: [Int: Field], extra: (count: Int, arePresent: Bool) = (0, false)) -> FlatNode {
    FlatNode(.table(fields, extra: extra))
  }

  static func nodes(_ nodes: [FlatNode]) -> FlatNode { FlatNode(.nodes(nodes)) }
  static func bytes(_ bytes: [UInt8]) -> FlatNode { FlatNode(.elements(bytes, count: bytes.count)) }
  static func string(_ text: String) -> FlatNode { bytes(Array(text.utf8)) }

  static func int32s(_ values: [Int32]) -> FlatNode {
    FlatNode(.elements(values.flatMap { littleEndian($0) }, count: values.count))
  }

  /// A TFLite file of which this is the root table.
  func file() -> [UInt8] {
    // Offsets lead forward, so that what names a node lies before it.
    var finished: [FlatNode] = []
    var seen: Set<ObjectIdentifier> = []
    visit(&seen, &finished)
    let order = Array(finished.reversed())
    var places: [ObjectIdentifier: Int] = [:]
    var end = 8
    for node in order {
      places[ObjectIdentifier(node)] = end + node.vtableSize
      end += node.vtableSize + node.size
    }
    var bytes = Self.offset(from: 0, to: self, places) + Array("TFL3".utf8)
    bytes.reserveCapacity(end)
    for node in order { node.append(to: &bytes, places) }
    return bytes
  }

  private var children: [FlatNode] {
    switch content {
    case .table(let fields, _): fields.values.compactMap { if case .node(let node) = $0 { node } else { nil } }
    case .nodes(let nodes): nodes
    case .elements: []
    }
  }

  private func visit(_ seen: inout Set<ObjectIdentifier>, _ finished: inout [FlatNode]) {
    guard seen.insert(ObjectIdentifier(self)).inserted else { return }
    for child in children { child.visit(&seen, &finished) }
    finished.append(self)
  }

  private var vtableSize: Int {
    guard case .table(let fields, let extra) = content else { return 0 }
    return 4 + 2 * ((fields.keys.max() ?? -1) + 1 + extra.count)
  }

  private var size: Int {
    switch content {
    // Four bytes more, in which the extra fields lie.
    case .table(let fields, _): 8 + fields.values.reduce(0) { $0 + $1.width }
    case .nodes(let nodes): 4 + 4 * nodes.count
    case .elements(let bytes, _): 4 + bytes.count
    }
  }

  private func append(to bytes: inout [UInt8], _ places: [ObjectIdentifier: Int]) {
    switch content {
    case .elements(let elements, let count): bytes += Self.littleEndian(Int32(count)) + elements
    case .nodes(let nodes):
      bytes += Self.littleEndian(Int32(nodes.count))
      for node in nodes { bytes += Self.offset(from: bytes.count, to: node, places) }
    case .table(let fields, let extra):
      var offsets = [UInt16](repeating: 0, count: (fields.keys.max() ?? -1) + 1)
      var offset = 8
      let stored = fields.sorted { $0.key < $1.key }
      for (id, field) in stored {
        offsets[id] = UInt16(offset)
        offset += field.width
      }
      offsets += [UInt16](repeating: extra.arePresent ? 4 : 0, count: extra.count)
      bytes += Self.littleEndian(UInt16(vtableSize)) + Self.littleEndian(UInt16(size))
      bytes += offsets.flatMap { Self.littleEndian($0) }
      bytes += Self.littleEndian(Int32(vtableSize)) + Self.littleEndian(0 as Int32)
      for (_, field) in stored {
        switch field {
        case .int8(let value): bytes += Self.littleEndian(value)
        case .int32(let value): bytes += Self.littleEndian(value)
        case .node(let node): bytes += Self.offset(from: bytes.count, to: node, places)
        }
      }
    }
  }

  private static func offset(from place: Int, to node: FlatNode, _ places: [ObjectIdentifier: Int]) -> [UInt8] {
    littleEndian(Int32((places[ObjectIdentifier(node)] ?? place) - place))
  }

  private static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
