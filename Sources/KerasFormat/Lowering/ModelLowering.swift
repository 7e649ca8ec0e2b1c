import FormatSupport
import ModelGraph

/// Turns a model configuration and its weights into a graph: a node for each call of a layer, more where a layer stands
/// for several operators.
struct ModelLowering {
  var builder: GraphBuilder
  let weights: any WeightSource
  let version: KerasVersion
  let options: ImportOptions
  var findings: [Finding] = []
  /// Constants of layers that are called more than once, by where their weights are.
  private var constants: [LayerPath: [ValueID]] = [:]
  private var opaqueConstants: [LayerPath: [ValueID]] = [:]
  private(set) var opaqueLayers: [SourceNode] = []
  private(set) var policies: Set<String> = []
  /// Weights that no node reads.
  private(set) var auxiliaryParameters = ParameterCount()
  private var countedLayers: Set<LayerPath> = []
  private var callCount = 0
  private var emittedNodeCount = 0
  private var opaqueOutputCount = 0
  /// Results of one call, and of all calls of layers that Ferry does not know: a number in the file makes them.
  private static let maximumOutputs = 1 << 10
  private static let maximumOpaqueOutputs = 1 << 16
  private var originCounts: [String: Int] = [:]

  init(name: String, weights: any WeightSource, version: KerasVersion, options: ImportOptions) {
    builder = GraphBuilder(name: name)
    self.weights = weights
    self.version = version
    self.options = options
  }

  // MARK: Models

  /// The values that a model gives.
  ///
  /// The recursion is as deep as the models are nested, which the configuration's parser bounds.
  ///
  /// - Parameter arguments: the values of its inputs; nil for the outermost model, whose inputs become the graph's.
  mutating func lower(
    _ model: ModelConfig, path: LayerPath, arguments: [ValueID]?, isTrainable: Bool
  ) throws(ModelError) -> [ValueID] {
    model.isSequential
      ? try lowerSequential(model, path: path, arguments: arguments, isTrainable: isTrainable && model.isTrainable)
      : try lowerFunctional(model, path: path, arguments: arguments, isTrainable: isTrainable && model.isTrainable)
  }

  private mutating func lowerSequential(
    _ model: ModelConfig, path: LayerPath, arguments: [ValueID]?, isTrainable: Bool
  ) throws(ModelError) -> [ValueID] {
    var current = arguments ?? []
    if arguments == nil {
      let input = try SequentialInput.find(in: model, limits: options.limits)
      current = [try addInput(input.layer, name: input.name)]
    }
    for layer in model.layers where !layer.isInput {
      current = try call(
        layer, path: path, inputs: current, arguments: current.map { .value($0) }, keywords: [:],
        isTrainable: isTrainable)
    }
    return current
  }

  private mutating func lowerFunctional(
    _ model: ModelConfig, path: LayerPath, arguments: [ValueID]?, isTrainable: Bool
  ) throws(ModelError) -> [ValueID] {
    let plan = try FunctionalPlan(model)
    var results: [FunctionalPlan.Site: [ValueID]] = [:]
    if let arguments, arguments.count != model.inputs.count {
      throw ModelError(.malformed, "the model has \(model.inputs.count) inputs, and is given \(arguments.count)")
    }
    for (position, reference) in model.inputs.enumerated() {
      let site = try plan.site(reference, in: .joint)
      let layer = model.layers[site.layer]
      guard layer.isInput else {
        throw ModelError(.malformed, "input_layers names '\(layer.name)', which is a \(layer.className)")
      }
      if let arguments {
        results[site] = [arguments[position]]
      } else {
        results[site] = [try addInput(layer, name: layer.name)]
      }
    }
    func values(_ reference: TensorReference, in place: FunctionalPlan.Place) throws(ModelError) -> ValueID {
      guard let outputs = results[try plan.site(reference, in: place)] else {
        throw ModelError(.malformed, "the input layer '\(reference.layer)' is none of the model's inputs")
      }
      guard outputs.indices.contains(reference.tensor) else {
        throw ModelError(
          .malformed, "layer '\(reference.layer)' has \(outputs.count) outputs, number \(reference.tensor) is asked for"
        )
      }
      return outputs[reference.tensor]
    }
    func resolved(_ argument: CallArgument) throws(ModelError) -> LayerCall.Argument {
      switch argument {
      case .tensor(let reference): return .value(try values(reference, in: .argument))
      case .constant(let value): return .constant(value)
      case .list(let items):
        var list: [LayerCall.Argument] = []
        for item in items { list.append(try resolved(item)) }
        return .list(list)
      }
    }
    let outputCounts = plan.outputCounts(maximum: Self.maximumOutputs)
    for site in try plan.order() {
      let layer = model.layers[site.layer]
      let callSite = layer.calls[site.call]
      var arguments: [LayerCall.Argument] = []
      var keywords: [String: LayerCall.Argument] = [:]
      try within(.node(name: layer.name, operator: layer.className, index: layer.index)) { () throws(ModelError) in
        for argument in callSite.arguments { arguments.append(try resolved(argument)) }
        for (key, argument) in callSite.keywords.sorted(by: { $0.key < $1.key }) {
          keywords[key] = try resolved(argument)
        }
      }
      results[site] = try call(
        layer, path: path, inputs: arguments.flatMap(\.values), arguments: arguments, keywords: keywords,
        isTrainable: isTrainable, outputCount: outputCounts[site] ?? 1)
    }
    var outputs: [ValueID] = []
    for reference in model.outputs { outputs.append(try values(reference, in: .joint)) }
    return outputs
  }

