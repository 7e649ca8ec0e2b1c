import Foundation

import TFLiteFormat

/// Ferry's reading of a model as the JSON that flatc prints with `--defaults-json`, buffers' data apart.
struct SchemaReading {
  let model: TFLiteModel

  var json: [String: Any] {
    [
      "version": model.version,
      "operator_codes": model.operatorCodes.map { code -> [String: Any] in
        [
          "code": code.code, "version": code.version,
          "custom_code": code.customCode as Any,
        ]
      },
      "subgraphs": model.subgraphs.map(subgraph),
      "description": model.description,
      "buffers": model.buffers.count,
      "metadata": model.metadata.map { ["name": $0.name, "buffer": $0.buffer] as [String: Any] },
      "signature_defs": model.signatures.map { signature -> [String: Any] in
        [
          "signature_key": signature.key, "subgraph_index": signature.subgraph,
          "inputs": signature.inputs.map { ["name": $0.name, "tensor_index": $0.tensor] as [String: Any] },
          "outputs": signature.outputs.map { ["name": $0.name, "tensor_index": $0.tensor] as [String: Any] },
        ]
      },
    ]
  }

  private func subgraph(_ graph: SubgraphTable) -> [String: Any] {
    [
      "name": graph.name, "inputs": graph.inputs, "outputs": graph.outputs, "tensors": graph.tensors.map(tensor),
      "operators": graph.operators.map(row),
    ]
  }

  private func tensor(_ tensor: TensorTable) -> [String: Any] {
    [
      "shape": tensor.shape as Any, "shape_signature": tensor.shapeSignature as Any, "has_rank": tensor.hasRank,
      "type": OptionEnumeration.elementType.name(of: tensor.type), "buffer": tensor.buffer,
      "name": tensor.name as Any, "is_variable": tensor.isVariable, "external_buffer": tensor.externalBuffer,
      "variant_tensors": tensor.variantTensorCount,
      "quantization": tensor.quantization.map(quantization) as Any,
      "sparsity": tensor.sparsity.map { sparsity -> [String: Any] in
        [
          "traversal_order": sparsity.traversalOrder, "block_map": sparsity.blockMap,
          "dim_metadata": sparsity.dimensions.map { dimension -> [String: Any] in
            [
              "format": dimension.format == 0 ? "DENSE" : "SPARSE_CSR", "dense_size": dimension.denseSize,
              "array_segments": dimension.segments, "array_indices": dimension.indices,
            ]
          },
        ]
      } as Any,
    ]
  }

  private func quantization(_ table: QuantizationTable) -> [String: Any] {
    var result: [String: Any] = [
      "min": table.minimum.map { Int($0.bitPattern) }, "max": table.maximum.map { Int($0.bitPattern) },
      "scale": table.scales.map { Int($0.bitPattern) }, "zero_point": table.zeroPoints,
      "quantized_dimension": table.dimension, "details_type": "NONE",
    ]
    switch table.details {
    case .none: break
    case .custom(let count):
      result["details_type"] = "CustomQuantization"
      result["details"] = ["custom": count]
    case .blockwise(let scales, let zeroPoints, let blockSize, let shape):
      result["details_type"] = "BlockwiseQuantization"
      result["details"] =
        ["scales": scales, "zero_points": zeroPoints, "block_size": blockSize, "block_shape": shape] as [String: Any]
    case .multiAxis(let scales, let zeroPoints, let blockSize, let dimensions):
      result["details_type"] = "MultiAxisQuantization"
      result["details"] =
        [
          "scales": scales, "zero_points": zeroPoints, "block_size": blockSize, "quantized_dimensions": dimensions,
        ] as [String: Any]
    case .unknown(let type): result["details_type"] = "unknown \(type)"
    }
    return result
  }

  private func row(_ row: OperatorTable) -> [String: Any] {
    var result: [String: Any] = [
      "opcode_index": row.codeIndex, "inputs": row.inputs, "outputs": row.outputs, "intermediates": row.intermediates,
      "builtin_options_type": row.options.table?.name ?? "NONE", "builtin_options_2_type": "NONE",
      "custom_options_format": "FLEXBUFFERS", "custom_options": (row.customOptions?.count ?? 0),
    ]
    if row.options.table != nil {
      result["builtin_options"] = Dictionary(
        uniqueKeysWithValues: row.options.values.map { ($0.name, Self.plain($0.value)) })
    }
    return result
  }

