import ModelGraph

/// What a convolution and a pool have in common: a window that moves over a map.
struct WindowGeometry {
  var kernel: Size2D
  var strides: Size2D
  var dilation: Size2D
  var padding: Padding2D
  var layout: Layout

  /// The window of a node; nil when it has none, or its kernel is not known.
  init?(_ node: Node, in graph: Graph) {
    switch node.op {
    case .conv2D(let op):
      guard let filter = graph.type(node, 1), let kernel = op.kernel(filter: filter) else { return nil }
      self.init(
        kernel: kernel, strides: op.strides, dilation: op.dilation, padding: op.padding, layout: op.layout)
    case .pool2D(let op):
      self.init(
        kernel: op.kernel, strides: op.strides, dilation: op.dilation, padding: op.padding, layout: op.layout)
    default: return nil
    }
  }

  private init(kernel: Size2D, strides: Size2D, dilation: Size2D, padding: Padding2D, layout: Layout) {
    self.kernel = kernel
    self.strides = strides
    self.dilation = dilation
    self.padding = padding
    self.layout = layout
  }

  /// Rows and columns from the first to the last element of a window.
  var reach: Size2D {
    Size2D(height: (kernel.height - 1) * dilation.height + 1, width: (kernel.width - 1) * dilation.width + 1)
  }

  /// The padding in rows and columns over a map of this shape; nil while it hangs on an extent that is open.
  ///
  /// Same padding with stride one always adds reach − 1, and a window of one element none, whatever the extent.
  func insets(over map: Shape) -> EdgeInsets? {
    switch padding {
    case .explicit(let insets): return insets
    case .valid: return .zero
    case .same:
      guard let dimensions = map.dimensions, dimensions.count == 4 else { return nil }
      let reach = reach
      func extent(_ dimension: Dimension, stride: Int, reach: Int) -> Int? {
        dimension.fixedValue ?? (stride == 1 || reach == 1 ? reach : nil)
      }
      guard
        let height = extent(dimensions[layout.heightAxis], stride: strides.height, reach: reach.height),
        let width = extent(dimensions[layout.widthAxis], stride: strides.width, reach: reach.width)
      else { return nil }
      return padding.insets(height: height, width: width, kernel: kernel, strides: strides, dilation: dilation)
    }
  }
}

extension Op {
  /// The same convolution or pool with another padding.
  func with(padding insets: EdgeInsets) -> Op {
    switch self {
    case .conv2D(var op):
      op.padding = .explicit(insets)
      return .conv2D(op)
    case .pool2D(var op):
      op.padding = .explicit(insets)
      return .pool2D(op)
    default: return self
    }
  }
}
