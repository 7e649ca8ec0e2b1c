#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes of the caches that belong to one core.
struct CacheSizes: Sendable {
  let first: Int
  let second: Int

  /// What the system says, or sizes that most machines have.
  static let machine: CacheSizes = {
    #if canImport(Glibc)
      let first = sysconf(Int32(_SC_LEVEL1_DCACHE_SIZE)), second = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    #else
      let first = 0, second = 0
    #endif
    return CacheSizes(
      first: first >= 1 << 13 ? first : 1 << 15, second: second >= 1 << 17 ? min(second, 1 << 22) : 1 << 19)
  }()
}
