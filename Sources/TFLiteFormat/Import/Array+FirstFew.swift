extension Array {
  /// The first few elements in words, and whether there are more: a file can hold as many as it likes.
  func firstFew(_ text: (Element) -> String) -> String {
    let shown = 5
    return prefix(shown).map(text).joined(separator: ", ") + (count > shown ? ", …" : "")
  }
}
