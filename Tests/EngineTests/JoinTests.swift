import Engine
import ModelGraph
import TestSupport
import Testing

/// Maps that are made where they are to lie: in the memory of a concatenation, or in the caller's layout.
@Suite struct JoinTests {
  private struct Network {
    var builder = GraphBuilder(name: "joins")
    var generator = SeededGenerator(seed: 21)

    mutating func input(_ extents: [Int]) -> ValueID {
      builder.input(name: "x", type: TensorType(.float32, Shape(extents)))
    }

    mutating func conv(_ name: String, _ x: ValueID, from inputs: Int, to outputs: Int) throws -> ValueID {
      let filter = builder.constant(name: "\(name) filter", try Tensor.random([outputs, 1, 1, inputs], &generator))
      return try builder.add(.conv2D(Conv2D(outputClamp: .relu6)), name: name, inputs: [x, filter])[0]
    }

    mutating func add(_ op: Op, _ name: String, _ inputs: ValueID...) throws -> ValueID {
      try builder.add(op, name: name, inputs: inputs)[0]
    }
  }

  @Test(arguments: [1, 2], [1, 5]) func partsOfParts(batch: Int, extent: Int) throws {
    for outputs in [["outer"], ["outer", "inner"], ["a", "outer", "b"], ["sum"]] {
      var network = Network()
      let x = network.input([batch, extent, extent, 8])
      let a = try network.conv("a", x, from: 8, to: 16)
      let b = try network.conv("b", x, from: 8, to: 8)
      let inner = try network.add(.concat(Concat(axis: 3)), "inner", a, b)
      let c = try network.conv("c", inner, from: 24, to: 5)
      let outer = try network.add(.concat(Concat(axis: 3)), "outer", inner, a, c)
      // What was joined is read again, alone and as a part of something else.
      let again = try network.add(.concat(Concat(axis: 3, outputClamp: .relu)), "again", b, inner)
      let d = try network.conv("d", outer, from: 45, to: 32)
      let sum = try network.add(.binary(Binary(.add)), "sum", again, d)
      for (name, value) in [("a", a), ("b", b), ("inner", inner), ("outer", outer), ("sum", sum)]
      where outputs.contains(name) || name == "sum" {
        network.builder.output(value, name: name)
      }
      try expectAgreement(try network.builder.build(), seed: 3)
    }
  }

  @Test(arguments: [1, 2], [3, 8, 21]) func resizedMapsThatAreOutputs(batch: Int, channels: Int) throws {
    for permutation in [nil, Layout.firstToLast] {
      for isReadAgain in [false, true] {
        var network = Network()
        let x = network.input([batch, 5, 4, 8])
        let made = try network.conv("conv", x, from: 8, to: channels)
        let resize = Resize2D(.size(height: 13, width: 37), interpolation: .bilinear, coordinates: .alignCorners)
        let large = try network.add(.resize2D(resize), "large", made)
        if isReadAgain {
          let copy = try network.add(.identity(Identity()), "copy", large)
          network.builder.output(copy, name: "copy")
        }
        network.builder.output(large, name: "large", permutation: permutation)
        try expectAgreement(try network.builder.build(), seed: 4)
      }
    }
  }
}
