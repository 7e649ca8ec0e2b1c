public import ModelGraph

/// Attributes under their names, with a record of which ones were read.
///
/// An importer reads what it understands and then asks for ``unreadNames``: an attribute that nobody read may change the
/// meaning of an operator, and is never passed over in silence.
public final class AttributeReader<Attribute> {
  private let attributes: [String: Attribute]
  private var read: Set<String> = []

  public init(_ attributes: [String: Attribute]) { self.attributes = attributes }

  /// The attribute of this name, which counts as read from now on.
  public subscript(name: String) -> Attribute? {
    read.insert(name)
    return attributes[name]
  }

  /// Whether the attribute exists; asking does not count as reading.
  public func contains(_ name: String) -> Bool { attributes[name] != nil }

  /// Marks attributes as read whose values carry no meaning for the model.
  public func ignore(_ names: String...) { read.formUnion(names) }

  /// All names, sorted.
  public var names: [String] { attributes.keys.sorted() }

  /// The names of attributes that nobody read, sorted.
  public var unreadNames: [String] { attributes.keys.filter { !read.contains($0) }.sorted() }

  /// - Throws: `.unsupported`, naming every attribute that nobody read.
  public func requireAllRead() throws(ModelError) {
    let unread = unreadNames
    guard unread.isEmpty else {
      let list = unread.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
      throw ModelError(.unsupported, "unknown \(unread.count == 1 ? "attribute" : "attributes") \(list)")
    }
  }
}
