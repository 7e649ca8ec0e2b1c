internal import COnnx
internal import ModelGraph

/// Unpacks a pre-scanned skeleton with protobuf-c and copies what it gives into Swift's own values.
///
/// The only place where the generated structures are touched. The skeleton is the pre-scan's own writing, so its depth,
/// strings and sizes are known to be good.
enum MessageUnpacker {
  /// The model that `skeleton` holds.
  ///
  /// - Throws: `.internalFault` when protobuf-c refuses what the pre-scan wrote; `.malformed` for attributes that
  ///   contradict themselves.
  static func model(_ skeleton: [UInt8]) throws(ModelError) -> ModelRecord {
    guard let message = onnx__model_proto__unpack(nil, skeleton.count, skeleton) else { throw refusal }
    defer { onnx__model_proto__free_unpacked(message, nil) }
    let model = message.pointee
    var record = ModelRecord()
    record.irVersion = model.has_ir_version != 0 ? model.ir_version : nil
    record.producerName = text(model.producer_name)
    record.producerVersion = text(model.producer_version)
    record.domain = text(model.domain)
    record.modelVersion = model.has_model_version != 0 ? model.model_version : nil
    record.operatorSets = list(model.opset_import, model.n_opset_import, operatorSet)
    record.metadata = list(model.metadata_props, model.n_metadata_props, entry)
    if let graph = model.graph { record.graph = try self.graph(graph.pointee) }
    record.functions = try throwingList(model.functions, model.n_functions, function)
    return record
  }

  /// The tensor that `skeleton` holds.
  static func tensor(_ skeleton: [UInt8]) throws(ModelError) -> TensorRecord {
    guard let message = onnx__tensor_proto__unpack(nil, skeleton.count, skeleton) else { throw refusal }
    defer { onnx__tensor_proto__free_unpacked(message, nil) }
    return tensor(message.pointee)
  }

  private static var refusal: ModelError {
    ModelError(.internalFault, "protobuf-c does not read what the pre-scan wrote, or memory is short")
  }

  // MARK: Messages

  private static func graph(_ message: Onnx__GraphProto) throws(ModelError) -> GraphRecord {
    var record = GraphRecord()
    record.name = text(message.name)
    record.nodes = try throwingList(message.node, message.n_node, node)
    record.initializers = list(message.initializer, message.n_initializer, tensor)
    record.sparseInitializers = list(message.sparse_initializer, message.n_sparse_initializer, sparseTensor)
    record.inputs = list(message.input, message.n_input, value)
    record.outputs = list(message.output, message.n_output, value)
    record.valueInfo = list(message.value_info, message.n_value_info, value)
    record.quantizationAnnotations = list(message.quantization_annotation, message.n_quantization_annotation) {
      QuantizationAnnotationRecord(
        tensorName: text($0.tensor_name),
        parameterTensorNames: list($0.quant_parameter_tensor_names, $0.n_quant_parameter_tensor_names, entry))
    }
    return record
  }

  private static func node(_ message: Onnx__NodeProto) throws(ModelError) -> NodeRecord {
    var record = NodeRecord()
    record.name = text(message.name)
    record.domain = text(message.domain)
    record.operatorType = text(message.op_type)
    record.overload = text(message.overload)
    record.inputs = texts(message.input, message.n_input)
    record.outputs = texts(message.output, message.n_output)
    record.attributes = try within(.node(name: record.name, operator: record.operatorType, index: nil)) {
      () throws(ModelError) in try throwingList(message.attribute, message.n_attribute, attribute)
    }
    return record
  }

  private static func function(_ message: Onnx__FunctionProto) throws(ModelError) -> FunctionRecord {
    var record = FunctionRecord()
    record.name = text(message.name)
    record.domain = text(message.domain)
    record.overload = text(message.overload)
    record.inputs = texts(message.input, message.n_input)
    record.outputs = texts(message.output, message.n_output)
    record.attributeNames = texts(message.attribute, message.n_attribute)
    record.attributes = try throwingList(message.attribute_proto, message.n_attribute_proto, attribute)
    record.operatorSets = list(message.opset_import, message.n_opset_import, operatorSet)
    record.nodes = try throwingList(message.node, message.n_node, node)
    record.valueInfo = list(message.value_info, message.n_value_info, value)
    return record
  }

  private static func attribute(_ message: Onnx__AttributeProto) throws(ModelError) -> AttributeRecord {
    let name = text(message.name)
    return try within(.attribute(name)) { () throws(ModelError) in
      AttributeRecord(name: name, content: try content(message))
    }
  }

