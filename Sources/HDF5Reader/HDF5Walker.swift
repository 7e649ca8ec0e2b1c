import CHDF5
import HDF5Protocol
import ModelGraph

/// Goes through every group of a file, in the order of names, and sends what it finds.
struct HDF5Walker {
  let file: HDF5ObjectHandle
  let request: HDF5ReaderRequest
  var memory: SharedMemoryWriter
  var writer: ResponseWriter
  /// Where the groups seen so far lie: a group linked twice could make a cycle, or a tree without end.
  private var groups: Set<UInt64> = []

  init(file: HDF5ObjectHandle, request: HDF5ReaderRequest, memory: SharedMemoryWriter, writer: ResponseWriter) {
    self.file = file
    self.request = request
    self.memory = memory
    self.writer = writer
  }

  mutating func walk() throws(ModelError) {
    let root = try HDF5ObjectHandle(
      H5Gopen2(file.id, "/", ferry_h5_default_properties()), close: H5Gclose, doing: "open the root group")
    try visitGroup(root, try describe(root, path: "/"), path: "/", depth: 0)
    try writer.send(.end(objects: writer.objects))
  }

  /// The recursion is as deep as the groups are nested, which `maximumDepth` bounds.
  private mutating func visitGroup(
    _ group: HDF5ObjectHandle, _ description: ferry_h5_object, path: String, depth: Int
  ) throws(ModelError) {
    guard depth <= request.maximumDepth else {
      throw ModelError(.unsupported, "groups are nested more than \(request.maximumDepth) deep")
    }
    try countObject()
    guard groups.insert(description.address).inserted else {
      throw ModelError(.unsupported, "group '\(path)' is linked from two places")
    }
    try writer.send(.group(path: path))
    if description.has_attributes != 0 { try sendAttributes(of: group, path: path) }
    for link in try links(of: group, path: path) {
      let child = path == "/" ? "/" + link.name : path + "/" + link.name
      guard link.kind == 0 else {
        let kind = link.kind == 1 ? "a soft link" : link.kind == 2 ? "a link to another file" : "a user-defined link"
        throw ModelError(
          .unsupported, "'\(child)' is \(kind), and Ferry follows none", hint: "rewrite the file with h5repack or Keras"
        )
      }
      let object = try HDF5ObjectHandle(
        link.name.withCString { H5Oopen(group.id, $0, ferry_h5_default_properties()) }, close: H5Oclose,
        doing: "open '\(child)'")
      // What is neither, a named type, holds no data.
      let description = try describe(object, path: child)
      if description.is_group != 0 {
        try visitGroup(object, description, path: child, depth: depth + 1)
      } else if description.is_dataset != 0 {
        try countObject()
        try sendDataset(object, description, path: child)
        if description.has_attributes != 0 { try sendAttributes(of: object, path: child) }
      }
    }
  }

  private func describe(_ object: HDF5ObjectHandle, path: String) throws(ModelError) -> ferry_h5_object {
    var description = ferry_h5_object()
    guard ferry_h5_look_at(object.id, &description) >= 0 else { throw HDF5ObjectHandle.failure("look at '\(path)'") }
    return description
  }

  private func countObject() throws(ModelError) {
    guard writer.objects < request.maximumObjects else {
      throw ModelError(.unsupported, "the file holds more than \(request.maximumObjects) groups and datasets")
    }
  }

  private struct Link {
    var name: String
    var kind: Int32
  }

  private final class LinkList {
    var links: [Link] = []
    let maximumCount: Int
    var isTooLong = false

    init(maximumCount: Int) {
      self.maximumCount = maximumCount
    }
  }

  private func links(of group: HDF5ObjectHandle, path: String) throws(ModelError) -> [Link] {
    let list = LinkList(maximumCount: request.maximumObjects)
    let result = ferry_h5_visit_links(
      group.id,
      { name, kind, context in
        guard let name, let context else { return -1 }
        let list = Unmanaged<LinkList>.fromOpaque(context).takeUnretainedValue()
        guard list.links.count < list.maximumCount else {
          list.isTooLong = true
          return -1
        }
        list.links.append(Link(name: String(cString: name), kind: kind))
        return 0
      }, Unmanaged.passUnretained(list).toOpaque())
    guard !list.isTooLong else {
      throw ModelError(.unsupported, "group '\(path)' holds more than \(request.maximumObjects) links")
    }
    guard result >= 0 else { throw HDF5ObjectHandle.failure("list group '\(path)'") }
    return list.links
  }
}
