import FormatSupport
import HDF5Protocol
import ModelGraph
import TestSupport
import Testing

@testable import KerasFormat

/// How long the reader may take.
@Suite struct HDF5ReaderTimeTests {
  @Test func theTimeGrowsWithTheFile() throws {
    for (byteCount, seconds) in [(0, 10), (8416, 10), (14_663_784, 24), (2_000_000_000, 2010)] {
      let process = try HDF5File.process(byteCount: byteCount, options: .standard)
      #expect(process.request.maximumSeconds == seconds)
      #expect(process.timeout == Double(2 * seconds))
    }
  }

  @Test func aReaderThatGoesRoundInCirclesIsStopped() throws {
    let folder = TemporaryFolder()
    let file = try MappedFile(path: folder.write(try #require(CirclingModel.bytes()), to: "circling.h5"))
    var process = try HDF5File.process(byteCount: file.bytes.count, options: .standard)
    process.request.maximumSeconds = 1
    let error = #expect(throws: ModelError.self) { try HDF5File(file, process: process) }
    #expect(error?.code == .malformed)
    #expect(error?.message == "the HDF5 reader was stopped on this file: it took too much time or memory")
  }
}
