internal import FormatSupport
internal import ModelGraph

/// One file, scanned and unpacked: what it says, and a reader for the tensors that stay in it.
struct ONNXDocument<Root> {
  let root: Root
  let tensors: TensorReader
  let reports: [ScanReport]
  let furtherReportCount: Int

  private init(
    _ file: MappedFile, limits: Limits, layoutIndex: Int, unpack: ([UInt8]) throws(ModelError) -> Root
  ) throws(ModelError) {
    var scanner = MessageScanner(file.bytes, limits: limits)
    try scanner.scanFile(layoutIndex: layoutIndex)
    root = try unpack(scanner.skeleton)
    tensors = TensorReader(
      file: file, contents: scanner.contents, limits: limits, externalData: ExternalData(model: file))
    reports = scanner.reports
    furtherReportCount = scanner.furtherReportCount
  }
}

extension ONNXDocument<ModelRecord> {
  /// A model file.
  init(modelIn file: MappedFile, limits: Limits) throws(ModelError) {
    try self.init(file, limits: limits, layoutIndex: MessageLayout.modelIndex, unpack: MessageUnpacker.model)
  }
}

extension ONNXDocument<TensorRecord> {
  /// A file that holds one tensor.
  init(tensorIn file: MappedFile, limits: Limits) throws(ModelError) {
    try self.init(file, limits: limits, layoutIndex: MessageLayout.tensorIndex, unpack: MessageUnpacker.tensor)
  }
}
