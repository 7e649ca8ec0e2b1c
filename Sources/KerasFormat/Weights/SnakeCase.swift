/// How Keras 3 makes the name of a group from the name of a class.
enum SnakeCase {
  /// `DepthwiseConv2D` → `depthwise_conv2d`, `TFOpLambda` → `tf_op_lambda`; keras `naming.to_snake_case`.
  ///
  /// Two passes: an underscore in front of each capital that lower-case letters follow, then between a lower-case letter and
  /// a capital.
  static func name(_ className: String) -> String {
    let word = className.unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" }
    let first = Array(word)
    var second: [Unicode.Scalar] = []
    var index = 0
    while index < first.count {
      second.append(first[index])
      if index + 2 < first.count, isUpper(first[index + 1]), isLower(first[index + 2]) {
        // What the match covers is not looked at again.
        second += ["_", first[index + 1]]
        index += 2
        while index < first.count, isLower(first[index]) {
          second.append(first[index])
          index += 1
        }
      } else {
        index += 1
      }
    }
    var result = ""
    for (position, scalar) in second.enumerated() {
      if position > 0, isLower(second[position - 1]), isUpper(scalar) { result += "_" }
      result.unicodeScalars.append(scalar)
    }
    return result.lowercased()
  }

  private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
  private static func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }
}
