/// Something in the file that the import leaves out, found by the pre-scan.
struct ScanReport: Hashable, Sendable {
  let text: String
  let byteOffset: Int
}
