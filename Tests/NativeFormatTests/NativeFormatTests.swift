import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

@Suite struct NativeFormatTests {
  static let programs: [@Sendable () throws -> Program] = [SamplePrograms.small, SamplePrograms.rich]

  @Test(arguments: [0, 1])
  func roundTrips(index: Int) throws {
    let program = try Self.programs[index]()
    let bytes = try NativeFile.bytes(of: program)
    #expect(bytes == (try NativeFile.bytes(of: program)))
    let document = try NativeFile.read(bytes)
    #expect(document.provenance == SamplePrograms.provenance)
    let read = document.program
    #expect(read.main == program.main)
    #expect(read.source == program.source)
    #expect(read.metadata == program.metadata)
    #expect(read.signatures == program.signatures)
    #expect(read.findings == program.findings)
    #expect(read.graphs.count == program.graphs.count)
    for (a, b) in zip(read.graphs, program.graphs) { try expectEqual(a, b) }
    // What was read and is written again is the same file.
    #expect(bytes == (try NativeFile.bytes(of: read)))
  }

  /// Checksums are put in the place of zeros behind the tensors; names that look like such places must not mislead that.
  @Test(arguments: ["\"xxh3\":\"0000000000000000\"", "\\\"xxh3\\\":\\\"0000000000000000\\\"", "xxh3", "a\u{1}é\u{7F}"])
  func anyNameIsWritten(name: String) throws {
    var builder = GraphBuilder(name: name)
    let x = builder.input(name: "x", type: TensorType(.float32, [2]))
    let large = builder.constant(
      name: name, try Tensor([Float](repeating: 1.5, count: 30_000), shape: [2, 15_000]).transposed([1, 0]))
    let small = builder.constant(name: "zzz\(name)", try Tensor([1, 2] as [Float], shape: [2]))
    let product = try builder.add(.binary(Binary(.multiply)), name: name, inputs: [x, small])
    let sum = try builder.add(.binary(Binary(.add)), name: "sum", inputs: [product[0], large])
    builder.output(sum[0], name: name)
    let program = try Program(graphs: [try builder.build()], signatures: [], source: name)
    let bytes = try NativeFile.bytes(of: program)
    let read = try NativeFile.read(bytes).program
    try expectEqual(read.mainGraph, program.mainGraph)
    #expect(bytes == (try NativeFile.bytes(of: read)))
    let file = try NativeFile(bytes)
    #expect(file.bytes() == bytes)
  }

  /// The longest extent that is known is written and comes back; what follows from it is unknown, and written as well.
  @Test func theLongestExtentIsWritten() throws {
    let longest = (1..<DimensionExpression.longest).reduce(Dimension.symbolic("H")) { inner, _ in
      inner.dividedRoundingUp(by: 2)
    }
    var builder = GraphBuilder(name: "long")
    let pool = Op.pool2D(Pool2D(.maximum, kernel: Size2D(2), strides: Size2D(2)))
    let x = builder.input(name: "x", type: TensorType(.float32, [1, longest, longest, 1]))
    builder.output(try builder.add(pool, name: "pool", inputs: [x])[0], name: "y")
    let program = try Program(graphs: [try builder.build()], signatures: [], source: "test")
    let read = try NativeFile.read(try NativeFile.bytes(of: program)).program
    try expectEqual(read.mainGraph, program.mainGraph)
    #expect(read.mainGraph.values.map(\.type.shape) == [[1, longest, longest, 1], [1, .unknown, .unknown, 1]])
    #expect(longest != .unknown)
  }

  @Test func sharesWhatWasShared() throws {
    let bytes = try NativeFile.bytes(of: SamplePrograms.rich())
    let file = try NativeFile(bytes)
    let graph = try NativeFile.read(bytes).program.mainGraph
    var ranges: [String: Range<Int>] = [:]
    for value in graph.values {
      if case .bytes(_, let range)? = value.constant?.content { ranges[value.name] = range }
    }
    #expect(ranges["__metadata__"] == ranges["shared again"])
    #expect(ranges["__metadata__"] == ranges["shared, reshaped"])
    #expect(ranges["__metadata__"] != ranges["equal, not shared"])
    // The other graph's constant came first and named the tensor.
    #expect(file.header["f16"] != nil)
    #expect(file.header["f16#2"] != nil)
    #expect(file.header["shared again"] == nil)
    #expect(file.header["splat"] == nil)
  }

  @Test func isValidSafetensors() throws {
    let bytes = try NativeFile.bytes(of: SamplePrograms.rich())
    let file = try NativeFile(bytes)
    #expect((bytes.count - file.data.count) % 8 == 0)
    var entries: [(begin: Int, end: Int, width: Int)] = []
    for (name, entry) in file.header where name != "__metadata__" {
      let fields = try #require(entry.objectValue)
      #expect(Set(fields.keys) == ["dtype", "shape", "data_offsets"])
      let offsets = try #require(fields["data_offsets"]?.arrayValue).compactMap(\.integerValue)
      let shape = try #require(fields["shape"]?.arrayValue).compactMap(\.integerValue)
      let count = shape.reduce(1, *)
      let dtype = try #require(fields["dtype"]?.stringValue)
      let width = dtype == "BOOL" ? 1 : (Int(dtype.filter(\.isNumber)) ?? 0) / 8
      #expect(offsets[1] - offsets[0] == count * width, "\(name)")
      entries.append((offsets[0], offsets[1], width))
    }
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    #expect(entries.first?.begin == 0)
    #expect(entries.last?.end == file.data.count)
    for (a, b) in zip(entries, entries.dropFirst()) {
      #expect(a.end == b.begin)
      #expect(a.width >= b.width || a.begin == a.end)
    }
    for value in file.header["__metadata__"]?.objectValue?.values ?? [:].values { #expect(value.stringValue != nil) }
  }

  @Test func weightsStayInTheFile() throws {
    let file = MappedFile(bytes: try NativeFile.bytes(of: SamplePrograms.small()), name: "m")
    let graph = try NativeFormat.read(file, options: .standard).mainGraph
    for value in graph.values {
      guard let constant = value.constant, case .bytes(let storage, _) = constant.content else { continue }
      #expect(storage === file)
    }
  }

  @Test func isRecognised() throws {
    let bytes = try NativeFile.bytes(of: SamplePrograms.small())
    #expect(NativeFormat.matches(header: Array(bytes.prefix(64))))
    for other in ["", "{\"a\"", "TFL3", "\u{8}\u{7}\u{12}\u{7}pytorch{\"", "01234567{\"a\""] {
      #expect(!NativeFormat.matches(header: Array(other.utf8)))
    }
  }

  @Test func leavesOutputsAlone() throws {
    let folder = TemporaryFolder()
    let path = folder.write([1], to: "out.safetensors")
    let program = try SamplePrograms.small()
    let error = #expect(throws: ModelError.self) {
      try NativeFormat.write(program, provenance: SamplePrograms.provenance, to: path, replacing: false)
    }
    #expect(error?.code == .cannotCreate)
    #expect(TemporaryFolder.bytes(of: path) == [1])
    try NativeFormat.write(program, provenance: SamplePrograms.provenance, to: path, replacing: true)
    #expect(try NativeFormat.read(MappedFile(path: path), options: .standard).mainGraph.name == "main")
    #expect(folder.entries == ["out.safetensors"])
  }
}
