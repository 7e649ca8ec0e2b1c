/// Numbers of trained parameters.
public struct ParameterCount: Hashable, Sendable {
  public var trainable: Int
  public var nonTrainable: Int

  public init(trainable: Int = 0, nonTrainable: Int = 0) {
    self.trainable = trainable
    self.nonTrainable = nonTrainable
  }

  public var total: Int { trainable + nonTrainable }
}
