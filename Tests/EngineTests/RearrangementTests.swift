import ModelGraph
import TestSupport
import Testing

@Suite struct RearrangementTests {
  @Test func views() throws {
    try expectAgreement(of: .reshape(Reshape([.fixed(3), .inferred])), inputs: [[2, 3, 5, 9]])
    try expectAgreement(of: .reshape(Reshape([.copied(0), .inferred])), inputs: [[2, 1, 1, 9]])
    try expectAgreement(of: .flatten(Flatten(axis: 1)), inputs: [[2, 3, 4, 5]])
    try expectAgreement(of: .flatten(Flatten(axis: 1)), inputs: [[2, 1, 1, 16]])
    try expectAgreement(of: .squeeze(Squeeze(axes: [1, 2])), inputs: [[2, 1, 1, 5]])
    try expectAgreement(of: .unsqueeze(Unsqueeze(axes: [0, 3])), inputs: [[2, 3]])
    try expectAgreement(of: .identity(Identity()), inputs: [[2, 3, 4, 5]])
  }

  @Test func transposes() throws {
    for permutation in [[0, 3, 1, 2], [0, 2, 3, 1], [3, 2, 1, 0], [0, 1, 2, 3], [2, 0, 3, 1]] {
      try expectAgreement(of: .transpose(Transpose(permutation)), inputs: [[2, 3, 4, 5]])
      try expectAgreement(of: .transpose(Transpose(permutation)), inputs: [[2, 1, 4, 1]])
    }
    try expectAgreement(of: .transpose(Transpose([1, 0])), inputs: [[7, 3]])
  }

  @Test func slices() throws {
    let slices = [
      Slice(axes: [3], starts: [2], ends: [7], steps: [1]),
      Slice(axes: [1, 2], starts: [1, -3], ends: [3, 99], steps: [1, 2]),
      Slice(axes: [0], starts: [-1], ends: [-99], steps: [-1]),
      Slice(axes: [2, 3], starts: [4, 8], ends: [0, 1], steps: [-1, -3]),
    ]
    for slice in slices { try expectAgreement(of: .slice(slice), inputs: [[2, 4, 5, 9]]) }
  }

  @Test func splits() throws {
    try expectAgreement(of: .split(Split(axis: 3, extents: [3, 8, 6])), inputs: [[2, 3, 4, 17]])
    try expectAgreement(of: .split(Split(axis: 1, extents: [1, 2])), inputs: [[2, 3, 4, 17]])
  }

  @Test func concatenations() throws {
    try expectAgreement(of: .concat(Concat(axis: 3)), inputs: [[2, 3, 4, 8], [2, 3, 4, 5], [2, 3, 4, 16]])
    try expectAgreement(of: .concat(Concat(axis: 1)), inputs: [[2, 3, 4, 9], [2, 2, 4, 9]])
    try expectAgreement(of: .concat(Concat(axis: 2, outputClamp: .relu)), inputs: [[2, 3, 4, 9], [2, 3, 1, 9]])
    try expectAgreement(of: .concat(Concat(axis: 3, outputClamp: .relu)), inputs: [[2, 3, 4, 9], [2, 3, 4, 1]])
    try expectAgreement(of: .concat(Concat(axis: 1)), inputs: [[2, 3, 4], [2, 7, 4], [2, 1, 4]])
    try expectAgreement(of: .concat(Concat(axis: 0)), inputs: [[2], [5]])
    var generator = SeededGenerator(seed: 2)
    try expectAgreement(
      of: .concat(Concat(axis: 3)), inputs: [[1, 2, 2, 4]], constants: [try Tensor.random([1, 2, 2, 9], &generator)])
  }

  @Test func repetition() throws {
    try expectAgreement(of: .tile(Tile([1, 2, 3, 2])), inputs: [[2, 3, 4, 5]])
    let shape = try Tensor([Int64(4), 1, 5], shape: [3])
    try expectAgreement(
      of: .expand(Expand()), inputs: [[3, 1]], constants: [try Tensor([Int64(2), 3, 5], shape: [3])])
    try expectAgreement(of: .expand(Expand()), inputs: [[5]], constants: [shape])
  }

  @Test func depthAndSpace() throws {
    try expectAgreement(of: .spaceToDepth(SpaceToDepth(blockSize: 2)), inputs: [[2, 4, 6, 3]])
    for order in DepthToSpace.Order.allCases {
      try expectAgreement(of: .depthToSpace(DepthToSpace(blockSize: 2, order: order)), inputs: [[2, 3, 2, 12]])
    }
  }
}
