internal import ArgumentParser
import Ferry

/// What the shells offer for a value.
extension CompletionKind {
  static var model: CompletionKind {
    .file(extensions: ["tflite", "onnx", "h5", "hdf5", "keras", "safetensors"])
  }

  static var images: CompletionKind { .file(extensions: ["jpg", "jpeg", "png"]) }

  static var arrays: CompletionKind { .file(extensions: ["npy", "npz"]) }

  static var passes: CompletionKind { .list(ConversionOptions.passNames) }

  static var presets: CompletionKind { .list(Preprocessing.presets.map(\.name)) }
}
