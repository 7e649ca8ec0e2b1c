import CHDF5
import CSystemSupport
import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reader's way from its arguments to its exit.
enum ReaderProcess {
  static func main() -> Never {
    guard let request = HDF5ReaderRequest(arguments: Array(CommandLine.arguments.dropFirst())) else {
      let text = "ferry-hdf5-reader is a part of ferry, and started by it alone\n"
      _ = text.withCString { write(HDF5ReaderRequest.Descriptor.messages, $0, strlen($0)) }
      exit(64)
    }
    ferry_end_with_parent()
    // Whoever started the reader may have ended before that held.
    guard ferry_is_heard(HDF5ReaderRequest.Descriptor.response) != 0 else { _exit(74) }
    var writer = ResponseWriter(maximumBytes: request.maximumMetadataBytes)
    do throws(ModelError) {
      // Objects come and go by the thousand: what one leaves serves the next without the system.
      ferry_keep_freed_memory()
      // What libhdf5 takes on the smallest file.
      ferry_fill_heap(1 << 20)
      try ResourceLimits.apply(request)
      let memory = try SharedMemoryWriter(
        descriptor: HDF5ReaderRequest.Descriptor.shared, maximumBytes: request.maximumSharedBytes)
      let file = try HDF5ObjectHandle.openFile(descriptor: HDF5ReaderRequest.Descriptor.file)
      var walker = HDF5Walker(file: file, request: request, memory: memory, writer: writer)
      try walker.walk()
      writer = walker.writer
    } catch {
      writer = ResponseWriter(maximumBytes: Int.max)
      writer.fail(error)
    }
    // Without closing the library: on a file that broke its structures that may crash, and everything has been said.
    _exit(writer.finish() ? 0 : 74)
  }
}
