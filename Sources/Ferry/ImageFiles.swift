import FormatSupport
import Images
public import ModelGraph

/// The images that paths stand for.
public enum ImageFiles {
  /// What stands in a folder and is no image.
  public struct Skipped: Hashable, Sendable {
    public var path: String
    /// Why it is none, in a few words.
    public var reason: String
  }

  /// Files as they are; for a folder the JPEG and PNG files in it, sorted by name.
  ///
  /// - Returns: the images, and what else the folders hold.
  /// - Throws: `.noInput` for a folder without images; `.inputOutput` for a folder, or a file in one, that cannot be read: nobody
  ///   knows what it is.
  public static func list(_ paths: [String]) throws(ModelError) -> (images: [String], skipped: [Skipped]) {
    var images: [String] = []
    var skipped: [Skipped] = []
    for path in paths {
      guard FolderListing.isFolder(path) else {
        images.append(path)
        continue
      }
      let before = images.count
      for name in try FolderListing.names(in: path) {
        let entry = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
        if let reason = try reasonToSkip(entry) {
          skipped.append(Skipped(path: entry, reason: reason))
        } else {
          images.append(entry)
        }
      }
      guard images.count > before else {
        throw ModelError(.noInput, "the folder holds no JPEG or PNG file", context: [.file(path)])
      }
    }
    return (images, skipped)
  }

  /// Nil for an image.
  private static func reasonToSkip(_ path: String) throws(ModelError) -> String? {
    do throws(ModelError) {
      return ImageDecoder.recognizes(try MappedFile(path: path)) ? nil : "neither JPEG nor PNG"
    } catch {
      // A folder, a pipe, a link to nothing.
      guard error.code == .noInput else { throw error }
      return error.message
    }
  }
}
