public import Reporting
import Structure

extension Model {
  /// Whether the network is a MobileNetV2, and precisely where it is not.
  public func check() -> CheckReport { CheckReport(MobileNetV2Check(of: graph), name: name) }

  /// The network block by block, with what its separable convolutions save.
  public func blockSummary() -> BlockSummary { BlockSummary(of: graph, name: name) }
}
