public import ModelGraph

/// Attributes under their names, with a record of which ones were read.
///
/// An importer reads what it understands and then asks for ``unreadNames``: an attribute that nobody read may change the
/// meaning of an operator, and is never passed over in silence.
public final class AttributeReader<Attribute> {
  // A look at each name: in real models an operator has some dozens at most, for which tables to find them in, made for every
  // operator, take longer. Of more, the cost is their count for every name asked for, which the importer's own code bounds.
  private let names: [String]
  private let attributes: [Attribute]
  private var isRead: [Bool]

  public init(_ attributes: [String: Attribute]) {
    names = Array(attributes.keys)
    self.attributes = Array(attributes.values)
    isRead = [Bool](repeating: false, count: attributes.count)
  }

  /// The attribute of this name, which counts as read from now on.
  public subscript(name: String) -> Attribute? {
    guard let index = names.firstIndex(of: name) else { return nil }
    isRead[index] = true
    return attributes[index]
  }

  /// Whether the attribute exists; asking does not count as reading.
  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// Marks attributes as read whose values carry no meaning for the model.
  public func ignore(_ names: String...) {
    for name in names { if let index = self.names.firstIndex(of: name) { isRead[index] = true } }
  }

  /// Marks attributes as read by what their names are like.
  public func ignore(where hasNoMeaning: (String) -> Bool) {
    for index in names.indices where hasNoMeaning(names[index]) { isRead[index] = true }
  }

  /// The names of attributes that nobody read, sorted.
  public var unreadNames: [String] { zip(names, isRead).filter { !$0.1 }.map(\.0).sorted() }

  /// - Throws: `.unsupported`, naming every attribute that nobody read.
  public func requireAllRead() throws(ModelError) {
    guard isRead.contains(false) else { return }
    let unread = unreadNames
    let list = unread.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    throw ModelError(.unsupported, "unknown \(unread.count == 1 ? "attribute" : "attributes") \(list)")
  }
}
