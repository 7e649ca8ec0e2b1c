public import ModelGraph

/// Runs a canonical graph: plans it, packs its weights once, and evaluates it with the machine's fastest kernels.
///
/// An engine never changes after it is made and may serve many threads at once, each with a ``Session`` of its own.
public final class Engine: Sendable {
  public let graph: Graph
  public let options: EngineOptions
  let kernels: KernelSet
  let constants: ConstantCache
  /// The plan for a batch of one, where that leaves no extent open.
  let standardPlan: Plan?
  /// Threads of a session.
  let lanes: Int

  /// Prepares a graph in canonical form.
  ///
  /// - Throws: `.unsupported` naming every node that the engine lacks a kernel for. Where extents other than the batch
  ///   are open, that is found when inputs of known extents arrive.
  public init(graph: Graph, options: EngineOptions = EngineOptions()) throws(ModelError) {
    self.graph = graph
    self.options = options
    kernels = KernelSet(options.instructionSet)
    constants = ConstantCache(byteCount: graph.packedByteEstimate)
    guard 1...Self.maximumThreads ~= options.threads else {
      throw ModelError(.usage, "an engine runs on 1 to \(Self.maximumThreads) threads, not on \(options.threads)")
    }
    lanes = options.threads
    let bindings = Dictionary(uniqueKeysWithValues: graph.batchSymbols.map { ($0, 1) })
    let standard = bindings.isEmpty ? graph : try graph.specialized(bindings: bindings)
    let isFixed = standard.inputs.allSatisfy { standard[$0.value].type.shape.extents != nil }
    let (kernels, constants, lanes) = (kernels, constants, lanes)
    standardPlan =
      isFixed
      ? try constants.packingTogether { () throws(ModelError) in
        try PlanBuilder.plan(
          standard, kernels: kernels, constants: constants, lanes: lanes, strategy: options.blockStrategy,
          isObserved: false)
      } : nil
    constants.pool?.trim()
  }

  /// More threads than any machine has cores for.
  public static let maximumThreads = 256

  /// A session: its own activations over the engine's weights.
  public func makeSession() -> Session { Session(self) }

  /// Evaluates the graph once; inputs and outputs in the order and axis order of the graph's ports.
  ///
  /// For repeated runs make one ``Session`` and keep it.
  ///
  /// - Throws: `.usage` when the inputs do not fit the signature; `.unsupported` as ``init(graph:options:)``.
  public func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor] { try makeSession().run(inputs) }

  /// Evaluates the graph once and hands each node with its outputs, in the values' own axis order, to `observe` as soon
  /// as they are computed.
  public func run(
    _ inputs: [Tensor], observing observe: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    try makeSession().run(inputs, observing: observe)
  }

  /// Evaluates one node of the graph alone on given tensors.
  ///
  /// - Parameter inputs: one an input of the node; nil where the node has none, or where the graph's constant is meant.
  /// - Returns: the node's outputs.
  /// - Throws: `.usage` when a tensor is missing or does not fit; `.unsupported` when the engine lacks the operator.
  public func evaluate(_ node: Node, inputs: [Tensor?]) throws(ModelError) -> [Tensor] {
    guard inputs.count == node.inputs.count else {
      throw ModelError(.usage, "'\(node.name)' has \(node.inputs.count) inputs, \(inputs.count) tensors were given")
    }
    var builder = GraphBuilder(name: node.name, arithmetic: graph.arithmetic)
    var operands: [ValueID?] = []
    var fed: [Tensor] = []
    for (position, (value, tensor)) in zip(node.inputs, inputs).enumerated() {
      guard let value else {
        operands.append(nil)
        continue
      }
      if let constant = graph.value(value)?.constant {
        operands.append(builder.constant(name: "constant \(position)", tensor ?? constant))
      } else if let tensor {
        // What a tensor's counts stand for, the graph says; a tensor out of an array file does not.
        let quantization = graph.value(value)?.type.quantization ?? tensor.type.quantization
        let type = TensorType(tensor.elementType, tensor.type.shape, quantization: quantization)
        operands.append(builder.input(name: "input \(position)", type: type))
        fed.append(tensor)
      } else {
        throw ModelError(.usage, "input \(position) of '\(node.name)' is missing")
      }
    }
    let outputs = try within(node.frame) { () throws(ModelError) in
      // Only the graph says in which counts a quantized operator answers.
      let stated = node.outputs.enumerated().map { position, id in
        OutputSpecification(
          name: "output \(position)", statedType: graph.value(id).map { $0.type.with(shape: .unranked) })
      }
      return try builder.add(node.op, name: node.name, inputs: operands, outputs: stated, origin: node.origin)
    }
    for (position, output) in outputs.enumerated() { builder.output(output, name: "output \(position)") }
    return try Engine(graph: try builder.build(), options: options).run(fed)
  }

  /// What a session will do and hold for inputs of these extents (in the signature's axis order).
  ///
  /// - Throws: as ``run(_:)``.
  public func planSummary(inputShapes: [[Int]]) throws(ModelError) -> PlanSummary {
    PlanSummary(try plan(inputShapes), weightByteCount: constants.byteCount)
  }

  /// The plan for inputs of these extents; an observed one makes every node's outputs.
  func plan(_ inputShapes: [[Int]], isObserved: Bool = false) throws(ModelError) -> Plan {
    if !isObserved, let standardPlan, standardPlan.inputs.map(\.extents) == inputShapes { return standardPlan }
    let specialized = try graph.specialized(inputShapes: inputShapes.map { $0 })
    return try PlanBuilder.plan(
      specialized, kernels: kernels, constants: constants, lanes: isObserved ? 1 : lanes,
      strategy: options.blockStrategy, isObserved: isObserved)
  }
}
