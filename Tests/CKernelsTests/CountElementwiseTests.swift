import CKernels
import Testing

private let tables: [ferry_q8_table_kernel] = {
  var count = 0
  let table = ferry_q8_table_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let binaries: [ferry_q8_binary_kernel] = {
  var count = 0
  let table = ferry_q8_binary_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let quantizers: [ferry_f32_quantize_kernel] = {
  var count = 0
  let table = ferry_f32_quantize_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let dequantizers: [ferry_dequantize_kernel] = {
  var count = 0
  let table = ferry_dequantize_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct CountElementwiseTests {
  static let counts = [1, 7, 15, 16, 17, 100]

  @Test func tablesGiveTheirEntries() {
    var random = KernelRandom(1)
    for kernel in tables {
      func check<
        Index: FixedWidthInteger & UnsignedInteger & BitwiseCopyable, Entry: FixedWidthInteger & BitwiseCopyable
      >(
        _: Index.Type, _: Entry.Type
      ) {
        let table = (0...Int(Index.max)).map { _ in Entry.random(in: .min ... .max, using: &random) }
        for count in Self.counts {
          let indices = (0..<count).map { _ in Index.random(in: 0 ... .max, using: &random) }
          let input = GuardedMemory(indices, .atEnd), output = GuardedMemory<Entry>(count, .atEnd)
          var arguments = ferry_q8_table_args()
          (arguments.input, arguments.count) = (UnsafeRawPointer(input.start), count)
          table.withUnsafeBytes {
            (arguments.table, arguments.output) = ($0.baseAddress, UnsafeMutableRawPointer(output.start))
            kernel.run(&arguments)
          }
          #expect(output.values == indices.map { table[Int($0)] } && output.guardsIntact)
        }
      }
      switch ferry_table_operation(UInt32(kernel.traits.operation)) {
      case ferry_table_bytes: check(UInt8.self, UInt8.self)
      case ferry_table_halves: check(UInt8.self, UInt16.self)
      case ferry_table_words: check(UInt8.self, UInt32.self)
      case ferry_table_bytes_by_halves: check(UInt16.self, UInt8.self)
      case ferry_table_halves_by_halves: check(UInt16.self, UInt16.self)
      case ferry_table_words_by_halves: check(UInt16.self, UInt32.self)
      case let operation: Issue.record("an operation nobody checks: \(operation)")
      }
    }
  }

  @Test func functionsOfTwoCountsGiveThePlainResult() {
    var random = KernelRandom(2)
    for kernel in binaries {
      for (index, count) in Self.counts.enumerated() {
        let kind = CountKind.allCases[index % 2]
        let modes = [
          (ferry_operand_run, ferry_operand_run), (ferry_operand_scalar, ferry_operand_run),
          (ferry_operand_run, ferry_operand_scalar),
        ]
        for (leftMode, rightMode) in modes {
          let left = random.bytes(leftMode == ferry_operand_run ? count : 1)
          let right = random.bytes(rightMode == ferry_operand_run ? count : 1)
          let words = (0..<512).map { _ in Int32.random(in: -30_000...30_000, using: &random) }
          let reals = random.floats(512, in: -2...2), pairs = random.bytes(65536)
          let scale: Float = 0.01
          let rescaling = PlainRescaling(
            ferry_rescaling_fixed, channels: 1, magnitude: kernel.traits.operation == 1 ? 4e8 : 30_000, kind: kind,
            clamp: index % 3 == 0, &random)
          func quantized(_ x: Float) -> UInt8 {
            let steps = (min(max(x, -1.2), 1.5) / scale).rounded(.toNearestOrEven)
            let limited = min(
              max(Int32(steps) + rescaling.zeroPoint, rescaling.range.lowerBound), rescaling.range.upperBound)
            return UInt8(truncatingIfNeeded: limited)
          }
          let expected = (0..<count).map { i -> UInt8 in
            let l = Int(left[leftMode == ferry_operand_run ? i : 0])
            let r = Int(right[rightMode == ferry_operand_run ? i : 0])
            switch ferry_q8_binary_operation(UInt32(kernel.traits.operation)) {
            case ferry_q8_binary_sum:
              return UInt8(truncatingIfNeeded: rescaling.count(words[l] &+ words[256 + r], channel: 0))
            case ferry_q8_binary_product:
              return UInt8(truncatingIfNeeded: rescaling.count(words[l] &* words[256 + r], channel: 0))
            case ferry_q8_binary_real_sum: return quantized(reals[l] + reals[256 + r])
            case ferry_q8_binary_real_product: return quantized(reals[l] * reals[256 + r])
            default: return pairs[l * 256 + r]
            }
          }
          for placement in GuardedPlacement.allCases {
            let leftInput = GuardedMemory(left, placement), rightInput = GuardedMemory(right, placement)
            let output = GuardedMemory<UInt8>(count, placement)
            rescaling.withArguments(padding: 8) { rescaling in
              var arguments = ferry_q8_binary_args()
              (arguments.left, arguments.right) = (UnsafePointer(leftInput.start), UnsafePointer(rightInput.start))
              (arguments.left_mode, arguments.right_mode) = (leftMode, rightMode)
              (arguments.output, arguments.count) = (output.start, count)
              (arguments.scale, arguments.lower, arguments.upper) = (scale, -1.2, 1.5)
              arguments.rescaling = rescaling
              let isReal =
                kernel.traits.operation == Int32(ferry_q8_binary_real_sum.rawValue)
                || kernel.traits.operation == Int32(ferry_q8_binary_real_product.rawValue)
              let isPairs = kernel.traits.operation == Int32(ferry_q8_binary_pairs.rawValue)
              if isReal { arguments.rescaling.rule = ferry_rescaling_real }
              words.withUnsafeBytes { words in
                reals.withUnsafeBytes { reals in
                  pairs.withUnsafeBytes { pairs in
                    let base = isPairs ? pairs.baseAddress : isReal ? reals.baseAddress : words.baseAddress
                    (arguments.left_table, arguments.right_table) = (base, base.map { $0 + 1024 })
                    kernel.run(&arguments)
                  }
                }
              }
            }
            #expect(
              output.values == expected && output.guardsIntact,
              "\(kernel.name.map { String(cString: $0) } ?? "") \(count)")
          }
        }
      }
    }
  }

  @Test func realNumbersBecomeCountsWithTiesAsTheRuleSays() {
    let values: [Float] = [0, 0.25, 0.75, 1.25, -0.25, -0.75, 1e9, -1e9, .nan, .infinity, -.infinity, 63.3, 0.1, -0.6]
    for kernel in quantizers {
      let isEven = kernel.traits.operation == Int32(ferry_quantize_ties_to_even.rawValue)
      let rule: FloatingPointRoundingRule = isEven ? .toNearestOrEven : .toNearestOrAwayFromZero
      func check<Count: FixedWidthInteger & BitwiseCopyable>(_ type: Count.Type, _ range: ClosedRange<Int32>) {
        let expected = values.map { value -> Count in
          let steps = value.isNaN ? 0 : Double((value / 0.5).rounded(rule))
          return Count(min(max(steps + 3, Double(range.lowerBound)), Double(range.upperBound)))
        }
        let input = GuardedBuffer(values, .atEnd), output = GuardedMemory<Count>(values.count, .atEnd)
        var arguments = ferry_f32_quantize_args()
        (arguments.input, arguments.output) = (UnsafePointer(input.start), UnsafeMutableRawPointer(output.start))
        (arguments.count, arguments.width) = (values.count, MemoryLayout<Count>.stride)
        (arguments.scale, arguments.zero_point) = (0.5, 3)
        (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
        kernel.run(&arguments)
        #expect(output.values == expected && output.guardsIntact && input.guardsIntact)
      }
      check(Int8.self, -128...127)
      check(UInt8.self, 0...255)
      check(Int16.self, -32768...32767)
      check(Int32.self, Int32.min...Int32.max)
    }
  }

  @Test func dynamicCountsTakeTheirScaleFromTheNumbers() {
    var count = 0
    let table = ferry_f32_quantize_dynamic_kernels(&count)
    var random = KernelRandom(4)
    let lists: [[Float]] = [
      random.floats(40, in: -3...1), random.floats(7, in: 1...2), [0, 0], random.floats(9, in: -2 ... -1),
    ]
    for kernel in runnable(table, count, isa: { $0.isa }) {
      for values in lists {
        let low = min(values.min() ?? 0, 0), high = max(values.max() ?? 0, 0)
        let scale = high == low ? 1 : (high - low) / 255
        let zeroPoint = min(max(-low / scale, 0), 255).rounded(.toNearestOrEven)
        let expected = values.map { UInt8(min(max(($0 / scale).rounded(.toNearestOrEven) + zeroPoint, 0), 255)) }
        let input = GuardedBuffer(values, .atEnd), output = GuardedMemory<UInt8>(values.count, .atEnd)
        let scaleOutput = GuardedBuffer(1, .atEnd), zeroOutput = GuardedMemory<UInt8>(1, .atEnd)
        var arguments = ferry_f32_quantize_dynamic_args()
        (arguments.input, arguments.output, arguments.count) = (UnsafePointer(input.start), output.start, values.count)
        (arguments.scale, arguments.zero_point) = (scaleOutput.start, zeroOutput.start)
        kernel.run(&arguments)
        #expect(output.values == expected && scaleOutput.values == [scale] && zeroOutput.values == [UInt8(zeroPoint)])
        #expect(output.guardsIntact && scaleOutput.guardsIntact && zeroOutput.guardsIntact)
      }
    }
  }

  @Test func countsBecomeRealNumbers() {
    for kernel in dequantizers {
      func check<Count: FixedWidthInteger & BitwiseCopyable>(_ counts: [Count]) {
        let input = GuardedMemory(counts, .atEnd), output = GuardedBuffer(counts.count, .atEnd)
        var arguments = ferry_dequantize_args()
        (arguments.input, arguments.output) = (UnsafeRawPointer(input.start), output.start)
        (arguments.count, arguments.scale, arguments.zero_point) = (counts.count, 0.3, -7)
        kernel.run(&arguments)
        #expect(output.values == counts.map { Float(Double(Float(0.3)) * (Double($0) + 7)) } && output.guardsIntact)
      }
      switch ferry_dequantize_operation(UInt32(kernel.traits.operation)) {
      case ferry_dequantize_int8: check([0, 1, -1, .max, .min] as [Int8])
      case ferry_dequantize_uint8: check([0, 1, 128, .max] as [UInt8])
      case ferry_dequantize_int16: check([0, 1, -1, .max, .min] as [Int16])
      case ferry_dequantize_uint16: check([0, 1, 32768, .max] as [UInt16])
      case ferry_dequantize_int32: check([0, 1, -1, .max, .min, 16_777_217] as [Int32])
      case let operation: Issue.record("an operation nobody checks: \(operation)")
      }
    }
  }
}
