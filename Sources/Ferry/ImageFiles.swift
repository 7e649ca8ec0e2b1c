import FormatSupport
import Images
public import ModelGraph

/// The images that paths stand for.
public enum ImageFiles {
  /// Files as they are; for a folder the JPEG and PNG files in it, sorted by name.
  ///
  /// - Returns: the images, and the files of folders that are none.
  /// - Throws: `.noInput` for a path where nothing stands, or a folder without images.
  public static func list(_ paths: [String]) throws(ModelError) -> (images: [String], skipped: [String]) {
    var images: [String] = []
    var skipped: [String] = []
    for path in paths {
      guard FolderListing.isFolder(path) else {
        images.append(path)
        continue
      }
      let before = images.count
      for name in try FolderListing.names(in: path) {
        let entry = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
        if FolderListing.isFolder(entry) || !isImage(entry) { skipped.append(entry) } else { images.append(entry) }
      }
      guard images.count > before else {
        throw ModelError(.noInput, "the folder holds no JPEG or PNG file", context: [.file(path)])
      }
    }
    return (images, skipped)
  }

  private static func isImage(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return ImageDecoder.recognizes(file)
  }
}
