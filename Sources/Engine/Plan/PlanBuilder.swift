import CKernels
import ModelGraph

/// Turns a graph whose extents are all known into steps over buffers.
///
/// Every runtime value has one or two places: row-major (plain) or in blocks of eight channels. A lowering asks for its
/// operands in the layout that its kernel reads; a conversion is added where a value is not there yet, once.
struct PlanBuilder {
  /// A graph input where the caller left it: a stride in floats for each axis of the value.
  struct External {
    let buffer: BufferID
    let strides: [Int]
  }

  struct Places {
    var plain: BufferID?
    var blocked: BufferID?
    var external: External?
  }

  let graph: Graph
  let kernels: KernelSet
  let constants: ConstantCache
  /// Threads that share the work.
  let lanes: Int
  /// The node that steps are being added for.
  var node: Node?
  /// Why the steps that are being added do their work as they do.
  var reason: String?
  private(set) var buffers: [Buffer] = []
  private(set) var steps: [any Step] = []
  private(set) var descriptions: [Plan.StepDescription] = []
  private(set) var observations: [Plan.Observation] = []
  private var computedScales: [(buffer: BufferID, node: Node)] = []
  private var places: [ValueID: Places] = [:]
  private var constantBuffers: [ConstantCache.Key.Form: BufferID] = [:]

  init(graph: Graph, kernels: KernelSet, constants: ConstantCache, lanes: Int) {
    self.graph = graph
    self.kernels = kernels
    self.constants = constants
    self.lanes = lanes
  }

  // MARK: Buffers

  /// A place in the arena for elements of `width` bytes.
  mutating func buffer(count: Int, width: Int) -> BufferID {
    add(Buffer(kind: .arena(offset: 0), byteCount: count * width, width: width))
  }

  /// A place in the arena for floats.
  mutating func buffer(floats: Int) -> BufferID { buffer(count: floats, width: MemoryLayout<Float>.stride) }

  mutating func add(_ buffer: Buffer) -> BufferID {
    buffers.append(buffer)
    return BufferID(index: buffers.count - 1)
  }

  /// A packed constant, one buffer however often it is asked for.
  mutating func constant(
    _ form: ConstantCache.Key.Form, width: Int = MemoryLayout<Float>.stride,
    make: () throws(ModelError) -> AlignedMemory
  ) throws(ModelError) -> BufferID {
    if let held = constantBuffers[form] { return held }
    let packed = try constants.constant(form, make: make)
    let id = add(Buffer(kind: .constant(packed), byteCount: packed.byteCount, width: width))
    constantBuffers[form] = id
    return id
  }

  /// A constant of floats, all of which `fill` writes, perhaps only when the plan is complete.
  mutating func packedConstant(
    _ form: ConstantCache.Key.Form, floats: Int,
    fill: @escaping @Sendable (UnsafeMutablePointer<Float>) throws(ModelError) -> Void
  ) throws(ModelError) -> BufferID {
    let (constants, frame) = (constants, node?.frame)
    return try constant(form) { () throws(ModelError) in
      try constants.packed(floats: floats) { (target) throws(ModelError) in
        do throws(ModelError) { try fill(target) } catch { throw frame.map { error.within($0) } ?? error }
      }
    }
  }

  func byteCount(_ id: BufferID) -> Int { buffers[id.index].byteCount }

  /// Bytes of one element.
  func width(_ id: BufferID) -> Int { buffers[id.index].width }

  func floats(_ id: BufferID) -> Int { byteCount(id) / MemoryLayout<Float>.stride }

  /// Adds a step and lengthens the lives of the buffers that it touches.
  mutating func emit(_ step: any Step, _ touched: BufferID?...) {
    append(step, name: node?.name ?? "", reason: reason, touched)
  }

  private mutating func append(_ step: any Step, name: String, reason: String?, _ touched: [BufferID?]) {
    var bytes = 0
    for case let id? in Set(touched) {
      touch(id, steps.count)
      bytes += byteCount(id)
    }
    descriptions.append(
      Plan.StepDescription(
        name: name, kind: step.kind, reason: reason, multiplyAccumulates: step.multiplyAccumulates, byteCount: bytes))
    steps.append(step)
  }

