public import ModelGraph

/// Attributes under their names, with a record of which ones were read.
///
/// An importer reads what it understands and then asks for ``unreadNames``: an attribute that nobody read may change the
/// meaning of an operator, and is never passed over in silence.
public final class AttributeReader<Attribute> {
  private let attributes: [String: Attribute]
  private var unread: Set<String>

  public init(_ attributes: [String: Attribute]) {
    self.attributes = attributes
    unread = Set(attributes.keys)
  }

  /// The attribute of this name, which counts as read from now on.
  public subscript(name: String) -> Attribute? {
    unread.remove(name)
    return attributes[name]
  }

  /// Whether the attribute exists; asking does not count as reading.
  public func contains(_ name: String) -> Bool { attributes[name] != nil }

  /// Marks attributes as read whose values carry no meaning for the model.
  public func ignore(_ names: String...) {
    for name in names { unread.remove(name) }
  }

  /// Marks attributes as read by what their names are like.
  public func ignore(where hasNoMeaning: (String) -> Bool) {
    for name in attributes.keys where hasNoMeaning(name) { unread.remove(name) }
  }

  /// The names of attributes that nobody read, sorted.
  public var unreadNames: [String] { unread.sorted() }

  /// - Throws: `.unsupported`, naming every attribute that nobody read.
  public func requireAllRead() throws(ModelError) {
    guard unread.isEmpty else {
      let list = unreadNames.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
      throw ModelError(.unsupported, "unknown \(unread.count == 1 ? "attribute" : "attributes") \(list)")
    }
  }
}
