/// The order of a convolution filter's axes, as the file stores them.
public enum FilterLayout: String, Hashable, Sendable, CaseIterable {
  /// [O, kh, kw, I/groups]: the canonical one, and TFLite's for dense convolutions.
  case outputHeightWidthInput
  /// [O, I/groups, kh, kw]: ONNX.
  case outputInputHeightWidth
  /// [kh, kw, I/groups, O]: Keras.
  case heightWidthInputOutput
  /// [kh, kw, I, M]: Keras's depthwise filters, output channel i·M + m.
  case heightWidthInputMultiplier
  /// [1, kh, kw, O]: TFLite's depthwise filters, output channel i·M + m.
  case oneHeightWidthOutput
  /// [kh, kw, O, I]: Keras's transposed convolutions.
  case heightWidthOutputInput
  /// [I, O/groups, kh, kw]: ONNX's transposed convolutions.
  case inputOutputHeightWidth

  /// The axes of kernel height and width.
  public var kernelAxes: (height: Int, width: Int) {
    switch self {
    case .outputHeightWidthInput, .oneHeightWidthOutput: (1, 2)
    case .outputInputHeightWidth, .inputOutputHeightWidth: (2, 3)
    case .heightWidthInputOutput, .heightWidthInputMultiplier, .heightWidthOutputInput: (0, 1)
    }
  }

  /// Output channels that a filter of these dimensions makes in a convolution with `groups` groups.
  public func outputChannels(_ dimensions: [Dimension], groups: Int) -> Dimension {
    switch self {
    case .outputHeightWidthInput, .outputInputHeightWidth: dimensions[0]
    case .heightWidthInputOutput, .oneHeightWidthOutput: dimensions[3]
    case .heightWidthInputMultiplier: dimensions[2].multiplied(by: dimensions[3])
    case .heightWidthOutputInput: dimensions[2]
    case .inputOutputHeightWidth: dimensions[1].multiplied(by: groups)
    }
  }

  /// Input channels that a filter of these dimensions reads, all groups together.
  public func inputChannels(_ dimensions: [Dimension], groups: Int) -> Dimension {
    switch self {
    case .outputHeightWidthInput: dimensions[3].multiplied(by: groups)
    case .outputInputHeightWidth: dimensions[1].multiplied(by: groups)
    case .heightWidthInputOutput: dimensions[2].multiplied(by: groups)
    case .heightWidthInputMultiplier: dimensions[2]
    case .oneHeightWidthOutput: .fixed(groups)
    case .heightWidthOutputInput: dimensions[3].multiplied(by: groups)
    case .inputOutputHeightWidth: dimensions[0]
    }
  }

  /// The axis of the output channels; nil where two axes hold them.
  public var outputAxis: Int? {
    switch self {
    case .outputHeightWidthInput, .outputInputHeightWidth: 0
    case .heightWidthInputOutput, .oneHeightWidthOutput: 3
    case .heightWidthOutputInput: 2
    case .heightWidthInputMultiplier, .inputOutputHeightWidth: nil
    }
  }

  /// The filter as [O, kh, kw, I/groups]; for transposed convolutions with one group likewise.
  ///
  /// - Throws: `.malformed` when the tensor does not have four axes; `.unsupported` for a grouped transposed filter.
  public func canonical(_ filter: Tensor, groups: Int) throws(ModelError) -> Tensor {
    guard filter.extents.count == 4 else {
      throw ModelError(.malformed, "a filter has \(filter.extents.count) axes, expected 4")
    }
    switch self {
    case .outputHeightWidthInput: return filter
    case .outputInputHeightWidth: return try filter.transposed([0, 2, 3, 1])
    case .heightWidthInputOutput: return try filter.transposed([3, 0, 1, 2])
    case .oneHeightWidthOutput: return try filter.transposed([3, 1, 2, 0])
    case .heightWidthInputMultiplier:
      let perInput = try filter.transposed([2, 3, 0, 1])
      let extents = perInput.extents
      return try perInput.reshaped(to: [extents[0] * extents[1], extents[2], extents[3], 1])
    case .heightWidthOutputInput: return try filter.transposed([2, 0, 1, 3])
    case .inputOutputHeightWidth:
      guard groups == 1 else {
        throw ModelError(.unsupported, "a transposed convolution with \(groups) groups")
      }
      return try filter.transposed([1, 2, 3, 0])
    }
  }
}
