public import ModelGraph

/// The bytes that the reader process answers with.
///
/// `magic`, version (`UInt32`), then frames: a tag (`UInt8`), the payload's length (`UInt32`), the payload. All numbers are
/// little-endian; texts are UTF-8 behind their length (`UInt32`); lists stand behind their count (`UInt32`).
public enum HDF5Response {
  public static let magic: [UInt8] = [0x46, 0x48, 0x35, 0x52]  // FH5R
  public static let version: UInt32 = 1
  /// Dimensions of a dataset or attribute; HDF5 allows 32.
  public static let maximumRank = 32

  /// Magic and version, which every response begins with.
  public static var header: [UInt8] {
    var writer = FrameWriter()
    writer.bytes += magic
    writer.append(version)
    return writer.bytes
  }

  /// One frame in bytes.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) where a text or list is longer than the protocol can say.
  public static func encode(_ frame: HDF5Frame) throws(ModelError) -> [UInt8] {
    var payload = FrameWriter()
    let tag: Tag
    switch frame {
    case .group(let path):
      tag = .group
      try payload.append(path)
    case .dataset(let dataset):
      tag = .dataset
      try payload.append(dataset.path)
      payload.append(dataset.element.rawValue)
      try payload.append(dataset.shape)
      switch dataset.location {
      case .none: payload.append(UInt8(0))
      case .file(let offset):
        payload.append(UInt8(1))
        payload.append(UInt64(truncatingIfNeeded: offset))
      case .shared(let offset):
        payload.append(UInt8(2))
        payload.append(UInt64(truncatingIfNeeded: offset))
      }
    case .attribute(let attribute):
      tag = .attribute
      try payload.append(attribute.name)
      try payload.append(attribute.shape)
      switch attribute.value {
      case .strings(let texts):
        payload.append(UInt8(1))
        try payload.append(count: texts.count)
        for text in texts { try payload.append(text) }
      case .integers(let numbers):
        payload.append(UInt8(2))
        try payload.append(count: numbers.count)
        for number in numbers { payload.append(UInt64(bitPattern: number)) }
      case .floats(let numbers):
        payload.append(UInt8(3))
        try payload.append(count: numbers.count)
        for number in numbers { payload.append(number.bitPattern) }
      case .other(let type):
        payload.append(UInt8(4))
        try payload.append(type)
      }
    case .failure(let failure):
      tag = .failure
      try payload.append(failure.code.rawValue)
      try payload.append(failure.message)
      try payload.append(failure.hint ?? "")
    case .end(let objects):
      tag = .end
      payload.append(UInt64(truncatingIfNeeded: objects))
    }
    var frame = FrameWriter()
    frame.append(tag.rawValue)
    try frame.append(count: payload.bytes.count)
    return frame.bytes + payload.bytes
  }

  /// The frames of a whole response.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where the bytes are no response, are cut off, or go on behind the last frame.
  public static func decode(_ bytes: [UInt8]) throws(ModelError) -> [HDF5Frame] {
    var reader = FrameReader(bytes[...])
    guard try reader.bytes(magic.count) == magic else { throw malformed("it does not begin with the protocol's magic") }
    let version = try reader.integer(UInt32.self)
    guard version == Self.version else { throw malformed("it is of version \(version), not \(Self.version)") }
    var frames: [HDF5Frame] = []
    var objects = 0
    while true {
      let frame = try decodeFrame(&reader)
      frames.append(frame)
      switch frame {
      case .group, .dataset:
        objects += 1
      case .attribute:
        guard objects > 0 else { throw malformed("an attribute stands before the first object") }
      case .failure, .end:
        if case .end(let count) = frame, count != objects {
          throw malformed("\(objects) objects came, \(count) were sent")
        }
        guard reader.isAtEnd else { throw malformed("bytes follow its last frame") }
        return frames
      }
    }
  }

  private enum Tag: UInt8 {
    case group = 1
    case dataset = 2
    case attribute = 3
    case failure = 4
    case end = 5
  }

  private static func malformed(_ what: String) -> ModelError {
    ModelError(.malformed, "the HDF5 reader's answer is not understood: \(what)")
  }

  private static func decodeFrame(_ outer: inout FrameReader) throws(ModelError) -> HDF5Frame {
    let number = try outer.integer(UInt8.self)
    guard let tag = Tag(rawValue: number) else { throw malformed("frame tag \(number)") }
    var payload = try outer.part(Int(try outer.integer(UInt32.self)))
    let frame: HDF5Frame
    switch tag {
    case .group:
      frame = .group(path: try payload.text())
    case .dataset:
      let path = try payload.text()
      let code = try payload.integer(UInt8.self)
      guard let element = HDF5Dataset.Element(rawValue: code) else { throw malformed("element type \(code)") }
      let shape = try payload.shape()
      let location: HDF5Dataset.Location
      switch try payload.integer(UInt8.self) {
      case 0: location = .none
      case 1: location = .file(offset: try payload.size())
      case 2: location = .shared(offset: try payload.size())
      case let other: throw malformed("location \(other)")
      }
      frame = .dataset(HDF5Dataset(path: path, element: element, shape: shape, location: location))
    case .attribute:
      let name = try payload.text()
      let shape = try payload.shape()
      let value: HDF5Attribute.Value
      switch try payload.integer(UInt8.self) {
      case 1: value = .strings(try payload.list(minimumSize: 4) { reader throws(ModelError) in try reader.text() })
      case 2:
        value = .integers(
          try payload.list(minimumSize: 8) { reader throws(ModelError) in
            Int64(bitPattern: try reader.integer(UInt64.self))
          })
      case 3:
        value = .floats(
          try payload.list(minimumSize: 8) { reader throws(ModelError) in
            Double(bitPattern: try reader.integer(UInt64.self))
          })
      case 4: value = .other(try payload.text())
      case let other: throw malformed("attribute type \(other)")
      }
      frame = .attribute(HDF5Attribute(name: name, shape: shape, value: value))
    case .failure:
      let code = try payload.text()
      let message = try payload.text()
      let hint = try payload.text()
      frame = .failure(
        HDF5Failure(
          code: ModelError.Code(rawValue: code) ?? .malformed, message: message, hint: hint.isEmpty ? nil : hint))
    case .end:
      frame = .end(objects: try payload.size())
    }
    guard payload.isAtEnd else { throw malformed("a frame is longer than what it says") }
    return frame
  }
}
