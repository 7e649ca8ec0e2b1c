import CKernels
import Testing

private let kernels: [ferry_f32_blocks_kernel] = {
  var count = 0
  let table = ferry_f32_blocks_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct LayoutTests {
  @Test(arguments: [false, true]) func packingAndUnpackingMoveEachElementToItsPlace(channelsFirst: Bool) {
    let pack = kernels.filter { $0.traits.operation == Int32(ferry_blocks_pack.rawValue) }
    let unpack = kernels.filter { $0.traits.operation == Int32(ferry_blocks_unpack.rawValue) }
    #expect(pack.count == unpack.count && !pack.isEmpty)
    for (packing, unpacking) in zip(pack, unpack) {
      for (channels, pixels) in [(8, 8), (3, 19), (16, 7), (21, 33), (1, 1), (24, 16)] {
        for placement in GuardedBuffer.Placement.allCases {
          let values = (0..<(channels * pixels)).map(Float.init)
          let input = GuardedBuffer(values, placement)
          let planes = GuardedBuffer(blockCount(channels) * pixels * 8, placement)
          let back = GuardedBuffer(values.count, placement)
          var arguments = ferry_f32_blocks_args()
          (arguments.input, arguments.output) = (UnsafePointer(input.start), planes.start)
          (arguments.pixels, arguments.channels) = (pixels, channels)
          arguments.pixel_stride = channelsFirst ? 1 : channels
          arguments.channel_stride = channelsFirst ? pixels : 1
          arguments.block_stride = pixels * 8
          packing.run(&arguments)
          let packed = planes.values
          for channel in 0..<(blockCount(channels) * 8) {
            for pixel in 0..<pixels {
              let source = channelsFirst ? channel * pixels + pixel : pixel * channels + channel
              let expected = channel < channels ? values[source] : 0
              #expect(packed[(channel / 8 * pixels + pixel) * 8 + channel % 8] == expected)
            }
          }
          (arguments.input, arguments.output) = (UnsafePointer(planes.start), back.start)
          unpacking.run(&arguments)
          #expect(back.values == values)
          #expect(planes.guardsIntact && back.guardsIntact && input.guardsIntact)
        }
      }
    }
  }

  @Test func channelsAreCopiedAtAnyOffsetAndRepeated() {
    for (from, to, channels, repeats) in [(0, 0, 16, 1), (0, 8, 17, 1), (3, 5, 12, 1), (8, 0, 24, 3), (1, 2, 6, 2)] {
      var random = KernelRandom(from)
      let pixels = 5
      let source = random.floats(blockCount(from + (channels + repeats - 1) / repeats) * pixels * 8)
      let input = GuardedBuffer(source, .atEnd)
      let output = GuardedBuffer(blockCount(to + channels) * pixels * 8, .atEnd)
      ferry_f32_copy_channels(
        input.start, pixels * 8, from, output.start, pixels * 8, to, channels, repeats, pixels)
      for index in 0..<output.count {
        let channel = index / 8 / pixels * 8 + index % 8, pixel = index / 8 % pixels
        if channel >= to && channel < to + channels {
          let taken = from + (channel - to) / repeats
          #expect(output.start[index] == source[(taken / 8 * pixels + pixel) * 8 + taken % 8])
        } else {
          #expect(output.isPoison(index))
        }
      }
      #expect(output.guardsIntact)
    }
  }

  @Test func paddedPlanesHoldTheInputAndTheBorder() {
    var random = KernelRandom(1)
    let source = random.floats(2 * 3 * 4 * 8)
    let input = GuardedBuffer(source, .atEnd), output = GuardedBuffer(2 * 6 * 7 * 8, .atEnd)
    ferry_f32_pad_planes(input.start, 3 * 4 * 8, 3, 4, output.start, 6 * 7 * 8, 6, 7, 1, 2, 2, -7)
    for block in 0..<2 {
      for y in 0..<6 {
        for x in 0..<7 {
          for lane in 0..<8 {
            let inside = (1..<4).contains(y) && (2..<6).contains(x)
            let expected = inside ? source[((block * 3 + y - 1) * 4 + x - 2) * 8 + lane] : -7
            #expect(output.start[((block * 6 + y) * 7 + x) * 8 + lane] == expected)
          }
        }
      }
    }
    #expect(output.guardsIntact)
  }

  @Test func stridedCopiesPermuteReverseAndBroadcast() {
    let values = (0..<24).map(Float.init)
    let input = GuardedBuffer(values, .atEnd), output = GuardedBuffer(24, .atEnd)
    // [2][3][4] read as [4][2][3].
    ferry_copy_strided(input.start, [1, 12, 4], output.start, [6, 3, 1], [4, 2, 3], 3, 4)
    for i in 0..<4 {
      for j in 0..<2 {
        for k in 0..<3 { #expect(output.start[i * 6 + j * 3 + k] == values[j * 12 + k * 4 + i]) }
      }
    }
    ferry_copy_strided(input.start + 23, [-1], output.start, [1], [24], 1, 4)
    #expect(output.values == values.reversed())
    ferry_copy_strided(input.start + 5, [0, 0], output.start, [4, 1], [6, 4], 2, 4)
    #expect(output.values.allSatisfy { $0 == 5 })
    ferry_copy_strided(input.start + 7, [], output.start, [], [], 0, 4)
    #expect(output.start[0] == 7 && output.guardsIntact)
  }

  @Test func stridedCopiesMoveElementsOfAnyWidth() {
    func check<Element: FixedWidthInteger & BitwiseCopyable>(_ type: Element.Type) {
      let values = (0..<24).map { Element($0 * 5) }
      let input = GuardedMemory(values, .atEnd), output = GuardedMemory<Element>(24, .atEnd)
      let width = MemoryLayout<Element>.stride
      ferry_copy_strided(input.start, [1, 12, 4], output.start, [6, 3, 1], [4, 2, 3], 3, width)
      for i in 0..<24 { #expect(output.start[i] == values[i / 3 % 2 * 12 + i % 3 * 4 + i / 6]) }
      ferry_copy_strided(input.start, [4, 1], output.start, [4, 1], [6, 4], 2, width)
      #expect(output.values == values && output.guardsIntact)
    }
    check(Int8.self)
    check(Int16.self)
    check(Int32.self)
    check(Int64.self)
  }

  @Test func sumsRunOverTheReducedAxes() {
    let values = (0..<24).map(Float.init)
    let input = GuardedBuffer(values, .atEnd), output = GuardedBuffer(3, .atEnd)
    // [2][3][4]: the middle axis is kept.
    ferry_f32_reduce_sum(input.start, [4, 12, 1], [3, 2, 4], 1, 3, 8, output.start)
    for j in 0..<3 {
      var sum: Float = 0
      for i in 0..<2 {
        for k in 0..<4 { sum += values[i * 12 + j * 4 + k] }
      }
      #expect(output.start[j] == sum / 8)
    }
    #expect(output.guardsIntact)
  }
}
