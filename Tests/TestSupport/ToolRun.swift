import Glibc

/// What a program did: its exit code or signal, and what it printed.
public struct ToolRun: Sendable {
  /// The exit code; nil when a signal ended the program.
  public let exitCode: Int32?
  public let signal: Int32?
  public let standardOutput: [UInt8]
  public let standardError: [UInt8]

  public var outputText: String { String(decoding: standardOutput, as: UTF8.self) }
  public var errorText: String { String(decoding: standardError, as: UTF8.self) }

  /// Runs the program at `path` (looked up in PATH where it holds no slash) to its end.
  ///
  /// - Parameters:
  ///   - environment: variables added to this process's own; an empty value takes one away.
  ///   - input: what the program reads from its standard input.
  ///   - folder: the folder it starts in; nil: this process's.
  public static func run(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8] = [],
    folder: String? = nil
  ) -> ToolRun {
    // Files instead of pipes: nothing can block, whatever the program prints.
    let scratch = TemporaryFolder()
    let inputPath = scratch.write(input, to: "input")
    let outputPath = scratch.path("output")
    let errorPath = scratch.path("error")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT, 0o600)

    let prefix = folder.map { ["/usr/bin/env", "-C", $0] } ?? []
    let words = prefix + [path] + arguments
    let argumentPointers = words.map { strdup($0) } + [nil]
    let environmentPointers = mergedEnvironment(environment).map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var process = pid_t()
    // Threads of a test may hold signals back, and a child would do so too.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let failure = posix_spawnp(&process, words[0], &actions, &attributes, argumentPointers, environmentPointers)
    guard failure == 0 else {
      let message = "cannot start \(path): \(strerror(failure).map { String(cString: $0) } ?? "")"
      return ToolRun(exitCode: nil, signal: nil, standardOutput: [], standardError: Array(message.utf8))
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return ToolRun(
      exitCode: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
      standardOutput: TemporaryFolder.bytes(of: outputPath) ?? [],
      standardError: TemporaryFolder.bytes(of: errorPath) ?? [])
  }

  /// The path of an executable that was built with the tests: `builtProduct("ferry")`.
  public static func builtProduct(_ name: String) -> String {
    // The test runner stands in the folder of the products, or, on other systems, in a bundle in it.
    let runner = realpath("/proc/self/exe", nil)
    defer { free(runner) }
    let path = runner.map { String(cString: $0) } ?? CommandLine.arguments[0]
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return "\(folder)/\(name)"
  }

  /// Whether PATH leads to a program of this name.
  public static func isInstalled(_ name: String) -> Bool {
    let folders = getenv("PATH").map { String(cString: $0) } ?? ""
    return folders.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private static func mergedEnvironment(_ changes: [String: String]) -> [String] {
    var variables: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      let name = text.prefix { $0 != "=" }
      if changes[String(name)] == nil { variables.append(text) }
      next += 1
    }
    return variables + changes.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" }.sorted()
  }
}
