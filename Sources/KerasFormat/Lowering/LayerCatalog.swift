import FormatSupport
import ModelGraph

/// How the layers of each class become nodes.
enum LayerCatalog {
  typealias Lowering = @Sendable (inout ModelLowering, LayerCall) throws(ModelError) -> [ValueID]

  /// The lowering of a layer's class; nil for a class that Ferry does not know.
  static func lowering(of layer: LayerConfig) -> Lowering? {
    layer.isOperation ? OperationLayers.kerasOperation : lowerings[layer.className]
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
    .merging(training) { first, _ in first }
    .merging(merges) { first, _ in first }

  private static let convolutions: [String: Lowering] = [
    "Conv2D": ConvolutionLayers.conv2D,
    "DepthwiseConv2D": ConvolutionLayers.depthwiseConv2D,
    "SeparableConv2D": ConvolutionLayers.separableConv2D,
    "Convolution2D": ConvolutionLayers.conv2D,
    "SeparableConvolution2D": ConvolutionLayers.separableConv2D,
    "Conv1D": SequenceLayers.conv1D,
    "Convolution1D": SequenceLayers.conv1D,
    "DepthwiseConv1D": SequenceLayers.depthwiseConv1D,
    "SeparableConv1D": SequenceLayers.separableConv1D,
    "Conv2DTranspose": TransposedConvolutionLayers.conv2DTranspose,
    "Convolution2DTranspose": TransposedConvolutionLayers.conv2DTranspose,
    "Conv1DTranspose": TransposedConvolutionLayers.conv1DTranspose,
    "Dense": DenseLayer.lower,
  ]

  private static let normalizations: [String: Lowering] = [
    "BatchNormalization": NormalizationLayers.batchNormalization,
    "SyncBatchNormalization": NormalizationLayers.batchNormalization,
    "LayerNormalization": NormalizationLayers.layerNormalization,
    "Rescaling": ScalingLayers.rescaling,
    "Normalization": ScalingLayers.normalization,
  ]

  private static let activations: [String: Lowering] = [
    "Activation": ActivationLayers.withoutWeights,
    "ReLU": ActivationLayers.withoutWeights,
    "LeakyReLU": ActivationLayers.withoutWeights,
    "ELU": ActivationLayers.withoutWeights,
    "ThresholdedReLU": ActivationLayers.withoutWeights,
    "Softmax": ActivationLayers.softmax,
    "PReLU": ActivationLayers.prelu,
  ]

  private static let pools: [String: Lowering] = [
    "MaxPooling2D": PoolingLayers.maximum2D,
    "MaxPool2D": PoolingLayers.maximum2D,
    "AveragePooling2D": PoolingLayers.average2D,
    "AvgPool2D": PoolingLayers.average2D,
    "GlobalAveragePooling2D": PoolingLayers.globalAverage2D,
    "GlobalMaxPooling2D": PoolingLayers.globalMaximum2D,
    "GlobalAvgPool2D": PoolingLayers.globalAverage2D,
    "GlobalMaxPool2D": PoolingLayers.globalMaximum2D,
    "MaxPooling1D": SequenceLayers.maximum1D,
    "MaxPool1D": SequenceLayers.maximum1D,
    "AveragePooling1D": SequenceLayers.average1D,
    "AvgPool1D": SequenceLayers.average1D,
    "GlobalAveragePooling1D": SequenceLayers.globalAverage1D,
    "GlobalMaxPooling1D": SequenceLayers.globalMaximum1D,
  ]

  private static let shapes: [String: Lowering] = [
    "Flatten": ShapeLayers.flatten,
    "Reshape": ShapeLayers.reshape,
    "Permute": ShapeLayers.permute,
    "RepeatVector": SequenceLayers.repeatVector,
    "ZeroPadding1D": SequenceLayers.zeroPadding1D,
    "ZeroPadding2D": ShapeLayers.zeroPadding2D,
    "Cropping1D": SequenceLayers.cropping1D,
    "Cropping2D": ShapeLayers.cropping2D,
    "UpSampling1D": SequenceLayers.upSampling1D,
    "UpSampling2D": ResizingLayers.upSampling2D,
    "Resizing": ResizingLayers.resizing,
    "TimeDistributed": WrapperLayers.timeDistributed,
    "TFOpLambda": OperationLayers.tensorFlowFunction,
  ]

  /// Layers that do something in training only.
  private static let training: [String: Lowering] = Dictionary(
    uniqueKeysWithValues: [
      "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout",
      "AlphaDropout", "FixedDropout", "DropPath", "StochasticDepth", "ActivityRegularization", "RandomFlip",
      "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "RandomHeight",
      "RandomWidth", "Identity",
    ].map { ($0, ShapeLayers.onlyInTraining) })

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
