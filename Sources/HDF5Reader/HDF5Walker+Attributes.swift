import CHDF5
import HDF5Protocol
import ModelGraph

extension HDF5Walker {
  mutating func sendAttributes(of object: HDF5ObjectHandle, path: String) throws(ModelError) {
    for name in try attributeNames(of: object, path: path) {
      try within(.attribute(name)) { () throws(ModelError) in
        try writer.send(.attribute(try readAttribute(name, of: object, path: path)))
      }
    }
  }

  private final class NameList {
    var names: [String] = []
    let maximumCount: Int

    init(maximumCount: Int) {
      self.maximumCount = maximumCount
    }
  }

  private func attributeNames(of object: HDF5ObjectHandle, path: String) throws(ModelError) -> [String] {
    let list = NameList(maximumCount: request.maximumObjects)
    var position: hsize_t = 0
    let result = H5Aiterate2(
      object.id, H5_INDEX_NAME, H5_ITER_INC, &position,
      { _, name, _, context in
        guard let name, let context else { return -1 }
        let list = Unmanaged<NameList>.fromOpaque(context).takeUnretainedValue()
        guard list.names.count < list.maximumCount else { return -1 }
        list.names.append(String(cString: name))
        return 0
      }, Unmanaged.passUnretained(list).toOpaque())
    guard result >= 0 else { throw HDF5ObjectHandle.failure("list the attributes of '\(path)'") }
    return list.names
  }

  private func readAttribute(
    _ name: String, of object: HDF5ObjectHandle, path: String
  ) throws(ModelError) -> HDF5Attribute {
    let attribute = try HDF5ObjectHandle(
      H5Aopen(object.id, name, ferry_h5_default_properties()), close: H5Aclose, doing: "open an attribute of '\(path)'")
    let type = try HDF5ObjectHandle(
      H5Aget_type(attribute.id), close: H5Tclose, doing: "read the type of an attribute of '\(path)'")
    let space = try HDF5ObjectHandle(
      H5Aget_space(attribute.id), close: H5Sclose, doing: "read the shape of an attribute of '\(path)'")
    let (shape, count) = try Self.extents(of: space, path: path)
    let elementSize = H5Tget_size(type.id)
    let (bytes, overflow) = count.multipliedReportingOverflow(by: max(elementSize, 16))
    guard !overflow, bytes <= request.maximumMetadataBytes else {
      throw ModelError(
        .unsupported, "an attribute of '\(path)' takes more than \(request.maximumMetadataBytes) bytes")
    }
    let value: HDF5Attribute.Value
    switch H5Tget_class(type.id) {
    case H5T_STRING:
      value = .strings(try readTexts(attribute, type: type, count: count, elementSize: elementSize, path: path))
    case H5T_INTEGER, H5T_ENUM:
      // An enumeration of integers is read as its base type.
      let isEnumeration = H5Tget_class(type.id) == H5T_ENUM
      var numbers = [Int64](repeating: 0, count: count)
      if isEnumeration {
        guard elementSize == 1 else { return HDF5Attribute(name: name, shape: shape, value: .other("enumeration")) }
        var small = [Int8](repeating: 0, count: count)
        let result = small.withUnsafeMutableBytes { H5Aread(attribute.id, type.id, $0.baseAddress) }
        guard result >= 0 else { throw HDF5ObjectHandle.failure("read an attribute of '\(path)'") }
        numbers = small.map(Int64.init)
      } else if count > 0 {
        let result = numbers.withUnsafeMutableBytes { H5Aread(attribute.id, ferry_h5_int64(), $0.baseAddress) }
        guard result >= 0 else { throw HDF5ObjectHandle.failure("read an attribute of '\(path)'") }
      }
      value = .integers(numbers)
    case H5T_FLOAT:
      var numbers = [Double](repeating: 0, count: count)
      if count > 0 {
        let result = numbers.withUnsafeMutableBytes { H5Aread(attribute.id, ferry_h5_double(), $0.baseAddress) }
        guard result >= 0 else { throw HDF5ObjectHandle.failure("read an attribute of '\(path)'") }
      }
      value = .floats(numbers)
    case let other:
      value = .other("HDF5 class \(other.rawValue), \(elementSize) bytes")
    }
    return HDF5Attribute(name: name, shape: shape, value: value)
  }

  private func readTexts(
    _ attribute: HDF5ObjectHandle, type: HDF5ObjectHandle, count: Int, elementSize: Int, path: String
  ) throws(ModelError) -> [String] {
    guard count > 0 else { return [] }
    if H5Tis_variable_str(type.id) > 0 {
      let memoryType = try HDF5ObjectHandle(
        ferry_h5_new_text(type.id), close: H5Tclose, doing: "make a type for text")
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      let result = pointers.withUnsafeMutableBytes { H5Aread(attribute.id, memoryType.id, $0.baseAddress) }
      guard result >= 0 else { throw HDF5ObjectHandle.failure("read an attribute of '\(path)'") }
      defer { for pointer in pointers { H5free_memory(pointer) } }
      return pointers.map { pointer in pointer.map { String(cString: $0) } ?? "" }
    }
    guard elementSize > 0 else { return [String](repeating: "", count: count) }
    var bytes = [UInt8](repeating: 0, count: count * elementSize)
    let result = bytes.withUnsafeMutableBytes { H5Aread(attribute.id, type.id, $0.baseAddress) }
    guard result >= 0 else { throw HDF5ObjectHandle.failure("read an attribute of '\(path)'") }
    let isSpacePadded = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
    return (0..<count).map { index in
      var text = bytes[(index * elementSize)..<((index + 1) * elementSize)]
      if isSpacePadded {
        while text.last == 0x20 { text = text.dropLast() }
      } else {
        text = text.prefix { $0 != 0 }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// The dimensions of a data space and the number of its elements.
  static func extents(of space: HDF5ObjectHandle, path: String) throws(ModelError) -> (shape: [Int], count: Int) {
    switch H5Sget_simple_extent_type(space.id) {
    case H5S_NULL: return ([0], 0)
    case H5S_SCALAR: return ([], 1)
    case H5S_SIMPLE: break
    default: throw HDF5ObjectHandle.failure("read the shape of '\(path)'")
    }
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 0, Int(rank) <= HDF5Response.maximumRank else {
      throw HDF5ObjectHandle.failure("read the shape of '\(path)'")
    }
    var extents = [hsize_t](repeating: 0, count: max(Int(rank), 1))
    guard H5Sget_simple_extent_dims(space.id, &extents, nil) >= 0 else {
      throw HDF5ObjectHandle.failure("read the shape of '\(path)'")
    }
    var shape: [Int] = []
    var count = 1
    for extent in extents.prefix(Int(rank)) {
      guard let size = Int(exactly: extent) else {
        throw ModelError(.malformed, "'\(path)' has a dimension of \(extent)")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw ModelError(.malformed, "'\(path)' has more elements than can be counted") }
      shape.append(size)
      count = product
    }
    return (shape, count)
  }
}
