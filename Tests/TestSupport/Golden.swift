/// The small files in `Tests/Goldens`, each made by the script that lies beside it.
public enum Golden {
  /// The path of a golden file: `path("arrays/scalar.npy")`.
  public static func path(_ name: String) -> String { SharedModels.packageRoot + "Tests/Goldens/" + name }
}
