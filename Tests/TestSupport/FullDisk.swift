#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A disk that is full, for a test in a process of its own.
public enum FullDisk {
  /// From now on no file grows beyond `byteCount`: the system calls that fail on a full disk fail, with EFBIG.
  public static func simulate(byteCount: Int) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(byteCount))
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
    #else
      setrlimit(RLIMIT_FSIZE, &limit)
    #endif
  }
}
