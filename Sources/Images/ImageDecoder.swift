import CImageCodecs
public import FormatSupport
public import ModelGraph

/// Decodes JPEG and PNG files by libjpeg-turbo and libpng.
public enum ImageDecoder {
  /// The largest image that is decoded: a hundred megapixels, 300 MB.
  public static let mostPixels = 100_000_000

  /// Whether the first bytes are those of a JPEG or PNG file.
  public static func recognizes(_ file: MappedFile) -> Bool { isJPEG(file.bytes) || isPNG(file.bytes) }

  /// The image as it is to be seen: EXIF's orientation is applied, alpha dropped, grey spread to three channels.
  ///
  /// - Throws: `.malformed` for broken files and for more than ``mostPixels``; `.unsupported` for CMYK and for anything that
  ///   is neither JPEG nor PNG.
  public static func decode(_ file: MappedFile) throws(ModelError) -> Image {
    // The bytes live no longer than the file, whose last use this would otherwise be.
    defer { withExtendedLifetime(file) {} }
    let bytes = file.bytes
    if isJPEG(bytes) {
      return try decode(bytes, "JPEG", ferry_decode_jpeg).oriented(ExifOrientation.find(inJPEG: bytes))
    }
    if isPNG(bytes) {
      return try decode(bytes, "PNG", ferry_decode_png).oriented(ExifOrientation.find(inPNG: bytes))
    }
    throw ModelError(.unsupported, "this is neither a JPEG nor a PNG file")
  }

  private static func isJPEG(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

  private static func isPNG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  private typealias Decoder = (
    UnsafePointer<UInt8>?, Int, UInt64, UnsafeMutablePointer<ferry_image>?, UnsafeMutablePointer<CChar>?
  ) -> ferry_image_status

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, _ format: String, _ decoder: Decoder
  ) throws(ModelError) -> Image {
    var decoded = ferry_image()
    var message = [CChar](repeating: 0, count: Int(FERRY_IMAGE_MESSAGE_SIZE))
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let status = message.withUnsafeMutableBufferPointer {
      decoder(start, bytes.count, UInt64(mostPixels), &decoded, $0.baseAddress)
    }
    defer { ferry_image_free(&decoded) }
    let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch status {
    case FERRY_IMAGE_DECODED:
      let count = Int(decoded.width) * Int(decoded.height) * 3
      let pixels = [UInt8](UnsafeBufferPointer(start: decoded.pixels, count: count))
      guard let image = Image(width: Int(decoded.width), height: Int(decoded.height), pixels: pixels) else {
        throw ModelError(.malformed, "the \(format) image is empty")
      }
      return image
    case FERRY_IMAGE_TOO_LARGE:
      throw ModelError(.malformed, "the \(format) image has \(reason), more than the limit of \(mostPixels)")
    case FERRY_IMAGE_UNSUPPORTED: throw ModelError(.unsupported, "the \(format) image has \(reason)")
    case FERRY_IMAGE_NO_MEMORY: throw ModelError(.internalFault, "no memory for the \(format) image")
    default: throw ModelError(.malformed, "the \(format) image is broken: \(reason)")
    }
  }
}