  // MARK: Layers

  private mutating func call(
    _ layer: LayerConfig, path: LayerPath, inputs: [ValueID], arguments: [LayerCall.Argument],
    keywords: [String: LayerCall.Argument], isTrainable: Bool, isWrapped: Bool = false, outputCount: Int = 1
  ) throws(ModelError) -> [ValueID] {
    callCount += 1
    guard callCount <= options.limits.nodes else {
      throw ModelError(.unsupported, "the model calls more than \(options.limits.nodes) layers")
    }
    let path = isWrapped ? path.wrapping(layer.name) : path.appending(layer.name)
    if let model = layer.model {
      // The keywords of a model's call are `training` and `mask`.
      return try within(.layer(layer.name)) { () throws(ModelError) in
        try lower(model, path: path, arguments: inputs, isTrainable: isTrainable)
      }
    }
    let attributes = AttributeReader(layer.attributes)
    let call = LayerCall(
      layer: layer, attributes: attributes, path: path, inputs: inputs, arguments: arguments, keywords: keywords,
      isTrainable: isTrainable && layer.isTrainable, outputCount: outputCount)
    return try within(call.source.frame) { () throws(ModelError) in try lower(call) }
  }

  /// Applies the layer or model that another layer wraps.
  mutating func apply(
    _ layer: LayerConfig, to inputs: [ValueID], wrappedIn outer: LayerCall
  ) throws(ModelError) -> [ValueID] {
    try call(
      layer, path: outer.path, inputs: inputs, arguments: inputs.map { .value($0) }, keywords: [:],
      isTrainable: outer.isTrainable, isWrapped: true)
  }

  /// Lowers one call of a layer that is no model.
  mutating func lower(_ call: LayerCall) throws(ModelError) -> [ValueID] {
    guard let lowering = LayerCatalog.lowering(of: call.layer) else {
      return try lowerOpaque(call, reason: LayerCatalog.reasonForUnknown(call.layer))
    }
    let nodeCount = emittedNodeCount
    do {
      try readCommonAttributes(call)
      let outputs = try lowering(&self, call)
      try call.attributes.requireNothingOfMeaningUnread(of: call.layer.attributes)
      return outputs
    } catch {
      // Valid, and beyond what Ferry has a meaning for: the layer stays as it is.
      guard error.code == .unsupported, emittedNodeCount == nodeCount else { throw error }
      return try lowerOpaque(call, reason: error.reasonWithPlace)
    }
  }

