/// An image of eight-bit red, green and blue: [H, W, 3], rows from the top.
public struct Image: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// height · width · 3 bytes.
  public let pixels: [UInt8]

  /// Nil when the bytes are not as many as the extents ask for.
  public init?(width: Int, height: Int, pixels: [UInt8]) {
    guard width > 0, height > 0, pixels.count == width * height * 3 else { return nil }
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  init(uncheckedWidth width: Int, height: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The pixels of the rectangle; what lies beyond the image is black.
  public func cropped(left: Int, top: Int, width: Int, height: Int) -> Image {
    var result = [UInt8](repeating: 0, count: width * height * 3)
    for row in 0..<height where (0..<self.height).contains(top + row) {
      let first = max(0, -left)
      let last = min(width, self.width - left)
      guard first < last else { continue }
      let source = ((top + row) * self.width + left + first) * 3
      let target = (row * width + first) * 3
      result.replaceSubrange(target..<target + (last - first) * 3, with: pixels[source..<source + (last - first) * 3])
    }
    return Image(uncheckedWidth: width, height: height, pixels: result)
  }

  /// The image as EXIF says that it is to be seen.
  ///
  /// - Parameter orientation: EXIF tag 0x0112, 1 … 8; 2 mirrors, 3 turns by 180°, 6 by 90° clockwise, 8 counter-clockwise,
  ///   4, 5 and 7 are those mirrored.
  public func oriented(_ orientation: Int) -> Image {
    guard (2...8).contains(orientation) else { return self }
    let isTurned = orientation >= 5
    let newWidth = isTurned ? height : width
    let newHeight = isTurned ? width : height
    var result = [UInt8](repeating: 0, count: pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (column, row) =
          switch orientation {
          case 2: (width - 1 - x, y)
          case 3: (width - 1 - x, height - 1 - y)
          case 4: (x, height - 1 - y)
          case 5: (y, x)
          case 6: (y, height - 1 - x)
          case 7: (width - 1 - y, height - 1 - x)
          default: (width - 1 - y, x)
          }
        let source = (row * width + column) * 3
        let target = (y * newWidth + x) * 3
        for channel in 0..<3 { result[target + channel] = pixels[source + channel] }
      }
    }
    return Image(uncheckedWidth: newWidth, height: newHeight, pixels: result)
  }
}
