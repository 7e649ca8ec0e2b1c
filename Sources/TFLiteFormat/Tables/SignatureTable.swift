import ModelGraph

/// Names for the inputs and outputs of a subgraph, under a key by which a caller asks for it.
package struct SignatureTable {
  package var key: String
  package var subgraph: Int
  package var inputs: [Entry]
  package var outputs: [Entry]

  package struct Entry: Equatable {
    package var name: String
    package var tensor: Int
  }

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    func entries(_ id: Int, _ name: String) throws(ModelError) -> [Entry] {
      try table.decode(id, name) { row throws(ModelError) in
        Entry(name: try row.string(0) ?? "", tensor: Int(try row.integer(1, default: 0 as UInt32)))
      }
    }
    inputs = try entries(0, "inputs")
    outputs = try entries(1, "outputs")
    key = try table.string(2) ?? ""
    // Field 3 is retired.
    subgraph = Int(try table.integer(4, default: 0 as UInt32))
    try unknown.note(table, from: 5, in: "SignatureDef")
  }
}
