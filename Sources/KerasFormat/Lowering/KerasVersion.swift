/// The version of Keras that wrote a file; some functions changed their meaning with it.
struct KerasVersion: Hashable {
  /// As the file says it; empty where it does not.
  var text: String

  /// The first number; 2 where the file says none.
  var major: Int {
    text.split(separator: ".").first.flatMap { Int($0) } ?? 2
  }
}
