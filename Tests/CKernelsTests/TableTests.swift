import CKernels
import Testing

@Suite struct TableTests {
  /// Name, instruction set and whether it is fit for any window or operation, of every kernel of a family.
  private static let families: [String: [(name: String, isa: ferry_isa)]] = {
    var result: [String: [(name: String, isa: ferry_isa)]] = [:]
    var count = 0
    func add<Row>(_ family: String, _ table: UnsafePointer<Row>?, _ row: (Row) -> (UnsafePointer<CChar>?, ferry_isa)) {
      result[family] = UnsafeBufferPointer(start: table, count: count).map {
        let (name, isa) = row($0)
        return (name.map { String(cString: $0) } ?? "", isa)
      }
    }
    add("f32_pointwise", ferry_f32_pointwise_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_convolution", ferry_f32_convolution_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_stem", ferry_f32_stem_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_depthwise", ferry_f32_depthwise_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_binary", ferry_f32_binary_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_unary", ferry_f32_unary_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_pool", ferry_f32_pool_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_global_pool", ferry_f32_global_pool_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_fully_connected", ferry_f32_fully_connected_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_softmax", ferry_f32_softmax_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_resize", ferry_f32_resize_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_blocks", ferry_f32_blocks_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_quantize", ferry_f32_quantize_kernels(&count)) { ($0.name, $0.isa) }
    add("dequantize", ferry_dequantize_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_convolution", ferry_q8_convolution_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_depthwise", ferry_q8_depthwise_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_matmul", ferry_q8_matmul_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_table", ferry_q8_table_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_binary", ferry_q8_binary_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_pool", ferry_q8_pool_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_softmax", ferry_q8_softmax_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_arg", ferry_q8_arg_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_resize", ferry_q8_resize_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_quantize_rows", ferry_f32_quantize_rows_kernels(&count)) { ($0.name, $0.isa) }
    add("q8_reals", ferry_q8_reals_kernels(&count)) { ($0.name, $0.isa) }
    add("q16_convolution", ferry_q16_convolution_kernels(&count)) { ($0.name, $0.isa) }
    add("q16_binary", ferry_q16_binary_kernels(&count)) { ($0.name, $0.isa) }
    add("f32_quantize_dynamic", ferry_f32_quantize_dynamic_kernels(&count)) { ($0.name, $0.isa) }
    add("q16_softmax", ferry_q16_softmax_kernels(&count)) { ($0.name, $0.isa) }
    return result
  }()

  @Test func everyFamilyHasAScalarKernelAndNamesTellTheFamilyAndTheSet() {
    let suffixes: [UInt32: String] = [
      ferry_isa_scalar.rawValue: "__scalar", ferry_isa_avx2.rawValue: "__avx2", ferry_isa_avx512.rawValue: "__avx512",
    ]
    #expect(Self.families.count == 29)
    for (family, kernels) in Self.families {
      #expect(kernels.contains { $0.isa == ferry_isa_scalar }, "\(family)")
      for kernel in kernels {
        #expect(kernel.name.hasPrefix("ferry_\(family)_"))
        #expect(kernel.name.hasSuffix(suffixes[kernel.isa.rawValue] ?? "?"))
      }
      #expect(Set(kernels.map(\.name)).count == kernels.count)
    }
  }

  @Test func packedPanelsHoldBiasFirstAndZeroesPastTheChannels() {
    let weights = (0..<(9 * 2)).map { Float($0 + 1) }, bias = (0..<9).map { Float(100 + $0) }
    let packed = packedPanels(outputs: 9, depth: 2, panel: 8, weights: weights, bias: bias)
    #expect(Array(packed[0..<8]) == Array(bias[0..<8]))
    #expect(packed[8] == 1 && packed[9] == 3 && packed[16] == 2)
    #expect(Array(packed[24..<32]) == [108, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(packed[32..<40]) == [17, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(packed[40..<48]) == [18, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func packingKeepsEveryWeightWhateverTheExtents() {
    for (outputs, depth, panel) in [(1, 1, 8), (5, 3, 8), (12, 4, 16), (19, 21, 16), (40, 33, 32), (70, 18, 64)] {
      let weights = (0..<(outputs * depth)).map { Float($0 + 1) }
      let packed = packedPanels(outputs: outputs, depth: depth, panel: Int32(panel), weights: weights, bias: nil)
      let padded = (outputs + 7) / 8 * 8
      var start = 0
      for first in stride(from: 0, to: padded, by: panel) {
        let width = min(panel, padded - first)
        for o in 0..<width {
          for d in 0..<depth {
            let expected = first + o < outputs ? weights[(first + o) * depth + d] : 0
            #expect(packed[start + (d + 1) * width + o] == expected, "\(outputs) \(depth) \(panel)")
          }
        }
        start += (depth + 1) * width
      }
      #expect(start == packed.count)
    }
  }

  @Test func aBiasOfMinusZeroBecomesZero() {
    let packed = packedPanels(outputs: 1, depth: 1, panel: 8, weights: [1], bias: [-0.0])
    #expect(packed[0].bitPattern == 0)
  }

  @Test func valuesThatAreNotFiniteAreFound() {
    var values = [Float](repeating: -.greatestFiniteMagnitude, count: 37)
    #expect(ferry_f32_all_finite(values, 37))
    for value in [Float.nan, .infinity, -.infinity] {
      values[36] = value
      #expect(!ferry_f32_all_finite(values, 37))
    }
    #expect(ferry_f32_all_finite(values, 36))
  }

  @Test func constantsMayLieUnaligned() {
    var bytes = [UInt8](repeating: 0, count: 4 * 4 + 1)
    let values: [Float] = [1, 2, 3, 4]
    values.withUnsafeBytes { source in bytes.withUnsafeMutableBytes { $0[1...].copyBytes(from: source) } }
    var packed = [Float](repeating: 0, count: 8 * 3)
    bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else { return }
      ferry_f32_pack_panels(base + 1, nil, 2, 2, 16, &packed)
    }
    #expect(packed[8] == 1 && packed[9] == 3 && packed[16] == 2 && packed[17] == 4)
  }
}
