public import FormatSupport
public import ModelGraph

extension SharedModels {
  /// A stored input or output of a model's own runtime: `reference("mobilenetv2_torchvision_onnx", "cat_input")`.
  public static func reference(_ folder: String, _ name: String) throws(ModelError) -> Tensor {
    try NPYFile.read(path: path("reference/\(folder)/\(name).npy"))
  }

  /// A stored archive of a model's intermediate outputs.
  public static func referenceArchive(_ folder: String, _ name: String) throws(ModelError) -> NPZFile {
    try NPZFile(path: path("reference/\(folder)/\(name).npz"))
  }
}
