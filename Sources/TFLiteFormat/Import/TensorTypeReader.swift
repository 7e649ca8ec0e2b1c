import FormatSupport
import ModelGraph

/// Turns what the file says of one tensor into a type.
struct TensorTypeReader {
  let importer: GraphImporter
  let row: TensorTable
  let tensor: Int

  func type() throws(ModelError) -> TensorType {
    let elementType = try Self.elementType(row.type)
    let shape = try shape()
    return TensorType(elementType, shape, quantization: try quantization(elementType, shape))
  }

  /// The graph's element type of a number in the schema's `TensorType`.
  static func elementType(_ number: Int) throws(ModelError) -> ElementType {
    switch number {
    case 0: .float32
    case 1: .float16
    case 2: .int32
    case 3: .uint8
    case 4: .int64
    case 5: .string
    case 6: .bool
    case 7: .int16
    case 9: .int8
    case 10: .float64
    case 12: .uint64
    case 15: .uint32
    case 16: .uint16
    case 17: .int4
    case 18: .bfloat16
    default:
      throw ModelError(.unsupported, "elements of type \(OptionEnumeration.elementType.name(of: number))")
    }
  }

  /// The signature's shape where there is one, else the plain one. A value without either may have any rank.
  private func shape() throws(ModelError) -> Shape {
    let isConstant =
      row.buffer != 0 && importer.model.buffers.indices.contains(row.buffer)
      && importer.model.buffers[row.buffer].bytes != nil
    let extents = (isConstant ? nil : row.shapeSignature) ?? row.shape ?? []
    if extents.isEmpty, !isConstant, !row.hasRank { return .unranked }
    guard extents.count <= importer.limits.tensorRank else {
      throw ModelError(.malformed, "\(extents.count) axes pass the limit of \(importer.limits.tensorRank)")
    }
    var dimensions: [Dimension] = []
    for extent in extents {
      guard extent >= -1 else { throw ModelError(.malformed, "an extent of \(extent)") }
      dimensions.append(extent == -1 ? .unknown : .fixed(extent))
    }
    let shape = Shape.ranked(dimensions)
    if dimensions.allSatisfy({ $0.fixedValue != nil }) {
      guard let count = shape.elementCount(), count <= importer.limits.tensorElements else {
        throw ModelError(.malformed, "a tensor of shape \(shape) is too large")
      }
    }
    return shape
  }

  /// The quantization, checked; `nil` where the table is missing, empty, or stands on a tensor of real numbers.
  private func quantization(_ elementType: ElementType, _ shape: Shape) throws(ModelError) -> Quantization? {
    guard let table = row.quantization, !table.isEmpty else { return nil }
    guard case .none = table.details else {
      note(
        .error, "quantization-kind", "is quantized in a way that Ferry does not read; its counts stay without a scale")
      return nil
    }
    guard elementType.isInteger else {
      note(.note, "quantized-reals", "holds real numbers and has quantization parameters; they are not used")
      return nil
    }
    let scales = table.scales
    guard scales.count == table.zeroPoints.count || table.zeroPoints.isEmpty else {
      throw ModelError(.malformed, "\(scales.count) scales and \(table.zeroPoints.count) zero points")
    }
    if let scale = scales.first(where: { !$0.isFinite || $0 < 0 }) {
      throw ModelError(.malformed, "a quantization scale of \(scale)")
    }
    if scales.contains(0) {
      note(scales.count == 1 ? .error : .warning, "zero-scale", "has a quantization scale of zero")
    }
    var zeroPoints: [Int32] = []
    for value in table.zeroPoints.isEmpty ? scales.map({ _ in 0 }) : table.zeroPoints {
      guard elementType.countRange?.contains(value) ?? (value == 0), let zeroPoint = Int32(exactly: value) else {
        throw ModelError(.malformed, "a zero point of \(value) in a tensor of \(elementType.name)")
      }
      zeroPoints.append(zeroPoint)
    }
    guard let scale = scales.first, let zeroPoint = zeroPoints.first else {
      throw ModelError(.malformed, "\(scales.count) scales and \(table.zeroPoints.count) zero points")
    }
    if scales.count == 1 { return .perTensor(scale: scale, zeroPoint: zeroPoint) }
    try checkAxis(table, shape)
    return .perAxis(axis: table.dimension, scales: scales, zeroPoints: zeroPoints)
  }

  /// One scale for each index of the axis. Files whose axis lies outside the rank exist; they can be shown, not used.
  private func checkAxis(_ table: QuantizationTable, _ shape: Shape) throws(ModelError) {
    guard let dimensions = shape.dimensions else { return }
    guard dimensions.indices.contains(table.dimension) else {
      note(
        .error, "quantized-axis",
        "is quantized along axis \(table.dimension), but has \(dimensions.count) axes: it cannot be converted")
      return
    }
    guard dimensions[table.dimension].isCompatible(with: .fixed(table.scales.count)) else {
      throw ModelError(
        .malformed, "\(table.scales.count) scales along axis \(table.dimension) of a tensor of shape \(shape)")
    }
  }

  private func note(_ severity: Finding.Severity, _ code: String, _ text: String) {
    importer.findings.append(Finding(severity, code: code, "'\(importer.name(of: tensor))' \(text)"))
  }
}
