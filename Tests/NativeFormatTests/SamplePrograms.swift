import ModelGraph
import NativeFormat
import TestSupport

/// Programs that use what the native format can hold.
enum SamplePrograms {
  static let provenance = Provenance(
    sourceSHA256: String(repeating: "0123456789abcdef", count: 4), sourceFormat: "TFLite 3",
    passes: ["fold-constants", "fold-batch-norm"])

  /// A convolution and a classifier; small, so that flipping bits reaches every part of it.
  static func small() throws -> Program {
    var generator = SeededGenerator(seed: 5)
    var builder = GraphBuilder(name: "main")
    let x = builder.input(
      name: "x", type: TensorType(.float32, [.symbolic("N"), 4, 4, 2]), origin: ValueOrigin(name: "input_1"),
      permutation: [0, 2, 3, 1])
    let filter = builder.constant(
      name: "conv/filter", try Tensor(generator.floats(3 * 9 * 2), shape: [3, 3, 3, 2]),
      origin: ValueOrigin(name: "w", permutation: [0, 2, 3, 1]))
    let bias = builder.constant(
      name: "conv/bias", try Tensor(generator.floats(3), shape: [3]), origin: ValueOrigin(name: "b"), isTrainable: false
    )
    let y = try builder.add(
      .conv2D(Conv2D(padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)), outputClamp: .relu6)),
      name: "conv", inputs: [x, filter, bias],
      outputs: [OutputSpecification(name: "conv", origin: ValueOrigin(name: "relu6_1", permutation: [0, 2, 3, 1]))],
      origin: [
        SourceNode(name: "conv", operatorName: "Conv", index: 0), SourceNode(name: "", operatorName: "Clip", index: 1),
      ])
    let pooled = try builder.add(.globalPool(GlobalPool(.average, keepsAxes: false)), name: "pool", inputs: y)
    builder.output(pooled[0], name: "logits")
    builder.output(y[0], name: "features", permutation: [0, 3, 1, 2])
    return try Program(
      graphs: [try builder.build()],
      signatures: [Signature(name: "serving_default", graph: 0, inputs: ["image": "x"], outputs: ["scores": "logits"])],
      source: "ONNX IR 7, opset 13", metadata: ["producer": "pytorch 1.13.1", "note": "\"quotes\" and \\ and \u{1}"],
      findings: [
        Finding(
          .warning, code: "odd-name", "a name is empty", nodes: [SourceNode(name: "", operatorName: "Clip", index: 1)],
          fix: "none needed")
      ])
  }

  /// Every element type, quantization of every kind, shared and equal weights, splats, several graphs, odd names.
  static func rich() throws -> Program {
    var builder = GraphBuilder(name: "rich")
    let x = builder.input(name: "x", type: TensorType(.float32, [.symbolic("N"), .unknown, 4]))
    var constants: [ValueID] = []
    func add(_ name: String, _ tensor: Tensor) { constants.append(builder.constant(name: name, tensor)) }
    let floats = try Tensor([Float(1), .nan, -.infinity, 4], shape: [4])
    add("__metadata__", floats)
    add("shared again", floats)
    add("shared, reshaped", try floats.reshaped(to: [2, 2]))
    add("equal, not shared", try Tensor([Float(1), 2, 3, 4], shape: [4]))
    add("nichts: é \"x\"", try Tensor([Float](), shape: [0, 3]))
    add("f16", try Tensor([Float16(1), 2], type: TensorType(.float16, [2])))
    add("bf16", try Tensor([UInt16(0x3F80)], type: TensorType(.bfloat16, [1])))
    add("f64", try Tensor([0.1], type: TensorType(.float64, [])))
    add("i16", try Tensor([Int16(-5)], type: TensorType(.int16, [1])))
    add("u16", try Tensor([UInt16(5)], type: TensorType(.uint16, [1])))
    add("i32", try Tensor([Int32(-5)], type: TensorType(.int32, [1])))
    add("u32", try Tensor([UInt32(5)], type: TensorType(.uint32, [1])))
    add("i64", try Tensor([Int64(-5), 7], shape: [2]))
    add("u64", try Tensor([UInt64.max], type: TensorType(.uint64, [1])))
    add("bool", try Tensor([UInt8(1), 0], type: TensorType(.bool, [2])))
    add(
      "i8",
      try Tensor(
        [Int8(1), 2, 3, 4],
        type: TensorType(.int8, [2, 2], quantization: .perAxis(axis: 1, scales: [0.1, 0.2], zeroPoints: [0, 1]))))
    add(
      "u8",
      try Tensor(
        [UInt8(1)], type: TensorType(.uint8, [1], quantization: .perTensor(scale: 0.023528, zeroPoint: 128))))
    add(
      "i4",
      try Tensor(
        type: TensorType(
          .int4, [1, 5], quantization: .blocked(axis: 1, blockSize: 4, scales: [1, 2], zeroPoints: [0, 0])),
        storage: OwnedStorage([UInt8(0x21), 0x43, 0x05]), range: 0..<3))
    add("splat", try Tensor(type: TensorType(.float32, [1000]), splat: .floating(0.1)))
    add("splat of integers", try Tensor(type: TensorType(.int64, [2]), splat: .integer(.min)))
    let all = try builder.add(
      .opaque(
        OpaqueOp(
          domain: "test", operatorName: "ALL", version: nil,
          statedOutputTypes: [
            TensorType(
              .float32,
              [
                .symbolic("N"), .symbolic("N").adding(.symbolic("H").adding(-1).dividedRoundingUp(by: 2)), 3,
              ])
          ],
          reason: "a test")), name: "all", inputs: [x, nil] + constants, origin: [])
    builder.output(all[0], name: "y")
    var other = GraphBuilder(name: "body")
    let z = other.input(name: "x", type: TensorType(.float32, .unranked))
    let sum = try other.add(.binary(Binary(.add)), name: "add", inputs: [z, other.constant(name: "f16", floats)])
    other.output(sum[0], name: "y")
    _ = other.constant(name: "unread", try Tensor([Float(9)], shape: [1]))
    return try Program(
      graphs: [try other.build(), try builder.build()], main: 1, source: "test", metadata: [:])
  }
}
