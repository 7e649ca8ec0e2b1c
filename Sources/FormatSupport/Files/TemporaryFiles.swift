import CSystemSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The temporary files of outputs that are being written, where the process ends before they are.
public enum TemporaryFiles {
  /// From now on, signals that ask the process to end remove these files first and then end it as before, and a file that
  /// outgrows the process's limit is an error of writing instead of a signal.
  ///
  /// For a program, called once at its start: signals belong to the program, so nothing here changes them unasked.
  public static func removeOnSignals() {
    ferry_remove_temporary_files_on_signals()
    signal(SIGXFSZ, SIG_IGN)
  }
}
