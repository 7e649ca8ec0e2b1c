public import ModelGraph
import NativeFormat

extension Op {
  /// The names that operators have in summaries, dumps and native files.
  public static var names: Set<String> { Set(blanks.keys) }
}
