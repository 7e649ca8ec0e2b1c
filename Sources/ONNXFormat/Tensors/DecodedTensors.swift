internal import ModelGraph

/// The tensors of one file whose content had to be decoded, by their place in the pre-scan.
///
/// Each call of a function reads the constants of its body again; they are decoded once.
final class DecodedTensors {
  private var tensors: [Int: Tensor] = [:]

  subscript(contentIndex: Int) -> Tensor? {
    get { tensors[contentIndex] }
    set { tensors[contentIndex] = newValue }
  }
}
