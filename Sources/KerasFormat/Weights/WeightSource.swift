import ModelGraph

/// One stored weight: its tensor, and its name in the file.
struct StoredWeight {
  var name: String
  var tensor: Tensor
}

/// Where the weights of layers come from; remembers which ones were asked for.
protocol WeightSource: AnyObject {
  /// The place that holds the weights of the layer at a path: another one where a layer stands in several places, and is
  /// stored in one.
  func home(of layer: LayerPath) -> LayerPath

  /// The weights of a layer, in the order of `variables`: for each the names that versions of Keras give it, in the
  /// order in which the layer makes them.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where one is missing, or the layer has others.
  func weights(of layer: LayerPath, variables: [[String]]) throws(ModelError) -> [StoredWeight]

  /// Everything that is stored for a layer, whatever it is: for layers that Ferry does not know.
  func allWeights(of layer: LayerPath) throws(ModelError) -> [StoredWeight]

  /// The names of the weights that no layer asked for.
  var unusedNames: [String] { get }

  /// What a reader should know of how the weights were found.
  var findings: [Finding] { get }
}

extension WeightSource {
  func home(of layer: LayerPath) -> LayerPath { layer }

  var findings: [Finding] { [] }
}
