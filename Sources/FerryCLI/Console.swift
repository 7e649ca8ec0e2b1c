import Ferry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a command writes: data to the standard output, everything else to the standard error.
final class Console {
  private let isQuiet: Bool
  let isVerbose: Bool
  private let showsProgress: Bool
  let outputStyle: TerminalStyle
  private let messageStyle: TerminalStyle
  private let format: ReportFormat
  private var isOutputClosed = false
  private var hasProgress = false

  /// Messages of a run whose options are not known.
  static var plain: Console { Console(format: .text, isQuiet: false, isVerbose: false, allowsProgress: false) }

  convenience init(_ options: GlobalOptions) {
    self.init(
      format: options.format, isQuiet: options.quiet, isVerbose: options.verbose,
      allowsProgress: options.progress == .auto)
  }

  private init(format: ReportFormat, isQuiet: Bool, isVerbose: Bool, allowsProgress: Bool) {
    let messagesToTerminal = isatty(STDERR_FILENO) == 1
    self.format = format
    self.isQuiet = isQuiet
    self.isVerbose = isVerbose
    showsProgress = allowsProgress && !isQuiet && messagesToTerminal
    outputStyle = TerminalStyle(isColored: isatty(STDOUT_FILENO) == 1 && Self.allowsColor)
    messageStyle = TerminalStyle(isColored: messagesToTerminal && Self.allowsColor)
  }

  /// https://no-color.org: any value that is not empty turns colour off.
  private static var allowsColor: Bool {
    if let variable = getenv("NO_COLOR"), variable.pointee != 0 { return false }
    if let terminal = getenv("TERM"), String(cString: terminal) == "dumb" { return false }
    return true
  }

  /// Writes a report in the format that was asked for; with `--quiet` only one for programs.
  func report(_ report: some Report) throws(ModelError) {
    guard !isQuiet || format != .text else { return }
    try data(report.rendered(as: format, style: outputStyle))
  }

  /// Writes to the standard output. A reader that has closed its end has read enough: the rest is dropped.
  ///
  /// - Throws: `.inputOutput` where the output cannot be written.
  func data(_ text: String) throws(ModelError) {
    endProgress()
    guard !isOutputClosed else { return }
    let number = Self.write(text, to: STDOUT_FILENO)
    if number == EPIPE {
      isOutputClosed = true
    } else if number != 0 {
      let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
      throw ModelError(.inputOutput, "cannot write the standard output: \(reason)")
    }
  }

  /// A line that is no data; left out with `--quiet`.
  func note(_ text: String) {
    guard !isQuiet else { return }
    message("note: \(text.terminalSafe)")
  }

  /// Something that makes results doubtful; left out with `--quiet`.
  func warning(_ text: String) {
    guard !isQuiet else { return }
    message("\(messageStyle.yellow("warning")): \(text.terminalSafe)")
  }

  /// The findings of a file as messages; notes only where they are asked for.
  func findings(_ findings: [Finding]) {
    guard !isQuiet else { return }
    for finding in findings where finding.severity > .note || isVerbose || finding.code == "misleading-extension" {
      let label = finding.severity == .note ? "note" : messageStyle.yellow(finding.severity.rawValue)
      message("\(label): \(finding.message.terminalSafe)")
    }
  }

  func error(_ error: ModelError) {
    message("\(messageStyle.red("error")): \(error.description)")
  }

  /// A line on the standard error, whatever the options say.
  func message(_ text: String) {
    endProgress()
    _ = Self.write(text + "\n", to: STDERR_FILENO)
  }

  /// Replaces the line of progress.
  func progress(_ text: @autoclosure () -> String) {
    guard showsProgress else { return }
    hasProgress = true
    _ = Self.write("\r\u{1B}[K\(String(text().terminalSafe.prefix(70)))", to: STDERR_FILENO)
  }

  func endProgress() {
    guard hasProgress else { return }
    hasProgress = false
    _ = Self.write("\r\u{1B}[K", to: STDERR_FILENO)
  }

  /// Writes all of it; the `errno` of what failed, or zero.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        #if canImport(Glibc)
          let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          let written = Musl.write(descriptor, rest.baseAddress, rest.count)
        #else
          let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
        #endif
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return 0
    }
  }
}