  /// Lets the last 1×1 convolution before here, if only a pool lies between, fetch a constant that the next step reads.
  mutating func fetchAhead(_ constant: BufferID) {
    for index in steps.indices.suffix(2).reversed() {
      if var step = steps[index] as? PointwiseStep {
        step.ahead = (constant, buffers[constant.index].byteCount)
        steps[index] = step
        return
      }
      guard steps[index] is GlobalPoolStep else { return }
    }
  }

  private mutating func touch(_ id: BufferID, _ step: Int) {
    buffers[id.index].firstStep = min(buffers[id.index].firstStep, step)
    buffers[id.index].lastStep = max(buffers[id.index].lastStep, step)
    if let whole = buffers[id.index].whole { touch(whole.buffer, step) }
  }

  /// Makes a buffer a part of another one, which nobody has written yet, if nothing stands against it.
  mutating func move(_ id: BufferID, into whole: BufferID, floatOffset: Int) -> Bool {
    let buffer = buffers[id.index]
    guard case .arena = buffer.kind, buffer.whole == nil, buffer.firstStep <= buffer.lastStep, id != whole else {
      return false
    }
    let byteOffset = floatOffset * MemoryLayout<Float>.stride
    guard byteOffset + buffer.byteCount <= byteCount(whole) else { return false }
    buffers[id.index].whole = (whole, byteOffset)
    touch(whole, buffer.firstStep)
    touch(whole, buffer.lastStep)
    return true
  }

  /// Puts another step in the place of the last one, whose output nobody has read: that output is not made any more.
  mutating func replaceLast(with step: any Step, insteadOf output: BufferID, _ touched: BufferID?...) {
    guard let last = descriptions.popLast() else { return }
    steps.removeLast()
    (buffers[output.index].firstStep, buffers[output.index].lastStep) = (.max, .min)
    append(step, name: last.name, reason: last.reason, touched)
  }

  /// Whether the only step that ever touched a buffer of the arena is the last one.
  func isOfLastStepAlone(_ id: BufferID) -> Bool {
    let buffer = buffers[id.index]
    guard case .arena = buffer.kind, buffer.whole == nil else { return false }
    return buffer.firstStep == steps.count - 1 && buffer.lastStep == steps.count - 1
  }

  // MARK: Values

  /// The extents of a value.
  ///
  /// - Throws: `.unsupported` when one is open, or the engine holds no elements of the value's type.
  func extents(_ id: ValueID) throws(ModelError) -> [Int] {
    let value = graph[id]
    _ = try width(id)
    guard let extents = value.type.shape.extents else {
      throw ModelError(.unsupported, "the extents \(value.type.shape) of '\(value.name)' are not known before running")
    }
    guard let count = Shape.elementCount(of: extents), count > 0, count < 1 << 48, extents.count <= ferry_maximum_rank
    else { throw ModelError(.unsupported, "'\(value.name)' has the extents \(extents)") }
    return extents
  }

  /// Bytes of one element of a value where it lies row-major. Constants of other real types are held as float32.
  ///
  /// - Throws: `.unsupported` when the engine holds no elements of the value's type.
  func width(_ id: ValueID) throws(ModelError) -> Int {
    let value = graph[id]
    switch value.type.elementType {
    case .float32: return 4
    case .int8, .uint8, .bool: return 1
    case .int16, .uint16: return 2
    case .int32, .uint32: return 4
    case .int64, .uint64: return 8
    case .float16, .bfloat16, .float64, .int4, .string:
      if value.constant != nil, value.type.elementType.isFloatingPoint { return 4 }
      throw ModelError(
        .unsupported, "'\(value.name)' holds \(value.type.elementType.name), which the engine does not compute with")
    }
  }

  func elementCount(_ id: ValueID) throws(ModelError) -> Int { try extents(id).reduce(1, *) }

  func places(_ id: ValueID) -> Places { places[id] ?? Places() }

  func isConstant(_ id: ValueID) -> Bool { graph[id].constant != nil }

  mutating func setPlain(_ id: ValueID, _ buffer: BufferID) { places[id, default: Places()].plain = buffer }

