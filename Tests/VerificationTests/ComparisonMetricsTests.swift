import ModelGraph
import TestSupport
import Testing
import Verification

struct ComparisonMetricsTests {
  private static func comparison(
    _ values: [Float], _ reference: [Float], tolerances: Tolerances = .standard, shape: [Int]? = nil,
    ranksRows: Bool = false
  ) throws(ModelError) -> TensorComparison {
    try TensorComparison(
      name: "y", try Tensor(values, shape: shape ?? [values.count]),
      reference: try Tensor(reference, shape: shape ?? [reference.count]), tolerances: tolerances, ranksRows: ranksRows)
  }

  @Test func figuresByHand() throws {
    let metrics = try Self.comparison([1, 2, 2], [1, 2, 4]).metrics
    #expect(metrics.maximumAbsolute == 2)
    #expect(metrics.worstIndex == 2)
    #expect(metrics.worstValue == 2)
    #expect(metrics.worstReference == 4)
    #expect(abs(metrics.meanAbsolute - 2.0 / 3) < 1e-15)
    #expect(abs(metrics.rootMeanSquare - 1.154_700_538_379_251_5) < 1e-15)
    // 13 / (3 · √21)
    #expect(abs(metrics.cosineSimilarity - 0.945_610_857_689_300_3) < 1e-12)
    // 10 · log₁₀(21 / 4)
    #expect(abs(metrics.signalToNoise - 7.201_593_034_059_569) < 1e-12)
    #expect(metrics.largestReference == 4)
    #expect(metrics.relativeToLargest == 0.5)
  }

  @Test func equalTensors() throws {
    let metrics = try Self.comparison([0, -1, 5], [0, -1, 5]).metrics
    #expect(metrics.maximumAbsolute == 0)
    #expect(metrics.signalToNoise == .infinity)
    #expect(metrics.worstIndex == nil)
    #expect(try Self.comparison([0, 0], [0, 0]).metrics.cosineSimilarity == 1)
    #expect(try Self.comparison([0, 0], [0, 1]).metrics.cosineSimilarity == 0)
  }

  @Test func numbersThatAreNotFinite() throws {
    let same = try Self.comparison([.nan, .infinity, -.infinity, 1], [.nan, .infinity, -.infinity, 1])
    #expect(same.isWithin)
    #expect(same.metrics.nonFiniteMismatches == 0)
    for (a, b) in [
      (Float.nan, Float(1)), (1, .nan), (.infinity, -.infinity), (.infinity, 1), (1, .infinity), (.nan, .infinity),
    ] {
      let comparison = try Self.comparison([a, 2], [b, 2], tolerances: Tolerances(absolute: 1e30, relative: 1))
      #expect(!comparison.isWithin, "\(a) \(b)")
      #expect(comparison.outsideCount == 1)
      #expect(comparison.metrics.nonFiniteMismatches == 1)
      #expect(comparison.metrics.maximumAbsolute == .infinity)
      #expect(comparison.metrics.cosineSimilarity == 1)
    }
  }

  @Test func tolerancesAreInclusiveAndPerElement() throws {
    let tolerances = Tolerances(absolute: 0.5, relative: 0.25)
    #expect(try Self.comparison([4.5, 11.5], [3, 10], tolerances: tolerances).outsideCount == 1)
    #expect(try Self.comparison([4.25, 13], [3, 10], tolerances: tolerances).isWithin)
    let named = Tolerances(absolute: 0, absoluteByName: ["y": 1])
    #expect(try Self.comparison([1], [2], tolerances: named).isWithin)
    #expect(try !Self.comparison([1], [2], tolerances: Tolerances(absolute: 0, absoluteByName: ["z": 1])).isWithin)
  }

  @Test func unstatedTolerance() throws {
    #expect(try Self.comparison([1_000.09, 0.05], [1_000, 0]).isWithin)
    #expect(try !Self.comparison([1_000.2, 0], [1_000, 0]).isWithin)
    #expect(try Self.comparison([0.9e-7], [0]).isWithin)
    #expect(try !Self.comparison([2e-7], [0]).isWithin)
  }

  @Test func topAgreement() throws {
    let rows = try Self.comparison(
      [1, 5, 2, 0, 0, 0, /* */ 9, 1, 1, 1, 1, 1], [1, 4, 2, 0, 0, 0, /* */ 1, 9, 1, 1, 1, 1], shape: [2, 6],
      ranksRows: true
    ).metrics
    #expect(rows.top1Agreement == 0.5)
    // Equal scores go by index: {1, 2, 0, 3, 4} twice, {0, 1, 2, 3, 4} and {1, 0, 2, 3, 4}.
    #expect(rows.top5Agreement == 1)
    #expect(try Self.comparison([1, 2], [1, 2], ranksRows: true).metrics.top5Agreement == nil)
    #expect(try Self.comparison([1, 2], [1, 2]).metrics.top1Agreement == nil)
  }

