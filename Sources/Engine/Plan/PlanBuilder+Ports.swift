import CKernels
import ModelGraph

extension PlanBuilder {
  /// The plan of the whole graph.
  ///
  /// - Throws: one `.unsupported` error that names every node the engine has no kernel for.
  static func plan(
    _ graph: Graph, kernels: KernelSet, constants: ConstantCache, lanes: Int, strategy: BlockStrategy,
    isObserved: Bool
  ) throws(ModelError) -> Plan {
    var builder = PlanBuilder(graph: graph, kernels: kernels, constants: constants, lanes: lanes)
    // Who wants to see what a node makes gets it made.
    let fusions = isObserved ? BlockFusions() : BlockFusions(graph, builder, strategy)
    var lacking: [(node: Node, reason: ModelError)] = []
    // Values whose maker is lacking: of the nodes behind them only those are named that could never run.
    var missing: Set<ValueID> = []
    var inputs: [Plan.Port] = []
    for port in graph.inputs { inputs.append(try builder.addInput(port, position: inputs.count)) }
    for node in graph.nodes {
      do throws(ModelError) {
        if node.inputs.contains(where: { $0.map(missing.contains) ?? false }) {
          missing.formUnion(node.outputs)
          guard let reason = Self.missingKernel(node.op) else { continue }
          throw ModelError(.unsupported, reason)
        }
        builder.node = node
        builder.reason = nil
        if let fusion = fusions.ending(at: node.id) {
          try builder.lower(fusion)
        } else if !fusions.contains(node.id) {
          try builder.lower(node)
        }
        if isObserved { try builder.observe(node) }
      } catch {
        guard error.code == .unsupported else { throw error.within(node.frame) }
        lacking.append((node, error))
        missing.formUnion(node.outputs)
      }
    }
    if let first = lacking.first {
      if lacking.count == 1 { throw first.reason.within(first.node.frame) }
      let list = lacking.map { "\n  \($0.node.frame.description): \($0.reason.message)" }.joined()
      throw ModelError(.unsupported, "the engine cannot run \(lacking.count) nodes:\(list)", hint: first.reason.hint)
    }
    (builder.node, builder.reason) = (nil, nil)
    var outputs: [Plan.Port] = []
    for port in graph.outputs { outputs.append(try builder.addOutput(port, position: outputs.count)) }
    return try builder.finish(inputs: inputs, outputs: outputs)
  }

  private mutating func addInput(_ port: GraphPort, position: Int) throws(ModelError) -> Plan.Port {
    let described = try describe(port)
    let buffer = add(Buffer(kind: .input(position), byteCount: described.byteCount, width: described.width))
    setExternal(port.value, External(buffer: buffer, strides: valueStrides(port, described.extents)))
    if port.permutation == nil { setPlain(port.value, buffer) }
    return described
  }

  private mutating func addOutput(_ port: GraphPort, position: Int) throws(ModelError) -> Plan.Port {
    let described = try describe(port)
    let held = places(port.value)
    let extents = try extents(port.value)
    if port.permutation == nil, held.blocked == nil || held.plain != nil {
      let isFed = graph.inputs.contains { $0.value == port.value }
      if !isFed, redirect(port.value, toOutput: position, byteCount: described.byteCount) { return described }
    }
    let target = add(Buffer(kind: .output(position), byteCount: described.byteCount, width: described.width))
    let strides = valueStrides(port, described.extents)
    if let blocked = held.blocked, held.plain == nil, let map = try? MapExtents(extents) {
      // Rows of pixels must lie in one run of pixels: so they do in channels-last and channels-first.
      if extents.count == 2 {
        try unpack(blocked, map, to: target, strides: [strides[0], 0, strides[1]])
        return described
      }
      if strides[1] == map.width * strides[2] {
        if try resize(blocked, map, to: target, strides: [strides[0], strides[2], strides[3]]) { return described }
        try unpack(blocked, map, to: target, strides: [strides[0], strides[2], strides[3]])
        return described
      }
    }
    let source = try plain(port.value)
    copy(source, strides: rowMajorStrides(extents), to: target, strides: strides, extents: extents)
    return described
  }

  /// Lets the step that has just resized a map write it where the caller wants it, if nobody else reads the map.
  private mutating func resize(
    _ blocked: BufferID, _ map: MapExtents, to target: BufferID, strides: [Int]
  ) throws(ModelError) -> Bool {
    guard var step = steps.last as? ResizeStep, step.output == blocked, isOfLastStepAlone(blocked),
      observations.isEmpty, graph.outputs.filter({ places($0.value).blocked == blocked }).count == 1
    else { return false }
    let scratch = buffer(floats: lanes * step.scratchFloats)
    step.target = ResizeStep.Target(
      kernel: try kernels.blocks(ferry_blocks_unpack), output: target, imageStride: strides[0],
      pixelStride: strides[1], channelStride: strides[2], scratch: scratch)
    replaceLast(with: step, insteadOf: blocked, step.input, scratch, target)
    return true
  }

  private func describe(_ port: GraphPort) throws(ModelError) -> Plan.Port {
    let type = graph.signatureType(port)
    _ = try extents(port.value)
    guard let extents = type.shape.extents, let count = Shape.elementCount(of: extents) else {
      throw ModelError(.unsupported, "the extents \(type.shape) of '\(port.name)' are not known before running")
    }
    return Plan.Port(
      name: port.name, type: type, extents: extents, elementCount: count, width: try width(port.value))
  }

  /// Strides of the value's axes in the caller's tensor.
  private func valueStrides(_ port: GraphPort, _ callerExtents: [Int]) -> [Int] {
    let strides = rowMajorStrides(callerExtents)
    return port.permutation.map { $0.map { strides[$0] } } ?? strides
  }
}

extension Node {
  /// The node in an error's context: as the source knows it, where it does.
  var frame: ContextFrame { origin.first?.frame ?? .node(name: name, operator: op.name, index: nil) }
}
