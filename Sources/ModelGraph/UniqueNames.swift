/// Gives out each name once; a repeated or empty one gets the smallest free number behind it.
package struct UniqueNames {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  package init(taken: some Sequence<String> = EmptyCollection<String>()) { self.taken = Set(taken) }

  package mutating func unique(_ wish: String) -> String {
    let base = wish.isEmpty ? "unnamed" : wish
    if !wish.isEmpty, taken.insert(base).inserted { return base }
    var number = next[base] ?? 1
    while !taken.insert("\(base)#\(number)").inserted { number += 1 }
    next[base] = number + 1
    return "\(base)#\(number)"
  }
}
