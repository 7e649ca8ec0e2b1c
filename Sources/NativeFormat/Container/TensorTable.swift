import FormatSupport
import ModelGraph

/// The tensors of a program that is written: each content once, under a name of its own.
struct TensorTable {
  struct Entry {
    let name: String
    let type: SafetensorsType
    let shape: [Int]
    let tensor: Tensor
    let byteCount: Int
  }

  private struct Content: Hashable {
    let storage: ObjectIdentifier
    let range: Range<Int>
    let elementType: ElementType
  }

  /// In the order of their first use.
  private(set) var entries: [Entry] = []
  private var names: [Content: String] = [:]
  private var taken: Set<String> = ["__metadata__"]
  /// The number to try next behind a name that was wished for twice; all below it are taken.
  private var nextNumbers: [String: Int] = [:]

  /// The entries in the order of the file: the widest elements first, so that every tensor begins at a multiple of its
  /// element's width from the first one; among equals the order of first use.
  var ordered: [Entry] {
    entries.enumerated().sorted { ($0.element.type.width, -$0.offset) > ($1.element.type.width, -$1.offset) }
      .map(\.element)
  }

  /// The name of the entry that holds the tensor's bytes; made where there is none.
  ///
  /// - Throws: `.unsupported` for strings.
  mutating func name(for tensor: Tensor, storage: any TensorStorage, range: Range<Int>, wish: String)
    throws(ModelError) -> String
  {
    let content = Content(storage: ObjectIdentifier(storage), range: range, elementType: tensor.elementType)
    if let name = names[content] { return name }
    guard let type = SafetensorsType(holding: tensor.elementType) else {
      throw ModelError(.unsupported, "the native format holds no elements of type \(tensor.elementType.name)")
    }
    let name = unique(wish)
    names[content] = name
    // 4-bit elements have no type in safetensors: the packed bytes stand there as they are.
    let shape = tensor.elementType == .int4 ? [range.count] : tensor.extents
    entries.append(Entry(name: name, type: type, shape: shape, tensor: tensor, byteCount: range.count))
    return name
  }

  private mutating func unique(_ wish: String) -> String {
    if taken.insert(wish).inserted { return wish }
    var number = nextNumbers[wish] ?? 2
    while !taken.insert("\(wish)#\(number)").inserted { number += 1 }
    nextNumbers[wish] = number + 1
    return "\(wish)#\(number)"
  }
}
