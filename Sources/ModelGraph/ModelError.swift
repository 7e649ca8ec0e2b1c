/// The one error type of Ferry: what is wrong, where, and what to do about it.
///
/// Errors are thrown with the facts known where the fault is found; callers add ``ContextFrame``s while the error passes
/// them, so that the printed message leads from the file to the attribute.
public struct ModelError: Error, Hashable, Sendable {
  /// What kind of fault it is; the command line maps each to one exit code.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The command was called wrongly (exit 64).
    case usage
    /// The content of a file breaks its format's rules (exit 65).
    case malformed
    /// A tensor holds NaN or an infinity where a weight was expected (exit 65).
    case nonFinite
    /// A named file is missing, or is a directory (exit 66).
    case noInput
    /// The content is valid, but Ferry has no meaning for it (exit 69).
    case unsupported
    /// A fault of Ferry's own (exit 70).
    case internalFault
    /// An output cannot be created, or exists already (exit 73).
    case cannotCreate
    /// Reading or writing failed (exit 74).
    case inputOutput
  }

  public var code: Code
  public var message: String
  /// Where the fault lies, outermost first.
  public var context: [ContextFrame]
  /// Offset in bytes from the start of the file, where one is known.
  public var byteOffset: Int?
  /// What the user can do about it.
  public var hint: String?

  public init(
    _ code: Code, _ message: String, context: [ContextFrame] = [], byteOffset: Int? = nil, hint: String? = nil
  ) {
    self.code = code
    self.message = message
    self.context = context
    self.byteOffset = byteOffset
    self.hint = hint
  }

  /// The same error, seen from one level further out.
  public func within(_ frame: ContextFrame) -> ModelError {
    var error = self
    error.context.insert(frame, at: 0)
    return error
  }
}

/// Runs `body`; an error that leaves it carries `frame` as its outermost context.
@inlinable
public func within<Result>(
  _ frame: @autoclosure () -> ContextFrame, _ body: () throws(ModelError) -> Result
) throws(ModelError) -> Result {
  do {
    return try body()
  } catch {
    throw error.within(frame())
  }
}