  /// The value of an attribute under the type that it declares; IR version 1 files declare none, there the one field
  /// that is set tells.
  private static func content(_ message: Onnx__AttributeProto) throws(ModelError) -> AttributeRecord.Content {
    var found: [(type: Int32, content: AttributeRecord.Content)] = []
    if message.has_f != 0 { found.append((1, .float(message.f))) }
    if message.has_i != 0 { found.append((2, .int(message.i))) }
    if message.has_s != 0 { found.append((3, .string(bytes(message.s)))) }
    if let tensor = message.t { found.append((4, .tensor(self.tensor(tensor.pointee)))) }
    if let graph = message.g { found.append((5, .graph([try self.graph(graph.pointee)]))) }
    if message.n_floats > 0 { found.append((6, .floats(scalars(message.floats, message.n_floats)))) }
    if message.n_ints > 0 { found.append((7, .ints(scalars(message.ints, message.n_ints)))) }
    if message.n_strings > 0 { found.append((8, .strings(scalars(message.strings, message.n_strings).map(bytes)))) }
    if message.n_tensors > 0 { found.append((9, .tensors(list(message.tensors, message.n_tensors, tensor)))) }
    if message.n_graphs > 0 {
      found.append((10, .graphs(try throwingList(message.graphs, message.n_graphs, graph))))
    }
    if let sparse = message.sparse_tensor { found.append((11, .sparseTensor(sparseTensor(sparse.pointee)))) }
    if message.n_sparse_tensors > 0 {
      found.append((12, .sparseTensors(list(message.sparse_tensors, message.n_sparse_tensors, sparseTensor))))
    }
    if let type = message.tp { found.append((13, .type(self.type(type.pointee)))) }
    if message.n_type_protos > 0 { found.append((14, .types(count: Int(message.n_type_protos)))) }
    let reference = text(message.ref_attr_name)
    if !reference.isEmpty {
      guard found.isEmpty else { throw ModelError(.malformed, "refers to '\(reference)' and holds a value") }
      return .reference(reference)
    }
    guard found.count <= 1 else { throw ModelError(.malformed, "holds \(found.count) values of different types") }
    let declared = message.has_type != 0 ? message.type : 0
    guard declared != 0 else {
      guard let only = found.first else { throw ModelError(.malformed, "holds no value and declares no type") }
      return only.content
    }
    if let only = found.first {
      guard only.type == declared else {
        throw ModelError(.malformed, "declares type \(declared) and holds a value of type \(only.type)")
      }
      return only.content
    }
    // Writers of the proto3 kind leave out numbers that are zero, and every writer an empty list.
    switch declared {
    case 1: return .float(0)
    case 2: return .int(0)
    case 3: return .string([])
    case 6: return .floats([])
    case 7: return .ints([])
    case 8: return .strings([])
    case 9: return .tensors([])
    case 10: return .graphs([])
    case 12: return .sparseTensors([])
    case 14: return .types(count: 0)
    case 4, 5, 11, 13: throw ModelError(.malformed, "declares type \(declared) and holds no value")
    default: throw ModelError(.unsupported, "declares the unknown type \(declared)")
    }
  }

  private static func tensor(_ message: Onnx__TensorProto) -> TensorRecord {
    var record = TensorRecord()
    record.name = text(message.name)
    record.dimensions = scalars(message.dims, message.n_dims)
    record.dataType = message.has_data_type != 0 ? message.data_type : nil
    record.strings = scalars(message.string_data, message.n_string_data).map(bytes)
    record.dataLocation = message.has_data_location != 0 ? message.data_location : nil
    record.externalData = list(message.external_data, message.n_external_data, entry)
    record.contentIndex = Int(message.scan_index)
    return record
  }

  private static func sparseTensor(_ message: Onnx__SparseTensorProto) -> SparseTensorRecord {
    SparseTensorRecord(
      values: message.values.map { tensor($0.pointee) }, indices: message.indices.map { tensor($0.pointee) },
      dimensions: scalars(message.dims, message.n_dims))
  }

  private static func value(_ message: Onnx__ValueInfoProto) -> ValueRecord {
    ValueRecord(name: text(message.name), type: message.type.flatMap { type($0.pointee) })
  }

  private static func type(_ message: Onnx__TypeProto) -> TypeRecord? {
    guard let tensor = message.tensor_type?.pointee else { return nil }
    return TypeRecord(
      elementType: tensor.has_elem_type != 0 ? tensor.elem_type : nil,
      dimensions: tensor.shape.map { list($0.pointee.dim, $0.pointee.n_dim, dimension) })
  }

  private static func dimension(_ message: Onnx__TensorShapeProto__Dimension) -> TypeRecord.Dimension {
    switch (message.has_dim_value != 0, message.dim_param != nil) {
    case (true, true): .contradictory
    case (true, false): .value(message.dim_value)
    case (false, true): .parameter(text(message.dim_param))
    case (false, false): .absent
    }
  }

  private static func operatorSet(_ message: Onnx__OperatorSetIdProto) -> OperatorSetRecord {
    OperatorSetRecord(domain: text(message.domain), version: message.has_version != 0 ? message.version : nil)
  }

  private static func entry(_ message: Onnx__StringStringEntryProto) -> EntryRecord {
    EntryRecord(key: text(message.key), value: text(message.value))
  }

  // MARK: Pieces

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  private static func texts(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int
  ) -> [String] {
    scalars(pointer, count).map(text)
  }

  private static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }

  private static func scalars<Element>(_ pointer: UnsafeMutablePointer<Element>?, _ count: Int) -> [Element] {
    Array(UnsafeBufferPointer(start: pointer, count: pointer == nil ? 0 : count))
  }

  private static func list<Message, Record>(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int, _ convert: (Message) -> Record
  ) -> [Record] {
    scalars(pointer, count).compactMap { $0.map { convert($0.pointee) } }
  }

  private static func throwingList<Message, Record>(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ convert: (Message) throws(ModelError) -> Record
  ) throws(ModelError) -> [Record] {
    var records: [Record] = []
    records.reserveCapacity(count)
    for element in scalars(pointer, count) {
      if let element { records.append(try convert(element.pointee)) }
    }
    return records
  }
}
