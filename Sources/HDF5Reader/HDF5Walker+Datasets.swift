import CHDF5
import HDF5Protocol
import ModelGraph

extension HDF5Walker {
  /// Sends what a dataset is, and where its elements lie: in the file itself where they lie plain and little-endian
  /// there, otherwise in the shared memory, into which they are decoded.
  mutating func sendDataset(
    _ dataset: HDF5ObjectHandle, _ description: ferry_h5_object, path: String
  ) throws(ModelError) {
    let type = try HDF5ObjectHandle(H5Dget_type(dataset.id), close: H5Tclose, doing: "read the type of '\(path)'")
    let space = try HDF5ObjectHandle(H5Dget_space(dataset.id), close: H5Sclose, doing: "read the shape of '\(path)'")
    let (shape, count) = try Self.extents(of: space, path: path)
    // Only what lies in one piece in this file has an offset; but a file may say of one dataset both where its elements lie
    // and that they lie in another file.
    let address = H5Dget_offset(dataset.id)
    let offset = ferry_h5_is_undefined_address(address) == 0 ? address : nil
    if offset == nil || description.has_external_files != 0 || description.has_filters != 0 {
      try checkLayout(of: dataset, path: path)
    }
    let element = try Self.element(of: type)
    var result = HDF5Dataset(path: path, element: element, shape: shape, location: .none)
    guard let byteCount = result.byteCount else {
      throw ModelError(.malformed, "'\(path)' has more bytes than can be counted")
    }
    if count > 0, element != .other {
      result.location = try locate(
        dataset, offset: offset, type: type, element: element, byteCount: byteCount, path: path)
    }
    try writer.send(.dataset(result))
  }

  /// Refuses what lies in other files or behind filters that Ferry does not know.
  private func checkLayout(of dataset: HDF5ObjectHandle, path: String) throws(ModelError) {
    let properties = try HDF5ObjectHandle(
      H5Dget_create_plist(dataset.id), close: H5Pclose, doing: "read the layout of '\(path)'")
    switch H5Pget_layout(properties.id) {
    case H5D_CONTIGUOUS, H5D_COMPACT: break
    case H5D_CHUNKED:
      var chunk = [hsize_t](repeating: 0, count: HDF5Response.maximumRank)
      let rank = H5Pget_chunk(properties.id, Int32(chunk.count), &chunk)
      guard rank >= 0, Int(rank) <= chunk.count else { throw HDF5ObjectHandle.failure("read the layout of '\(path)'") }
    case H5D_VIRTUAL:
      throw ModelError(
        .unsupported, "'\(path)' is a virtual dataset, whose elements lie in other files; Ferry follows none",
        hint: "rewrite the file with h5repack or Keras")
    default: throw HDF5ObjectHandle.failure("read the layout of '\(path)'")
    }
    guard H5Pget_external_count(properties.id) == 0 else {
      throw ModelError(
        .unsupported, "the elements of '\(path)' lie in another file; Ferry reads none",
        hint: "rewrite the file with h5repack or Keras")
    }
    let filters = H5Pget_nfilters(properties.id)
    guard filters >= 0 else { throw HDF5ObjectHandle.failure("read the filters of '\(path)'") }
    for index in 0..<UInt32(filters) {
      var parameters = 0
      let filter = H5Pget_filter2(properties.id, index, nil, &parameters, nil, 0, nil, nil)
      // 1 gzip, 2 shuffle, 3 Fletcher's checksum: what Keras and h5py write.
      guard (1...3).contains(filter) else {
        throw ModelError(
          .unsupported, "'\(path)' is stored through HDF5 filter \(filter); Ferry reads gzip, shuffle and fletcher32",
          hint: "rewrite the file with h5repack or Keras")
      }
    }
  }

  private mutating func locate(
    _ dataset: HDF5ObjectHandle, offset: haddr_t?, type: HDF5ObjectHandle, element: HDF5Dataset.Element,
    byteCount: Int, path: String
  ) throws(ModelError) -> HDF5Dataset.Location {
    let isBigEndian = element.size > 1 && element != .opaque16 && H5Tget_order(type.id) == H5T_ORDER_BE
    if !isBigEndian, let offset {
      guard let start = Int(exactly: offset), H5Dget_storage_size(dataset.id) == hsize_t(byteCount) else {
        throw ModelError(.malformed, "'\(path)' takes \(byteCount) bytes and has storage of another size")
      }
      return .file(offset: start)
    }
    let memoryType = try HDF5ObjectHandle(H5Tcopy(type.id), close: H5Tclose, doing: "copy the type of '\(path)'")
    if isBigEndian, H5Tset_order(memoryType.id, H5T_ORDER_LE) < 0 {
      throw HDF5ObjectHandle.failure("convert '\(path)'")
    }
    let place = try memory.take(byteCount)
    let result = H5Dread(
      dataset.id, memoryType.id, ferry_h5_whole_space(), ferry_h5_whole_space(), ferry_h5_default_properties(),
      place.bytes.baseAddress)
    guard result >= 0 else { throw HDF5ObjectHandle.failure("read '\(path)'") }
    return .shared(offset: place.offset)
  }

  /// What an element of the type is; the byte order does not count.
  private static func element(of type: HDF5ObjectHandle) throws(ModelError) -> HDF5Dataset.Element {
    let size = H5Tget_size(type.id)
    switch H5Tget_class(type.id) {
    case H5T_INTEGER:
      let precision = H5Tget_precision(type.id)
      let (bits, overflow) = size.multipliedReportingOverflow(by: 8)
      guard !overflow, precision == bits else { return .other }
      switch (size, H5Tget_sign(type.id) == H5T_SGN_2) {
      case (1, true): return .int8
      case (2, true): return .int16
      case (4, true): return .int32
      case (8, true): return .int64
      case (1, false): return .uint8
      case (2, false): return .uint16
      case (4, false): return .uint32
      case (8, false): return .uint64
      default: return .other
      }
    case H5T_FLOAT:
      // What nearly every weight is comes first: making a type to compare with takes time.
      if H5Tequal(type.id, ferry_h5_float32()) > 0 { return .float32 }
      let plain = try HDF5ObjectHandle(H5Tcopy(type.id), close: H5Tclose, doing: "copy a type")
      guard H5Tset_order(plain.id, H5T_ORDER_LE) >= 0 else { return .other }
      let half = try HDF5ObjectHandle(ferry_h5_new_float16(), close: H5Tclose, doing: "make a type")
      let candidates: [(HDF5Dataset.Element, hid_t)] = [
        (.float32, ferry_h5_float32()), (.float16, half.id), (.float64, ferry_h5_float64()),
      ]
      return candidates.first { H5Tequal(plain.id, $0.1) > 0 }?.0 ?? .other
    case H5T_ENUM:
      // h5py's form of a truth value: an enumeration of one byte.
      return size == 1 ? .bool : .other
    case H5T_OPAQUE:
      return size == 2 ? .opaque16 : .other
    default:
      return .other
    }
  }
}
