import FormatSupport
import ModelGraph
import TestSupport
import Testing

@testable import KerasFormat

/// Whatever a reader process does, the outcome is an error that says so.
@Suite struct HDF5ReaderProcessTests {
  static func read(withReader script: String, timeout: Double = 20) throws -> ModelError? {
    let folder = TemporaryFolder()
    let path = folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "reader")
    _ = ToolRun.run("chmod", ["+x", path])
    var process = HDF5ReaderProcess(readerPath: path)
    process.timeout = timeout
    let file = try MappedFile(path: HDF5FileTests.fixtures + "kinds.h5")
    do {
      _ = try HDF5File(file, process: process)
      return nil
    } catch {
      return error
    }
  }

  @Test func aCrashedReaderIsAnError() throws {
    let error = try Self.read(withReader: "kill -SEGV $$")
    #expect(error?.code == .malformed)
    #expect(error?.message.hasPrefix("the HDF5 reader crashed (signal 11)") == true)
  }

  @Test func aSilentReaderIsEnded() throws {
    let error = try Self.read(withReader: "sleep 30", timeout: 0.3)
    #expect(error?.message.hasPrefix("the HDF5 reader gave no whole answer within") == true)
    let closed = try Self.read(withReader: "exec 1>&-; sleep 30", timeout: 0.3)
    #expect(closed?.message.hasPrefix("the HDF5 reader gave no whole answer within") == true)
  }

  /// The real reader, on the descriptors that the script was given, and then another end than its own.
  static func wholeAnswer(then end: String) -> String {
    "\(ToolRun.builtProduct("ferry-hdf5-reader")) \"$@\" || exit 99; \(end)"
  }

  @Test func aWholeAnswerOfAReaderThatFailsIsNotBelieved() throws {
    #expect(try Self.read(withReader: Self.wholeAnswer(then: "exit 0")) == nil)
    let failed = try Self.read(withReader: Self.wholeAnswer(then: "exit 3"))
    #expect(failed?.code == .malformed)
    #expect(failed?.message.hasSuffix("ended with exit code 3") == true)
    let crashed = try Self.read(withReader: Self.wholeAnswer(then: "kill -SEGV $$"))
    #expect(crashed?.code == .malformed)
    #expect(crashed?.message.hasPrefix("the HDF5 reader crashed (signal 11)") == true)
    let stopped = try Self.read(withReader: Self.wholeAnswer(then: "kill -KILL $$"))
    #expect(stopped?.message.hasPrefix("the HDF5 reader was stopped on this file") == true)
  }

  /// It keeps its pipe, or has closed it and stays.
  @Test(arguments: ["", "exec 1>&-;"])
  func aWholeAnswerOfAReaderThatStaysIsNotBelieved(closing: String) throws {
    let error = try Self.read(withReader: Self.wholeAnswer(then: "\(closing) sleep 30"), timeout: 3)
    #expect(error?.code == .malformed)
    #expect(error?.message == "the HDF5 reader gave no whole answer within 3 s")
  }

  @Test func aReaderThatTalksNonsenseIsAnError() throws {
    #expect(try Self.read(withReader: "echo hello")?.code == .malformed)
    #expect(try Self.read(withReader: "exit 0")?.code == .malformed)
    #expect(try Self.read(withReader: "exit 3")?.message.hasSuffix("ended with exit code 3") == true)
    #expect(try Self.read(withReader: "printf 'FH5R\\001\\000\\000\\000\\005\\010\\000\\000\\000'")?.code == .malformed)
  }

  @Test func aReaderThatDoesNotStopTalkingIsEnded() throws {
    let error = try Self.read(withReader: "exec cat /dev/zero")
    #expect(error?.message.hasPrefix("the HDF5 reader answers with more than") == true)
  }

  @Test func noDescriptorLeaksIntoTheReader() throws {
    let folder = TemporaryFolder()
    let list = folder.path("list")
    _ = try Self.read(withReader: "ls /proc/$$/fd > \(list)")
    let text = String(decoding: TemporaryFolder.bytes(of: list) ?? [], as: UTF8.self)
    // From 10 on, the shell keeps descriptors of its own: its script, for one.
    #expect(text.split(separator: "\n").filter { Int($0) ?? 0 < 10 } == ["0", "1", "2", "3", "4"])
  }
}
