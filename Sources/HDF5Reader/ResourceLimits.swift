import HDF5Protocol
import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system holds the reader to, whatever a hostile file makes of libhdf5.
enum ResourceLimits {
  static func apply(_ request: HDF5ReaderRequest) throws(ModelError) {
    try limit(.core, to: 0)
    try limit(.processorTime, to: request.maximumSeconds)
    // The file and the shared memory are mapped whole.
    var status = stat()
    let fileSize = fstat(HDF5ReaderRequest.Descriptor.file, &status) == 0 ? Int(status.st_size) : 0
    var space = request.maximumAddressSpace
    for mapped in [request.maximumSharedBytes, fileSize] {
      let (sum, overflow) = space.addingReportingOverflow(mapped)
      space = overflow ? Int.max : sum
    }
    try limit(.addressSpace, to: space)
    try limit(.fileSize, to: request.maximumSharedBytes)
    // The process can open no further file: no external link, no plug-in, nothing.
    try limit(.descriptors, to: 0)
    // Writing past the limit is then an error rather than a signal.
    signal(SIGXFSZ, SIG_IGN)
    // Locks fail on some network file systems, and a reader of one file needs none.
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1)
  }

  private enum Resource {
    case core, processorTime, addressSpace, fileSize, descriptors
  }

  private static func limit(_ resource: Resource, to amount: Int) throws(ModelError) {
    let number =
      switch resource {
      case .core: RLIMIT_CORE
      case .processorTime: RLIMIT_CPU
      case .addressSpace: RLIMIT_AS
      case .fileSize: RLIMIT_FSIZE
      case .descriptors: RLIMIT_NOFILE
      }
    #if canImport(Glibc)
      let name = __rlimit_resource_t(number.rawValue)
    #else
      let name = number
    #endif
    var limit = rlimit()
    guard getrlimit(name, &limit) == 0 else { return }
    limit.rlim_max = min(limit.rlim_max, rlim_t(max(amount, 0)))
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(name, &limit) == 0 else {
      throw ModelError(.internalFault, "the HDF5 reader cannot limit itself (error \(errno))")
    }
  }
}
