import FormatSupport
import ModelGraph

/// How the layers of each class become nodes.
enum LayerCatalog {
  typealias Lowering = @Sendable (inout ModelLowering, LayerCall) throws(ModelError) -> [ValueID]

  /// The lowering of a layer's class; nil for a class that Ferry does not know.
  static func lowering(of layer: LayerConfig) -> Lowering? {
    lowerings[layer.className]
  }

  /// Why a layer is kept as it is.
  static func reasonForUnknown(_ layer: LayerConfig) -> String {
    layer.className == "Lambda"
      ? "a Lambda layer is Python code, which Ferry never executes" : "unknown layer class '\(layer.className)'"
  }

  private static let lowerings: [String: Lowering] =
    convolutions
    .merging(normalizations) { first, _ in first }
    .merging(activations) { first, _ in first }
    .merging(pools) { first, _ in first }
    .merging(shapes) { first, _ in first }
    .merging(merges) { first, _ in first }

  private static let convolutions: [String: Lowering] = [
    "Conv2D": ConvolutionLayers.conv2D,
    "DepthwiseConv2D": ConvolutionLayers.depthwiseConv2D,
    "SeparableConv2D": ConvolutionLayers.separableConv2D,
    "Dense": DenseLayer.lower,
  ]

  private static let normalizations: [String: Lowering] = [
    "BatchNormalization": NormalizationLayers.batchNormalization,
    "SyncBatchNormalization": NormalizationLayers.batchNormalization,
  ]

  private static let activations: [String: Lowering] = [
    "Activation": ActivationLayers.withoutWeights,
    "ReLU": ActivationLayers.withoutWeights,
    "LeakyReLU": ActivationLayers.withoutWeights,
    "ELU": ActivationLayers.withoutWeights,
    "ThresholdedReLU": ActivationLayers.withoutWeights,
    "Softmax": ActivationLayers.softmax,
  ]

  private static let pools: [String: Lowering] = [
    "MaxPooling2D": PoolingLayers.maximum2D,
    "MaxPool2D": PoolingLayers.maximum2D,
    "AveragePooling2D": PoolingLayers.average2D,
    "AvgPool2D": PoolingLayers.average2D,
    "GlobalAveragePooling2D": PoolingLayers.globalAverage2D,
    "GlobalMaxPooling2D": PoolingLayers.globalMaximum2D,
  ]

  private static let shapes: [String: Lowering] = [
    "Flatten": ShapeLayers.flatten,
    "Reshape": ShapeLayers.reshape,
    "Permute": ShapeLayers.permute,
    "ZeroPadding2D": ShapeLayers.zeroPadding2D,
    "Dropout": ShapeLayers.onlyInTraining,
    "SpatialDropout2D": ShapeLayers.onlyInTraining,
    "GaussianNoise": ShapeLayers.onlyInTraining,
    "GaussianDropout": ShapeLayers.onlyInTraining,
    "AlphaDropout": ShapeLayers.onlyInTraining,
    "ActivityRegularization": ShapeLayers.onlyInTraining,
  ]

  private static let merges: [String: Lowering] = [
    "Add": MergeLayers.add,
    "Subtract": MergeLayers.subtract,
    "Multiply": MergeLayers.multiply,
    "Average": MergeLayers.average,
    "Maximum": MergeLayers.maximum,
    "Minimum": MergeLayers.minimum,
    "Concatenate": MergeLayers.concatenate,
  ]
}