  private static func plain(_ value: OptionValue) -> Any {
    switch value {
    case .integer(let number): number
    case .float(let number): number
    case .bool(let flag): flag
    case .integers(let numbers): numbers
    case .floats(let numbers): numbers
    case .string(let text): text
    case .enumeration(_, let name): name
    }
  }
}

/// Compares Ferry's reading of a model with flatc's.
struct ReadingComparison {
  private(set) var differences: [String] = []
  private(set) var comparedValues = 0
  /// What Ferry reads in another shape, or not at all.
  static let skipped: Set<String> = [
    "code", "builtin_code", "deprecated_builtin_code", "retired_3", "debug_metadata_index", "metadata_buffer", "data",
    "large_custom_options_offset", "large_custom_options_size",
    "mutating_variable_inputs", "array_segments_type", "array_indices_type",
  ]

  mutating func compare(_ ours: Any?, _ theirs: Any?, _ path: String) {
    guard differences.count < 20 else { return }
    let ours = Self.unwrapped(ours)
    switch (ours, theirs) {
    case (nil, nil): return
    case (let ours as [String: Any], let theirs as [String: Any]):
      if let code = ours["code"] as? Int { compareCode(code, theirs, path) }
      for key in Set(ours.keys).union(theirs.keys).sorted() where !Self.skipped.contains(key) {
        compare(ours[key], theirs[key], "\(path).\(key)")
      }
    case (let ours as [Any], nil): expect(ours.isEmpty, path, ours, "absent")
    case (let ours as [Any], let theirs as [Any]):
      expect(ours.count == theirs.count, path, "\(ours.count) elements", "\(theirs.count) elements")
      for (index, (left, right)) in zip(ours, theirs).enumerated() { compare(left, right, "\(path)[\(index)]") }
    case (let ours as [Any], let theirs as [String: Any]):
      // A union of vectors.
      compare(ours, theirs["values"], path)
    case (let ours as String, let theirs as String): expect(ours == theirs, path, ours, theirs)
    case (let ours as String, nil): expect(ours.isEmpty, path, ours, "absent")
    case (let count as Int, let theirs as [Any]): expect(count == theirs.count, path, count, "\(theirs.count) rows")
    case (let count as Int, nil): expect(count == 0, path, count, "absent")
    case (let ours as Bool, let theirs as NSNumber): expect(ours == theirs.boolValue, path, ours, theirs)
    case (let ours as Int, let theirs as NSNumber): expect(ours == theirs.intValue, path, ours, theirs)
    case (let ours as Float, let theirs as NSNumber):
      // flatc prints twelve places behind the point.
      expect(abs(Double(ours) - theirs.doubleValue) <= 1e-12 + 1e-7 * abs(Double(ours)), path, ours, theirs)
    default: expect(false, path, ours as Any, theirs as Any)
    }
  }

  /// The larger of the two numbers that flatc prints, the newer one by name.
  private mutating func compareCode(_ code: Int, _ theirs: [String: Any], _ path: String) {
    let old = (theirs["deprecated_builtin_code"] as? NSNumber)?.intValue ?? -1
    let name = theirs["builtin_code"] as? String ?? ""
    let new = BuiltinOperator.names.firstIndex(of: name) ?? -1
    expect(code == max(old, new), path, code, "\(old) and \(name)")
  }

  private mutating func expect(_ holds: Bool, _ path: String, _ ours: Any, _ theirs: Any) {
    comparedValues += 1
    if !holds { differences.append("\(path): Ferry reads \(ours), flatc \(theirs)") }
  }

  /// Removes the optionals that a value of type `Any` hides.
  private static func unwrapped(_ value: Any?) -> Any? {
    guard let value else { return nil }
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return value }
    return unwrapped(mirror.children.first?.value)
  }
}