  mutating func setBlocked(_ id: ValueID, _ buffer: BufferID) { places[id, default: Places()].blocked = buffer }

  mutating func setExternal(_ id: ValueID, _ external: External) { places[id, default: Places()].external = external }

  /// Lets `id` lie where `other` lies; for values of the same extents.
  mutating func alias(_ id: ValueID, to other: ValueID) throws(ModelError) {
    if isConstant(other) {
      setPlain(id, try plain(other))
    } else {
      places[id] = places(other)
    }
  }

  /// A new plain place for a value.
  mutating func newPlain(_ id: ValueID) throws(ModelError) -> BufferID {
    let result = buffer(count: try elementCount(id), width: try width(id))
    setPlain(id, result)
    return result
  }

  /// A new blocked place for a value.
  mutating func newBlocked(_ id: ValueID) throws(ModelError) -> BufferID {
    let result = buffer(floats: try MapExtents(try extents(id)).floats())
    setBlocked(id, result)
    return result
  }

  /// Records that a node's outputs are complete; their buffers live at least until now.
  mutating func observe(_ node: Node) throws(ModelError) {
    var outputs: [(place: Plan.Place, type: TensorType)] = []
    for id in node.outputs {
      let extents = try extents(id)
      let type = graph[id].type.with(shape: Shape(extents))
      let held = places(id)
      if held.plain == nil, let blocked = held.blocked {
        outputs.append((.blocked(blocked, try MapExtents(extents)), type))
        keep(blocked)
      } else {
        let plain = try plain(id)
        outputs.append((.plain(plain), type))
        keep(plain)
      }
    }
    observations.append(Plan.Observation(step: steps.count, node: node, outputs: outputs))
  }

  private mutating func keep(_ buffer: BufferID) {
    if !steps.isEmpty { touch(buffer, steps.count - 1) }
  }

  /// Lets the end of each run see whether there was a scale.
  mutating func expectScale(_ buffer: BufferID, of node: Node) { computedScales.append((buffer, node)) }

  /// Makes the buffer that holds a value plainly the caller's own, if nothing stands against it.
  mutating func redirect(_ id: ValueID, toOutput position: Int, byteCount: Int) -> Bool {
    guard let held = places(id).plain, case .arena = buffers[held.index].kind,
      buffers[held.index].byteCount == byteCount, buffers[held.index].whole == nil,
      !buffers.contains(where: { $0.whole?.buffer == held })
    else { return false }
    buffers[held.index].kind = .output(position)
    return true
  }

  // MARK: Finishing

  /// Lays out the arena.
  func finish(inputs: [Plan.Port], outputs: [Plan.Port]) throws(ModelError) -> Plan {
    var buffers = buffers
    for scale in computedScales { buffers[scale.buffer.index].lastStep = steps.count - 1 }
    var indices: [Int] = []
    var requests: [ArenaLayout.Request] = []
    for (index, buffer) in buffers.enumerated() {
      guard case .arena = buffer.kind, buffer.whole == nil, buffer.firstStep <= buffer.lastStep else { continue }
      indices.append(index)
      requests.append(ArenaLayout.Request(byteCount: buffer.byteCount, lifetime: buffer.firstStep...buffer.lastStep))
    }
    let (offsets, total) = try ArenaLayout.offsets(requests)
    for (index, offset) in zip(indices, offsets) { buffers[index].kind = .arena(offset: offset) }
    for index in buffers.indices where buffers[index].whole != nil {
      var (place, next) = (0, buffers[index].whole)
      // A part of a part lies in the outermost.
      while let whole = next {
        place += whole.byteOffset
        if case .arena(let offset) = buffers[whole.buffer.index].kind, buffers[whole.buffer.index].whole == nil {
          place += offset
        }
        next = buffers[whole.buffer.index].whole
      }
      buffers[index].kind = .arena(offset: place)
    }
    return Plan(
      inputs: inputs, outputs: outputs, buffers: buffers, steps: steps, descriptions: descriptions,
      observations: observations, computedScales: computedScales, arenaByteCount: total)
  }
}
