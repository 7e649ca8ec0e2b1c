import FormatSupport

/// One layer of a model configuration, as the file says it.
struct LayerConfig {
  /// The class without a package: `Conv2D`, `TFOpLambda`, `Custom>MyLayer` as `MyLayer`.
  var className: String
  /// The Python module of the class, where the file says it: functions of `keras.ops` share names with layers.
  var module: String
  var name: String
  /// What the class's constructor is given.
  var attributes: [String: JSONValue]
  /// Where the layer is applied; empty in a sequential model, whose layers follow one another.
  var calls: [LayerCallSite]
  /// The layers inside, when the layer is a model itself.
  var model: ModelConfig?
  /// The layer that a wrapper (TimeDistributed) applies; at most one.
  var wrapped: [LayerConfig]
  /// What Keras gives a layer that stands in several places of the configuration; the first of them may lack it.
  var sharedID: Int?
  /// The position in its model.
  var index: Int

  var isInput: Bool { className == "InputLayer" }

  /// Whether it stands for a function of `keras.ops` instead of a layer.
  ///
  /// HDF5 files name no module; there, a function is what has a layer's class name and neither type nor training status.
  var isOperation: Bool {
    if !module.isEmpty { return module.hasPrefix("keras.src.ops") || module.hasPrefix("keras.ops") }
    return attributes["trainable"] == nil && attributes["dtype"] == nil && OperationLayers.isOperation(className)
  }

  var isTrainable: Bool { attributes["trainable"]?.boolValue ?? true }
}

/// A model: layers, and how they are joined.
struct ModelConfig {
  var className: String
  var name: String
  var isSequential: Bool
  var isTrainable: Bool
  var layers: [LayerConfig]
  var inputs: [TensorReference]
  var outputs: [TensorReference]
  /// The input shape, batch first, where the model itself states one (sequential models that were built by a call).
  var buildInputShape: [JSONValue]?
}