  @Test func quantizedTensorsAreComparedAsNumbers() throws {
    let type = TensorType(.uint8, [2], quantization: .perTensor(scale: 0.5, zeroPoint: 10))
    let comparison = try TensorComparison(
      name: "q", try Tensor([UInt8(12), 10], type: type), reference: try Tensor([Float(1), 0], shape: [2]))
    #expect(comparison.metrics.maximumAbsolute == 0)
  }

  @Test func otherElementCounts() throws {
    let error = #expect(throws: ModelError.self) { try Self.comparison([1, 2], [1, 2, 3]) }
    #expect(error?.code == .malformed)
  }

  @Test func worstIndices() throws {
    let comparison = try Self.comparison([0, 0, 0, 0, 0, 7], [0, 0, 0, 0, 0, 0], shape: [2, 3])
    #expect(comparison.worstIndices == [1, 2])
  }

  private static func integers(
    _ value: Int64, _ reference: Int64, _ tolerances: Tolerances = .standard
  ) throws(ModelError) -> TensorComparison {
    try TensorComparison(
      name: "y", try Tensor([value], shape: [1]), reference: try Tensor([reference], shape: [1]),
      tolerances: tolerances)
  }

  @Test func integersAreEqualUnlessAToleranceIsStated() throws {
    #expect(try Self.integers(15_000, 15_000).isWithin)
    #expect(try !Self.integers(15_000, 15_001).isWithin)
    #expect(try Self.integers(15_000, 15_001).tolerance == Tolerance(absolute: 0))
    #expect(try Self.integers(15_000, 15_001, Tolerances(absolute: 1)).isWithin)
    #expect(try Self.integers(15_000, 15_001, Tolerances(relative: 1e-4)).isWithin)
    let type = TensorType(.bool, [2])
    let booleans = try TensorComparison(
      name: "y", try Tensor([UInt8(1), 0], type: type), reference: try Tensor([UInt8(1), 1], type: type))
    #expect(booleans.outsideCount == 1)
  }

  /// 2⁶⁰ and 2⁶⁰ + 1 are one Double.
  @Test func integersAreComparedAsIntegers() throws {
    let comparison = try Self.integers(1 << 60, 1 << 60 + 1, Tolerances(absolute: 0))
    #expect(!comparison.isWithin)
    #expect(comparison.metrics.maximumAbsolute == 1)
    #expect(comparison.worstIntegers == IntegerPair(value: 1 << 60, reference: 1 << 60 + 1))
    #expect(try Self.integers(1 << 60, 1 << 60 + 1, Tolerances(absolute: 1)).isWithin)
    #expect(try Self.integers(.min, .max).metrics.maximumAbsolute == 0x1p64)
  }

  @Test func referencesOfAnotherType() throws {
    #expect(try !Self.comparison([1, 2], [1, 2]).isReferenceOfAnotherType)
    let reshaped = try TensorComparison(
      name: "y", try Tensor([Float(1), 2], shape: [1, 2]), reference: try Tensor([Float(1), 2], shape: [2, 1]))
    #expect(reshaped.isReferenceOfAnotherType && reshaped.isWithin)
    let typed = try TensorComparison(
      name: "y", try Tensor([Float(1), 2], shape: [2]), reference: try Tensor([Int64(1), 2], shape: [2]))
    #expect(typed.isReferenceOfAnotherType)
  }

  @Test func aMaskWidensTheToleranceForAllOthers() throws {
    let masked = try Self.comparison([0.7, 0.1, 0.9, 0, -1e9], [500, -700, 0, 99, -1e9])
    #expect(masked.isWithin)
    #expect(masked.wideTolerance?.smallerCount == 4)
    #expect(masked.wideTolerance?.outsideCount == 4)
    #expect(abs((masked.wideTolerance?.ownTolerance ?? 0) - 0.07) < 1e-12)
    // The others agree by themselves, or the tolerance is somebody's own.
    #expect(try Self.comparison([0.7, 0.1, 0.9, -1e9 + 64], [0.7, 0.1, 0.9, -1e9]).wideTolerance == nil)
    #expect(try Self.comparison([1, 2, -1e9], [3, 4, -1e9], tolerances: Tolerances(absolute: 9)).wideTolerance == nil)
    // Probabilities of a sure classifier.
    #expect(try Self.comparison([0.999_999, 1.1e-8, 2e-9], [0.999_99, 1e-8, 1e-9]).wideTolerance == nil)
  }
}
