#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers in words that people read; machine formats carry the numbers themselves.
public enum NumberText {
  /// 3538984 → `3,538,984`.
  public static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var result = number < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0 && (digits.count - position) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  /// A number with at most `digits` significant digits: `1.24e-05`, `0.5`, `inf`.
  public static func short(_ number: Double, digits: Int = 3) -> String { formatted("%.\(digits)g", number) }

  /// A number with exactly `places` digits behind the point.
  public static func fixed(_ number: Double, places: Int) -> String { formatted("%.\(places)f", number) }

  private static func formatted(_ format: String, _ number: Double) -> String {
    if number.isNaN { return "nan" }
    // %f of the largest Double has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: 512)
    let written = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
    guard written > 0, Int(written) < buffer.count else { return number.description }
    return String(decoding: buffer.prefix(Int(written)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A number of bytes: `13.5 MiB`.
  public static func bytes(_ count: Int) -> String {
    var size = Double(count)
    for unit in ["bytes", "KiB", "MiB"] {
      if size < 1024 { return unit == "bytes" ? "\(count) bytes" : "\(short(size)) \(unit)" }
      size /= 1024
    }
    return "\(short(size)) GiB"
  }
}
