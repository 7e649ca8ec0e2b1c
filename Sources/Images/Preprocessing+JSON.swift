public import FormatSupport
public import ModelGraph

extension Preprocessing {
  /// As a native file carries it and a `--preprocess` file states it:
  /// `{"deviations": […], "divisor": 255, "geometry": "center-crop", "crop": 224, "resize": 256, "means": […]}`; one mean or
  /// deviation stands for all three channels.
  public var json: JSONValue {
    var members: [String: JSONValue] = [
      "divisor": .real(divisor), "means": .array(means.map { .real($0) }),
      "deviations": .array(deviations.map { .real($0) }),
    ]
    switch geometry {
    case .stretched: members["geometry"] = .string("stretch")
    case .centerCropped(let resize, let crop):
      members["geometry"] = .string("center-crop")
      members["resize"] = .integer(Int64(resize))
      members["crop"] = .integer(Int64(crop))
    }
    return .object(members)
  }

  /// - Throws: `.malformed` for an unknown or missing member, or a number that makes no sense.
  public init(json: JSONValue) throws(ModelError) {
    guard case .object(var members) = json else { throw ModelError(.malformed, "preprocessing is no JSON object") }
    func take(_ name: String) -> JSONValue? { members.removeValue(forKey: name) }
    func number(_ value: JSONValue?) -> Float? {
      switch value {
      case .integer(let integer)?: Float(integer)
      case .double(let double)?: Float(double)
      default: nil
      }
    }
    func numbers(_ name: String) throws(ModelError) -> [Float] {
      guard case .array(let elements)? = take(name), [1, 3].contains(elements.count) else {
        throw ModelError(.malformed, "'\(name)' takes three numbers, or one for all channels")
      }
      var result: [Float] = []
      for element in elements {
        guard let value = number(element), value.isFinite else {
          throw ModelError(.malformed, "'\(name)' takes numbers")
        }
        result.append(value)
      }
      return result.count == 3 ? result : [Float](repeating: result[0], count: 3)
    }
    guard let divisor = number(take("divisor")), divisor > 0, divisor.isFinite else {
      throw ModelError(.malformed, "'divisor' takes a positive number")
    }
    let means = try numbers("means")
    let deviations = try numbers("deviations")
    guard deviations.allSatisfy({ $0 > 0 }) else { throw ModelError(.malformed, "a deviation is not positive") }
    let geometry: Geometry
    switch take("geometry") {
    case .string("stretch"): geometry = .stretched
    case .string("center-crop"):
      guard case .integer(let resize)? = take("resize"), case .integer(let crop)? = take("crop"),
        (1...16_384).contains(resize), (1...resize).contains(crop)
      else { throw ModelError(.malformed, "'center-crop' takes 'resize' and a 'crop' no larger than it") }
      geometry = .centerCropped(resize: Int(resize), crop: Int(crop))
    default: throw ModelError(.malformed, "'geometry' takes \"stretch\" or \"center-crop\"")
    }
    guard members.isEmpty else {
      throw ModelError(.malformed, "unknown members \(members.keys.sorted().joined(separator: ", "))")
    }
    self.init(geometry: geometry, divisor: divisor, means: means, deviations: deviations)
  }
}
