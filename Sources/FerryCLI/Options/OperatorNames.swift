import Ferry

/// The names that operators have in summaries.
enum OperatorNames {
  private static let types: [any Operator.Type] = [
    Conv2D.self, ConvTranspose2D.self, FullyConnected.self, MatMul.self, BatchNorm.self, LayerNorm.self, Clamp.self,
    Unary.self, PReLU.self, Binary.self, Pool2D.self, GlobalPool.self, Reduce.self, Softmax.self, Pad.self,
    Reshape.self, Flatten.self, Squeeze.self, Unsqueeze.self, Transpose.self, Concat.self, Split.self, Slice.self,
    Gather.self, Resize2D.self, SpaceToDepth.self, DepthToSpace.self, Cast.self, Quantize.self, Dequantize.self,
    Reinterpret.self, DynamicQuantize.self, IntegerConv2D.self, IntegerMatMul.self, ShapeOf.self,
    ConstantOfShape.self, Expand.self, Tile.self, ArgExtremum.self, Select.self, Identity.self, OpaqueOp.self,
  ]

  /// In lower case, as people's spelling is compared.
  static let lowercased = Set(types.map { $0.name.lowercased() })
}
