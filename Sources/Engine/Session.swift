import CKernels
public import ModelGraph

/// One run at a time of an engine's graph, with activations of its own.
///
/// The first run for inputs of given extents plans and allocates; runs that follow with the same extents allocate nothing
/// but the tensors they return, and ``run(_:into:)`` not even those.
public final class Session {
  public let engine: Engine
  private var state: State?
  private var observedState: State?
  private lazy var team = engine.lanes > 1 ? Team(lanes: engine.lanes) : nil

  init(_ engine: Engine) { self.engine = engine }

  /// Evaluates the graph; inputs and outputs in the order and axis order of the graph's ports.
  ///
  /// - Throws: `.usage` when the inputs do not fit the signature; `.unsupported` when the engine lacks an operator; `.malformed`
  ///   for numbers that a dynamic quantization has no scale for.
  public func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor] {
    try check(inputs)
    return try run(try state(for: inputs.map(\.extents)), inputs) { (state) throws(ModelError) in try state.run() }
  }

  /// Evaluates the graph and hands each node with its outputs to `observe` as soon as they are computed.
  public func run(
    _ inputs: [Tensor], observing observe: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    try check(inputs)
    let shapes = inputs.map(\.extents)
    let state: State
    if let held = observedState, held.shapes == shapes {
      state = held
    } else {
      state = try State(
        plan: try engine.plan(shapes, isObserved: true), shapes: shapes, arenaLimit: engine.options.arenaLimit,
        team: nil)
    }
    observedState = state
    return try run(state, inputs) { (state) throws(ModelError) in try state.run(observe: observe) }
  }

  /// Plans and allocates for inputs of these extents (in the signature's axis order), so that no run does.
  public func prepare(inputShapes: [[Int]]) throws(ModelError) { _ = try state(for: inputShapes) }

  /// The extents of the outputs for the inputs prepared last; empty before any.
  public var outputShapes: [[Int]] { state?.plan.outputs.map(\.extents) ?? [] }

  /// Evaluates a graph of float32 inputs and outputs for the extents that were prepared or run last, without allocating.
  ///
  /// - Throws: `.usage` when nothing was prepared, a buffer does not have its port's number of elements, or a port holds
  ///   elements of another type.
  public func run(
    _ inputs: [UnsafeBufferPointer<Float>], into outputs: [UnsafeMutableBufferPointer<Float>]
  ) throws(ModelError) {
    let state = try preparedState(inputs.count, outputs.count)
    for (index, buffer) in inputs.enumerated() {
      let port = state.plan.inputs[index]
      guard port.type.elementType == .float32 else {
        throw ModelError(.usage, "input \(index) takes \(port.type), not float32")
      }
      try bind(input: index, UnsafeRawBufferPointer(buffer), state)
    }
    for (index, buffer) in outputs.enumerated() {
      let port = state.plan.outputs[index]
      guard port.type.elementType == .float32 else {
        throw ModelError(.usage, "output \(index) gives \(port.type), not float32")
      }
      try bind(output: index, UnsafeMutableRawBufferPointer(buffer), state)
    }
    try state.run()
  }

  /// Evaluates the graph for the extents that were prepared or run last, without allocating; the buffers hold elements of
  /// the ports' types, row-major, aligned as wide as they are.
  ///
  /// - Throws: `.usage` when nothing was prepared, or a buffer does not have its port's number of bytes or alignment.
  public func run(
    _ inputs: [UnsafeRawBufferPointer], into outputs: [UnsafeMutableRawBufferPointer]
  ) throws(ModelError) {
    let state = try preparedState(inputs.count, outputs.count)
    for (index, buffer) in inputs.enumerated() { try bind(input: index, buffer, state) }
    for (index, buffer) in outputs.enumerated() { try bind(output: index, buffer, state) }
    try state.run()
  }

  private func preparedState(_ inputs: Int, _ outputs: Int) throws(ModelError) -> State {
    guard let state else { throw ModelError(.usage, "no input extents were prepared") }
    guard inputs == state.plan.inputs.count, outputs == state.plan.outputs.count else {
      throw ModelError(
        .usage, "the graph has \(state.plan.inputs.count) inputs and \(state.plan.outputs.count) outputs")
    }
    return state
  }

  private func bind(input index: Int, _ buffer: UnsafeRawBufferPointer, _ state: State) throws(ModelError) {
    let port = state.plan.inputs[index]
    guard buffer.count == port.byteCount, let base = buffer.baseAddress,
      UInt(bitPattern: base) % UInt(port.width) == 0
    else { throw ModelError(.usage, "input \(index) takes \(port.elementCount) elements of \(port.width) bytes") }
    // Steps only read what is bound as an input.
    state.bindInput(index, UnsafeMutableRawPointer(mutating: base))
  }

  private func bind(output index: Int, _ buffer: UnsafeMutableRawBufferPointer, _ state: State) throws(ModelError) {
    let port = state.plan.outputs[index]
    guard buffer.count == port.byteCount, let base = buffer.baseAddress,
      UInt(bitPattern: base) % UInt(port.width) == 0
    else { throw ModelError(.usage, "output \(index) takes \(port.elementCount) elements of \(port.width) bytes") }
    state.bindOutput(index, base)
  }

  /// The seconds that each step of the plan takes at least, of several runs on one thread.
  ///
  /// - Returns: one number for each of the steps of ``PlanSummary``.
  public func stepTimes(_ inputs: [Tensor], runs: Int) throws(ModelError) -> [Double] {
    try check(inputs)
    let state = try state(for: inputs.map(\.extents))
    var best = [Double](repeating: .infinity, count: state.plan.steps.count)
    for _ in 0..<max(runs, 1) {
      var times = [Double](repeating: 0, count: best.count)
      _ = try run(state, inputs) { $0.run(addingTimesTo: &times) }
      for index in best.indices { best[index] = min(best[index], times[index]) }
    }
    return best
  }

  private func run(
    _ state: State, _ inputs: [Tensor], evaluate: (State) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    // The tensors' bytes are read during the run: they are held until its end.
    var held: [Tensor] = []
    for (index, input) in inputs.enumerated() {
      let tensor = try input.densified()
      held.append(tensor)
      try tensor.withUnsafeBytes { (bytes) throws(ModelError) in
        guard let base = bytes.baseAddress else { throw ModelError(.usage, "input \(index) is empty") }
        try state.load(index, base)
      }
    }
    // Outputs are written into storage that the tensors then share.
    try state.bindOutputStorages()
    defer { withExtendedLifetime(held) {} }
    try evaluate(state)
    var outputs: [Tensor] = []
    for (port, storage) in zip(state.plan.outputs, state.outputStorages) {
      outputs.append(
        try Tensor(
          type: port.type.with(shape: Shape(port.extents)), storage: storage, range: 0..<(port.byteCount)))
    }
    return outputs
  }

  private func check(_ inputs: [Tensor]) throws(ModelError) {
    let ports = engine.graph.inputs
    guard inputs.count == ports.count else {
      throw ModelError(.usage, "the graph has \(ports.count) inputs, \(inputs.count) were given")
    }
    for (tensor, port) in zip(inputs, ports) {
      let type = engine.graph.signatureType(port)
      guard tensor.elementType == type.elementType, Shape(tensor.extents).isCompatible(with: type.shape) else {
        throw ModelError(.usage, "the input '\(port.name)' takes \(type), not \(tensor.type)")
      }
    }
  }

  private func state(for shapes: [[Int]]) throws(ModelError) -> State {
    if let state, state.shapes == shapes { return state }
    let made = try State(
      plan: try engine.plan(shapes), shapes: shapes, arenaLimit: engine.options.arenaLimit, team: team)
    state = made
    return made
  }
}
