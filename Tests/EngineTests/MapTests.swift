import ModelGraph
import TestSupport
import Testing

@Suite struct MapTests {
  @Test func pools() throws {
    let one = EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)
    for kind in [Pool2D.Kind.average, .maximum] {
      for padding in [Padding2D.none, .explicit(one), .same(.upper), .same(.lower)] {
        for countsPadding in [false, true] {
          for (kernel, stride) in [(3, 2), (2, 2), (3, 1), (1, 1), (5, 3)] where kernel > 1 || padding == .none {
            let op = Pool2D(
              kind, kernel: Size2D(kernel), strides: Size2D(stride), padding: padding, countsPadding: countsPadding,
              outputClamp: ClampRange(lower: -0.2))
            try expectAgreement(of: .pool2D(op), inputs: [[2, 8, 7, 11]])
          }
        }
      }
      let reaching = Pool2D(
        kind, kernel: Size2D(3), strides: Size2D(2), padding: .explicit(one), countsPadding: true, roundsUp: true)
      try expectAgreement(of: .pool2D(reaching), inputs: [[1, 6, 6, 8]])
      let dilated = Pool2D(kind, kernel: Size2D(2), strides: .one, dilation: Size2D(3))
      try expectAgreement(of: .pool2D(dilated), inputs: [[1, 6, 7, 8]])
      for keepsAxes in [true, false] {
        for channels in [8, 5, 24] {
          try expectAgreement(of: .globalPool(GlobalPool(kind, keepsAxes: keepsAxes)), inputs: [[3, 5, 7, channels]])
        }
      }
    }
  }

  @Test func reductions() throws {
    for axes in [[1, 2], [3], [0], [0, 1, 2, 3], [1, 3], [2]] {
      for keepsAxes in [true, false] {
        for function in [Reduce.Function.mean, .sum] {
          try expectAgreement(
            of: .reduce(Reduce(function, axes: axes, keepsAxes: keepsAxes)), inputs: [[2, 4, 3, 9]])
        }
      }
    }
    try expectAgreement(of: .reduce(Reduce(.maximum, axes: [1, 2], keepsAxes: false)), inputs: [[2, 4, 3, 9]])
  }

  @Test(arguments: Resize2D.Coordinates.allCases) func resizing(coordinates: Resize2D.Coordinates) throws {
    for (input, output) in [((3, 4), (7, 9)), ((8, 6), (3, 4)), ((1, 1), (5, 5)), ((5, 5), (1, 1)), ((4, 4), (8, 8))] {
      let shape = [2, input.0, input.1, 9]
      let target = Resize2D.Target.size(height: output.0, width: output.1)
      try expectAgreement(
        of: .resize2D(Resize2D(target, interpolation: .bilinear, coordinates: coordinates)), inputs: [shape])
      for rounding in Resize2D.NearestRounding.allCases {
        let op = Resize2D(target, interpolation: .nearest, coordinates: coordinates, nearestRounding: rounding)
        try expectAgreement(of: .resize2D(op), inputs: [shape])
      }
    }
    for scale in [Float(2), 0.6, 1.5] {
      let op = Resize2D(
        .scales(height: scale, width: scale), interpolation: .nearest, coordinates: coordinates, nearestRounding: .floor
      )
      try expectAgreement(of: .resize2D(op), inputs: [[1, 5, 10, 3]])
    }
  }

  @Test func padding() throws {
    for (before, after) in [
      ([0, 1, 2, 0], [0, 3, 0, 0]), ([0, 0, 0, 2], [0, 0, 0, 3]), ([1, 0, 0, 0], [0, 1, 1, 0]),
      ([0, -1, 1, 0], [0, 2, -1, 0]), ([0, 0, 0, 0], [0, 0, 0, 0]),
    ] {
      try expectAgreement(
        of: .pad(Pad(before: before, after: after, mode: .constant(-1.5))), inputs: [[2, 4, 3, 9]])
    }
    try expectAgreement(of: .pad(Pad(before: [1], after: [2])), inputs: [[3]])
  }
}
