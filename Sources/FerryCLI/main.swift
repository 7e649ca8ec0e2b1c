import Ferry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// A reader that closes its end early is no reason to die: the write says so.
signal(SIGPIPE, SIG_IGN)
TemporaryFiles.removeOnSignals()
exit(CommandRunner.run(Array(CommandLine.arguments.dropFirst())))
