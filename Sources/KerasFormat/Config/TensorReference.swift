/// A tensor of a model configuration: output `tensor` of call `node` of a layer.
struct TensorReference: Hashable {
  var layer: String
  var node: Int
  var tensor: Int
}
