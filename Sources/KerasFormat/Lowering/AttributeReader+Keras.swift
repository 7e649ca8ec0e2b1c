import FormatSupport
import ModelGraph

extension AttributeReader where Attribute == JSONValue {
  /// A Boolean; some writers say 1 and 0.
  func flag(_ name: String, default value: Bool) throws(ModelError) -> Bool {
    switch self[name] {
    case nil, .null?: return value
    case .bool(let flag)?: return flag
    case .integer(0)?: return false
    case .integer(1)?: return true
    case let other?: throw ModelError(.malformed, "expected a Boolean, found \(other.kind)").within(.attribute(name))
    }
  }

  /// A number as Ferry computes with it.
  func float(_ name: String, default value: Float) throws(ModelError) -> Float {
    Float(try optionalReal(name) ?? Double(value))
  }

  /// An extent or factor that is at least one.
  func positiveInteger(_ name: String) throws(ModelError) -> Int {
    let value = try integer(name)
    guard (1...(1 << 30)).contains(value) else {
      throw ModelError(.malformed, "\(value) is out of range").within(.attribute(name))
    }
    return value
  }

  /// Height and width; one number stands for both.
  func size(_ name: String, default value: Size2D? = nil) throws(ModelError) -> Size2D {
    if let value, self[name]?.isNull ?? true { return value }
    let values = try integers(name, count: 2)
    guard values.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
      throw ModelError(.malformed, "\(values) is out of range").within(.attribute(name))
    }
    return Size2D(height: values[0], width: values[1])
  }

  /// One extent of a layer over sequences, in a list or alone.
  func length(_ name: String, default value: Int? = nil) throws(ModelError) -> Int {
    if let value, self[name]?.isNull ?? true { return value }
    let values = try integers(name, count: 1)
    guard (1...(1 << 20)).contains(values[0]) else {
      throw ModelError(.malformed, "\(values[0]) is out of range").within(.attribute(name))
    }
    return values[0]
  }

  /// `data_format`: channels last unless it says otherwise.
  func layout() throws(ModelError) -> Layout {
    switch try optionalString("data_format") {
    case nil, "channels_last": return .channelsLast
    case "channels_first": return .channelsFirst
    case let other?:
      throw ModelError(.unsupported, "data_format = \"\(other)\"").within(.attribute("data_format"))
    }
  }

  /// `padding` of a window: `same` or `valid`.
  func padding() throws(ModelError) -> Padding2D {
    switch try string("padding", default: "valid") {
    case "same": return .same(.upper)
    case "valid": return .valid
    case let other: throw ModelError(.unsupported, "padding = \"\(other)\"").within(.attribute("padding"))
    }
  }

  /// Axes of a tensor with `rank` axes, none negative; one number stands for a list of one.
  func axes(_ name: String, rank: Int, default value: [Int]) throws(ModelError) -> [Int] {
    let given: [Int]
    if self[name]?.isNull ?? true {
      given = value
    } else {
      given = self[name]?.arrayValue == nil ? [try integer(name)] : try integers(name)
    }
    var axes: [Int] = []
    for axis in given {
      guard axis >= -rank, axis < rank else {
        throw ModelError(.malformed, "axis \(axis) of a tensor with \(rank) axes").within(.attribute(name))
      }
      axes.append(axis < 0 ? axis + rank : axis)
    }
    return axes
  }

  func axis(_ name: String, rank: Int, default value: Int) throws(ModelError) -> Int {
    let axes = try axes(name, rank: rank, default: [value])
    guard axes.count == 1 else {
      throw ModelError(.unsupported, "\(axes.count) axes").within(.attribute(name))
    }
    return axes[0]
  }

  /// - Parameter attributes: what the reader was made of; asking the reader itself would count as reading.
  /// - Throws: ``ModelError`` (`.unsupported`), naming every attribute that nobody read and that says something.
  func requireNothingOfMeaningUnread(of attributes: [String: JSONValue]) throws(ModelError) {
    for name in unreadNames where attributes[name]?.isNull ?? true { ignore(name) }
    try requireAllRead()
  }
}

extension ModelError {
  /// Message and place in one line, for a layer that is kept as it is.
  var reasonWithPlace: String {
    ([message] + context.map { "in " + $0.description }).joined(separator: ", ")
  }
}
