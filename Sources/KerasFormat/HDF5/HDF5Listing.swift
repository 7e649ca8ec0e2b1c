import HDF5Protocol
import ModelGraph

/// What a reader process says of an HDF5 file: its groups and datasets with their attributes.
struct HDF5Listing: Sendable {
  /// A group, by absolute path.
  struct Group: Sendable {
    var path: String
    var attributes: [String: HDF5Attribute] = [:]
    /// Names of the groups in it, sorted.
    var groups: [String] = []
    /// Names of the datasets in it, sorted.
    var datasets: [String] = []

    /// The path of something in the group.
    func path(of name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
  }

  /// A dataset and its attributes.
  struct Dataset: Sendable {
    var description: HDF5Dataset
    var attributes: [String: HDF5Attribute] = [:]
  }

  /// By absolute path.
  private(set) var groups: [String: Group] = [:]
  /// By absolute path.
  private(set) var datasets: [String: Dataset] = [:]

  /// Puts the frames of an answer in order.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where two objects, or two attributes of one, have one name, or an object comes
  ///   before its group.
  init(_ frames: [HDF5Frame]) throws(ModelError) {
    var last: (path: String, isGroup: Bool) = ("/", true)
    for frame in frames {
      switch frame {
      case .group(let path):
        guard groups[path] == nil, datasets[path] == nil else { throw Self.twice(path) }
        groups[path] = Group(path: path)
        if path != "/" { try enter(path) { group, name in group.groups.append(name) } }
        last = (path, true)
      case .dataset(let dataset):
        guard groups[dataset.path] == nil, datasets[dataset.path] == nil else { throw Self.twice(dataset.path) }
        datasets[dataset.path] = Dataset(description: dataset)
        try enter(dataset.path) { group, name in group.datasets.append(name) }
        last = (dataset.path, false)
      case .attribute(let attribute):
        let earlier =
          last.isGroup
          ? groups[last.path]?.attributes.updateValue(attribute, forKey: attribute.name)
          : datasets[last.path]?.attributes.updateValue(attribute, forKey: attribute.name)
        guard earlier == nil else {
          throw ModelError(.malformed, "the HDF5 file gives '\(last.path)' two attributes named '\(attribute.name)'")
        }
      case .failure, .end: break
      }
    }
  }

  private static func twice(_ path: String) -> ModelError {
    ModelError(.malformed, "the HDF5 file holds two objects named '\(path)'")
  }

  /// Tells the group that holds `path` of it.
  private mutating func enter(_ path: String, _ body: (inout Group, String) -> Void) throws(ModelError) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      throw ModelError(.malformed, "'\(path)' is no absolute path")
    }
    let parent = slash == path.startIndex ? "/" : String(path[..<slash])
    guard let index = groups.index(forKey: parent) else {
      throw ModelError(.malformed, "the HDF5 reader's answer is not understood: '\(path)' comes before its group")
    }
    body(&groups.values[index], String(path[path.utf8.index(after: slash)...]))
  }
}