  /// Keeps a layer as it is, with its weights and the results that are asked for.
  mutating func lowerOpaque(_ call: LayerCall, reason: String) throws(ModelError) -> [ValueID] {
    opaqueOutputCount += call.outputCount
    guard opaqueOutputCount <= Self.maximumOpaqueOutputs else {
      throw ModelError(.unsupported, "unknown layers have more than \(Self.maximumOpaqueOutputs) outputs")
    }
    var inputs: [ValueID?] = call.inputs
    let home = weights.home(of: call.path)
    let stored: [ValueID]
    if let known = opaqueConstants[home] {
      stored = known
    } else {
      stored = try weights.allWeights(of: home).map { weight in
        builder.constant(
          name: weight.name, weight.tensor, origin: ValueOrigin(name: weight.name), isTrainable: call.isTrainable)
      }
    }
    opaqueConstants[home] = stored
    inputs += stored.map(Optional.some)
    opaqueLayers.append(call.source)
    let op = OpaqueOp(
      domain: "keras", operatorName: call.layer.className, version: version.major,
      attributes: call.layer.attributes.compactMapValues(OpaqueOp.Attribute.init(json:)),
      statedOutputTypes: Array(repeating: TensorType(.float32, .unranked), count: call.outputCount), reason: reason,
      parameterInputs: Array(call.inputs.count..<inputs.count))
    let outputs = (0..<call.outputCount).map { index in
      let name = index == 0 ? call.path.text : "\(call.path.text):\(index)"
      return OutputSpecification(name: name, origin: origin(named: name))
    }
    return try builder.add(
      .opaque(op), name: call.path.text, inputs: inputs, outputs: outputs, origin: [call.source])
  }

  // MARK: Inputs

  private mutating func addInput(_ layer: LayerConfig, name: String) throws(ModelError) -> ValueID {
    try within(.node(name: layer.name, operator: layer.className, index: layer.index)) { () throws(ModelError) in
      let shape = try InputShape.shape(of: layer.attributes, name: name)
      let elementType = try Self.inputElementType(layer.attributes["dtype"])
      return builder.input(name: name, type: TensorType(elementType, shape), origin: ValueOrigin(name: name))
    }
  }

  private static func inputElementType(_ value: JSONValue?) throws(ModelError) -> ElementType {
    let name = try DTypePolicy(value)?.computeType ?? "float32"
    guard let type = ElementType(name: name) else {
      throw ModelError(.unsupported, "an input of type '\(name)'").within(.attribute("dtype"))
    }
    // Ferry computes in float32 whatever the policy; see `readCommonAttributes`.
    return type.isFloatingPoint ? .float32 : type
  }

  /// Reads what every layer has, and marks what has no meaning once a model is trained.
  private mutating func readCommonAttributes(_ call: LayerCall) throws(ModelError) {
    call.attributes.ignore("name", "trainable", "batch_input_shape", "batch_shape", "input_shape", "input_dtype")
    call.attributes.ignore("dynamic", "autocast", "batch_size", "lora_rank", "lora_alpha")
    if let policy = try DTypePolicy(call.attributes["dtype"]), policy.name != "float32", !policy.isInteger {
      policies.insert(policy.name)
    }
    guard call.attributes["quantization_config"]?.isNull ?? true else {
      throw ModelError(.unsupported, "the layer is quantized by Keras").within(.attribute("quantization_config"))
    }
    call.attributes.ignore {
      $0.hasSuffix("_initializer") || $0.hasSuffix("_regularizer") || $0.hasSuffix("_constraint")
    }
  }

  // MARK: Nodes and constants

  /// Adds a node of a layer.
  ///
  /// - Parameters:
  ///   - part: what the node is within its layer; nil where it is the layer's main operator.
  ///   - isResult: whether the node's output is the layer's; a value on the way to it carries the name of its part, or of
  ///     its operator: `predictions/fullyConnected` before a softmax.
  mutating func emit(
    _ op: Op, _ inputs: [ValueID?], _ call: LayerCall, part: String? = nil, isResult: Bool = true
  ) throws(ModelError) -> ValueID {
    // Everything that a layer says is read before its first node, so that a layer can still be kept as it is.
    try call.attributes.requireNothingOfMeaningUnread(of: call.layer.attributes)
    emittedNodeCount += 1
    let name = part.map { "\(call.path.text)/\($0)" } ?? call.path.text
    let origin = origin(named: isResult ? call.path.text : "\(call.path.text)/\(part ?? op.name)")
    let outputs = try builder.add(
      op, name: name, inputs: inputs, outputs: [OutputSpecification(name: name, origin: origin)],
      origin: [call.source])
    guard let output = outputs.first else { throw ModelError(.internalFault, "a node has no output") }
    return output
  }

