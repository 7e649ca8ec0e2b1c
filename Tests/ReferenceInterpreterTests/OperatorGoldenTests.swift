import FormatSupport
import Glibc
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Every row of the operator-case table against other runtimes: ONNX Runtime, LiteRT's reference kernels, NumPy.
@Suite struct OperatorGoldenTests {
  /// Largest difference in parts of the largest expected value. The runtimes add in float32 and approximate exponentials and
  /// the like; the interpreter rounds once.
  static let tolerances: [String: Double] = ["numpy": 1e-7, "onnxruntime": 1e-6, "litert": 1e-6]

  /// The arrays of Fixtures/operators.npz under `runtime:case:output`.
  static let golden: [String: Tensor] = {
    do {
      let path = SharedModels.packageRoot + "Tests/ReferenceInterpreterTests/Fixtures/operators.npz"
      let archive = try NPZFile(path: path)
      var tensors: [String: Tensor] = [:]
      for name in archive.names { tensors[name] = try archive.tensor(named: name) }
      return tensors
    } catch {
      fatalError("the golden values: \(error)")
    }
  }()

  @Test(arguments: OperatorCases.all)
  func agreesWithOtherRuntimes(_ row: OperatorCase) throws {
    let outputs = try ReferenceInterpreter.evaluate(row.op, row.inputs, outputTypes: row.outputTypes())
    var compared = 0
    for (runtime, tolerance) in Self.tolerances.sorted(by: { $0.key < $1.key }) {
      let keys = Self.golden.keys.filter { $0.hasPrefix("\(runtime):\(row.name):") }.sorted()
      guard !keys.isEmpty else { continue }
      #expect(keys.count == outputs.count)
      for (key, output) in zip(keys, outputs) {
        let expected = try #require(Self.golden[key])
        #expect(output.extents == expected.extents, "\(key)")
        #expect(output.elementType == expected.elementType, "\(key)")
        compared += 1
        guard expected.elementType.isFloatingPoint else {
          #expect(try output.integers() == expected.integers(), "\(key)")
          continue
        }
        let difference = Difference(try output.doubles(), try expected.doubles())
        if MeasuredAgreement.isPrinted { print("agreement \(key) \(difference.relativeToLargest)") }
        #expect(difference.relativeToLargest <= tolerance, "\(key): \(difference)")
      }
    }
    #expect(compared > 0, "no golden value for \(row.name)")
  }

  @Test func everyGoldenValueBelongsToACase() throws {
    let names = Set(OperatorCases.all.map(\.name))
    #expect(names.count == OperatorCases.all.count)
    for key in Self.golden.keys.sorted() {
      let parts = key.split(separator: ":")
      #expect(parts.count == 3 && names.contains(String(parts[1])), "\(key)")
    }
  }

  @Test func everyOperatorHasACase() {
    let covered = Set(OperatorCases.all.compactMap { Self.number($0.op) })
    #expect(covered == Set(0...40))
  }

  /// No default: a new operator does not compile before it stands here, and then asks for a row.
  private static func number(_ op: Op) -> Int? {
    switch op {
    case .conv2D: 0
    case .convTranspose2D: 1
    case .fullyConnected: 2
    case .matMul: 3
    case .batchNorm: 4
    case .layerNorm: 5
    case .clamp: 6
    case .unary: 7
    case .prelu: 8
    case .binary: 9
    case .pool2D: 10
    case .globalPool: 11
    case .reduce: 12
    case .softmax: 13
    case .pad: 14
    case .reshape: 15
    case .flatten: 16
    case .squeeze: 17
    case .unsqueeze: 18
    case .transpose: 19
    case .concat: 20
    case .split: 21
    case .slice: 22
    case .gather: 23
    case .resize2D: 24
    case .spaceToDepth: 25
    case .depthToSpace: 26
    case .cast: 27
    case .quantize: 28
    case .dequantize: 29
    case .shapeOf: 30
    case .constantOfShape: 31
    case .expand: 32
    case .tile: 33
    case .argExtremum: 34
    case .select: 35
    case .identity: 36
    case .reinterpret: 37
    case .dynamicQuantize: 38
    case .integerConv2D: 39
    case .integerMatMul: 40
    case .opaque: nil
    }
  }

  @Test(arguments: OperatorCases.all)
  func aGraphOfTheOperatorAloneRuns(_ row: OperatorCase) throws {
    let graph = try row.graph()
    let direct = try ReferenceInterpreter.evaluate(row.op, row.inputs, outputTypes: row.outputTypes())
    let run = try ReferenceInterpreter(graph).run(row.arguments)
    #expect(run.count == direct.count)
    for (a, b) in zip(run, direct) { #expect(try a.isIdentical(to: b)) }
  }
}

/// Whether the tests print what they measure: `FERRY_PRINT_AGREEMENT=1`.
enum MeasuredAgreement {
  static let isPrinted = getenv("FERRY_PRINT_AGREEMENT") != nil
}

extension Tensor {
  /// Whether both have the same type and the same bytes.
  func isIdentical(to other: Tensor) throws -> Bool {
    guard type == other.type else { return false }
    return try withUnsafeBytes { (bytes) throws(ModelError) in
      try other.withUnsafeBytes { (others) throws(ModelError) in bytes.elementsEqual(others) }
    }
  }
}