  /// The origin of the next value under a name, which must be its own: a layer may be called more than once.
  private mutating func origin(named name: String) -> ValueOrigin {
    let count = originCounts[name, default: 0] + 1
    originCounts[name] = count
    return ValueOrigin(name: count == 1 ? name : "\(name), call \(count)")
  }

  /// An operator applied to the value of the one before it.
  struct Step {
    var op: Op
    /// The inputs behind the first one.
    var operands: [ValueID?] = []
    var part: String?

    init(_ op: Op, _ operands: [ValueID?] = [], part: String? = nil) {
      self.op = op
      self.operands = operands
      self.part = part
    }
  }

  /// Adds the nodes of a layer one behind the other, and its activation behind them.
  mutating func emit(
    _ steps: [Step], from input: ValueID, activation: Activation = .linear, _ call: LayerCall
  ) throws(ModelError) -> ValueID {
    var value = input
    for (index, step) in steps.enumerated() {
      let isResult = index == steps.count - 1 && activation == .linear
      value = try emit(step.op, [value] + step.operands, call, part: step.part, isResult: isResult)
    }
    guard activation != .linear else { return value }
    return try emit(activation, of: value, call, part: steps.isEmpty ? nil : activation.partName)
  }

  /// A weight that a layer has.
  struct Variable {
    var name: String
    /// What other versions of Keras call it.
    var otherNames: [String] = []
    /// What the configuration asks for; nil where it leaves an extent open.
    var shape: [Int?]
    var isStatistic = false
  }

  /// The constants of a layer's weights, in the order of `variables`; the same ones at every call of the layer.
  ///
  /// - Parameter view: another view of a weight's elements, where the operator asks for one.
  mutating func constants(
    _ variables: [Variable], _ call: LayerCall,
    view: (Tensor) throws(ModelError) -> Tensor = { tensor throws(ModelError) in tensor }
  ) throws(ModelError) -> [ValueID] {
    guard !variables.isEmpty else { return [] }
    let home = weights.home(of: call.path)
    if let known = constants[home] { return known }
    let stored = try weights.weights(of: home, variables: variables.map { [$0.name] + $0.otherNames })
    var result: [ValueID] = []
    for (variable, weight) in zip(variables, stored) {
      let tensor = try within(.weight(weight.name)) { () throws(ModelError) in
        let extents = weight.tensor.extents
        guard extents.count == variable.shape.count,
          zip(extents, variable.shape).allSatisfy({ $1 == nil || $0 == $1 })
        else {
          let wanted = "[" + variable.shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
          throw ModelError(
            .malformed, "the layer's '\(variable.name)' has the shape \(wanted), the file holds \(extents)")
        }
        return try view(try Self.float32(weight.tensor))
      }
      result.append(
        builder.constant(
          name: weight.name, tensor, origin: ValueOrigin(name: weight.name),
          isTrainable: call.isTrainable && !variable.isStatistic))
    }
    constants[home] = result
    return result
  }

  /// Counts a weight that no node reads, once for all calls of the layer.
  mutating func countAuxiliary(_ constant: ValueID, _ call: LayerCall) {
    guard countedLayers.insert(weights.home(of: call.path)).inserted else { return }
    auxiliaryParameters.nonTrainable += builder.constant(constant)?.elementCount ?? 0
  }

  /// The weight as Ferry computes with it.
  private static func float32(_ tensor: Tensor) throws(ModelError) -> Tensor {
    tensor.elementType == .float32 ? tensor : try Tensor(try tensor.floats(), shape: tensor.extents)
  }

  /// A number of the layer's configuration.
  mutating func scalar(_ value: Float, _ call: LayerCall, part: String) throws(ModelError) -> ValueID {
    builder.constant(name: "\(call.path.text)/\(part)", try Tensor([value], shape: []), isTrainable: false)
  }

  /// The dimensions of a value of known rank.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) behind a layer that Ferry does not know.
  func dimensions(_ value: ValueID) throws(ModelError) -> [Dimension] {
    guard let dimensions = builder.type(value)?.shape.dimensions else {
      throw ModelError(.unsupported, "the shape of its input is not known")
    }
    return dimensions
  }
}
