import CKernels
import ModelGraph

extension PlanBuilder {
  /// A function of one operand as its kernel takes it.
  struct Activation {
    let operation: ferry_unary_operation
    var alpha: Float = 0
    var beta: Float = 0
    var bounds = Bounds()

    init(_ operation: ferry_unary_operation, alpha: Float = 0, beta: Float = 0, bounds: Bounds = Bounds()) {
      self.operation = operation
      self.alpha = alpha
      self.beta = beta
      self.bounds = bounds
    }

    static func clamp(_ range: ClampRange) -> Activation {
      Activation(ferry_unary_clamp, bounds: Bounds(range))
    }
  }

  static func activation(_ function: Unary.Function) throws(ModelError) -> Activation {
    switch function {
    case .absolute: Activation(ferry_unary_absolute)
    case .negate: Activation(ferry_unary_negate)
    case .exponential: Activation(ferry_unary_exponential)
    case .logarithm: Activation(ferry_unary_logarithm)
    case .squareRoot: Activation(ferry_unary_square_root)
    case .reciprocalSquareRoot: Activation(ferry_unary_reciprocal_square_root)
    case .reciprocal: Activation(ferry_unary_reciprocal)
    case .square: Activation(ferry_unary_square)
    case .floor: Activation(ferry_unary_floor)
    case .ceiling: Activation(ferry_unary_ceiling)
    case .roundHalfToEven: Activation(ferry_unary_round_to_even)
    case .sign: Activation(ferry_unary_sign)
    case .sine: Activation(ferry_unary_sine)
    case .cosine: Activation(ferry_unary_cosine)
    case .errorFunction: Activation(ferry_unary_error_function)
    case .sigmoid: Activation(ferry_unary_sigmoid)
    case .hyperbolicTangent: Activation(ferry_unary_hyperbolic_tangent)
    case .softplus: Activation(ferry_unary_softplus)
    case .softsign: Activation(ferry_unary_softsign)
    case .silu: Activation(ferry_unary_swish)
    case .hardSwish: Activation(ferry_unary_hard_swish, alpha: 1 / 6, beta: 0.5)
    case .hardSigmoid(let alpha, let beta): Activation(ferry_unary_hard_sigmoid, alpha: alpha, beta: beta)
    case .leakyReLU(let alpha): Activation(ferry_unary_leaky_relu, alpha: alpha)
    case .elu(let alpha): Activation(ferry_unary_elu, alpha: alpha)
    case .selu(let alpha, let gamma): Activation(ferry_unary_selu, alpha: alpha, beta: gamma)
    case .gelu(let approximate): Activation(approximate ? ferry_unary_gelu_tanh : ferry_unary_gelu)
    case .thresholdedReLU(let theta): Activation(ferry_unary_thresholded_relu, alpha: theta)
    case .not: throw ModelError(.unsupported, "logical negation")
    }
  }

  mutating func lowerUnary(_ node: Node, _ activation: Activation) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let source: BufferID
    let target: BufferID
    if prefersBlocks([x]) {
      source = try blocked(x)
      target = try newBlocked(y)
    } else {
      source = try plain(x)
      target = try newPlain(y)
    }
    try emitUnary(activation, from: source, to: target, count: floats(target))
  }

  mutating func emitUnary(
    _ activation: Activation, from source: BufferID, to target: BufferID, count: Int
  ) throws(ModelError) {
    let step = UnaryStep(
      kernel: try kernels.unary(activation.operation), input: source, output: target, count: count,
      alpha: activation.alpha, beta: activation.beta, bounds: activation.bounds)
    emit(step, source, target)
  }

  mutating func lower(_ op: Binary, _ node: Node) throws(ModelError) {
    let operation: ferry_binary_operation
    switch op.function {
    case .add: operation = ferry_binary_add
    case .subtract: operation = ferry_binary_subtract
    case .multiply: operation = ferry_binary_multiply
    case .divide: operation = ferry_binary_divide
    case .maximum: operation = ferry_binary_maximum
    case .minimum: operation = ferry_binary_minimum
    case .power: operation = ferry_binary_power
    case .squaredDifference: operation = ferry_binary_squared_difference
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or:
      throw ModelError(.unsupported, "the engine has no kernel for \(op.function.rawValue)")
    }
    try lowerBinary(node, operation: operation, bounds: Bounds(op.outputClamp))
  }

  enum Special { case prelu }

  mutating func lowerBinary(_ node: Node, _ special: Special, bounds: Bounds) throws(ModelError) {
    try lowerBinary(node, operation: ferry_binary_prelu, bounds: bounds)
  }

  private mutating func lowerBinary(
    _ node: Node, operation: ferry_binary_operation, bounds: Bounds
  ) throws(ModelError) {
    let kernel = try kernels.binary(operation)
    let a = try input(node, 0), b = try input(node, 1), y = try output(node)
    let extents = try extents(y)
    if extents.count == 4, prefersBlocks([a, b]) {
      let map = try MapExtents(extents)
      if let left = try blockedOperand(a, map), let right = try blockedOperand(b, map) {
        let target = try newBlocked(y)
        let loop: BroadcastLoop
        if left.mode != ferry_operand_lanes, right.mode != ferry_operand_lanes {
          loop = BroadcastLoop(
            extents: [], leftStrides: [], rightStrides: [], inner: try map.floats(), leftMode: left.mode,
            rightMode: right.mode)
        } else {
          loop = BroadcastLoop(
            extents: [map.batch, map.blocks], leftStrides: left.strides, rightStrides: right.strides,
            inner: map.blockStride, leftMode: left.mode, rightMode: right.mode)
        }
        emit(
          BinaryStep(
            kernel: kernel, left: left.buffer, right: right.buffer, output: target, loop: loop, bounds: bounds),
          left.buffer, right.buffer, target)
        return
      }
    }
    let left = try plain(a), right = try plain(b)
    let target = try newPlain(y)
    let loop = BroadcastLoop(left: try self.extents(a), right: try self.extents(b), result: extents)
    emit(
      BinaryStep(kernel: kernel, left: left, right: right, output: target, loop: loop, bounds: bounds), left, right,
      target)
  }

  /// An operand over blocked planes: its buffer, how a kernel call reads it, and its strides from map to map and from
  /// block to block.
  private struct BlockedOperand {
    let buffer: BufferID
    let mode: ferry_operand_mode
    let strides: [Int]
  }

  /// An operand of a blocked result, where it can be one: the whole map, one number, or one number a channel.
  private mutating func blockedOperand(
    _ id: ValueID, _ map: MapExtents
  ) throws(ModelError) -> BlockedOperand? {
    let own = try extents(id)
    let count = try elementCount(id)
    if own == [map.batch, map.height, map.width, map.channels], count > 1 {
      return BlockedOperand(
        buffer: try blocked(id), mode: ferry_operand_run, strides: [map.imageStride, map.blockStride])
    }
    if count == 1 { return BlockedOperand(buffer: try plain(id), mode: ferry_operand_scalar, strides: [0, 0]) }
    guard own.last == map.channels else { return nil }
    if let tensor = graph[id].constant {
      guard count == map.channels else { return nil }
      return BlockedOperand(buffer: try lanes(id, tensor), mode: ferry_operand_lanes, strides: [0, 8])
    }
    guard own.count == 4, own[1] == 1, own[2] == 1 else { return nil }
    let stride = own[0] == 1 ? 0 : map.blocks * 8
    return BlockedOperand(buffer: try blocked(id), mode: ferry_operand_lanes, strides: [stride, 8])
  }

  /// A constant vector of channels in blocks of eight.
  private mutating func lanes(_ id: ValueID, _ tensor: Tensor) throws(ModelError) -> BufferID {
    try constant(.lanes(id)) { () throws(ModelError) in
      try AlignedMemory(floats: (tensor.elementCount + 7) / 8 * 8) { (target) throws(ModelError) in
        try tensor.withFloat32 {
          UnsafeMutableRawPointer(target).copyMemory(from: $0, byteCount: tensor.elementCount * 4)
        }
      }
    }
  }

  /// A batch norm that was not folded: y = x · s + (β − μ · s), s = γ / √(σ² + ε).
  mutating func lower(_ op: BatchNorm, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    guard op.axis == extents.count - 1 else {
      throw ModelError(.unsupported, "a batch norm along axis \(op.axis) of \(extents)")
    }
    let channels = extents[op.axis]
    let gamma = try optionalConstant(node, 1, "gamma"), beta = try optionalConstant(node, 2, "beta")
    let mean = try constantTensor(node, 3, "a mean").floats()
    let variance = try constantTensor(node, 4, "a variance").floats()
    let scales = try gamma?.floats() ?? [Float](repeating: 1, count: channels)
    let shifts = try beta?.floats() ?? [Float](repeating: 0, count: channels)
    guard [scales, shifts, mean, variance].allSatisfy({ $0.count == channels }) else {
      throw ModelError(.internalFault, "statistics do not fit \(channels) channels")
    }
    let factors = (0..<channels).map { scales[$0] / (variance[$0] + op.epsilon).squareRoot() }
    let parts = [factors, (0..<channels).map { shifts[$0] - mean[$0] * factors[$0] }]
    let isBlocked = extents.count == 4 && prefersBlocks([x])
    var source = isBlocked ? try blocked(x) : try plain(x)
    let target = isBlocked ? try newBlocked(y) : try newPlain(y)
    for (part, values) in parts.enumerated() {
      let vector = try constant(.statistics(node.id, part: part)) { () throws(ModelError) in
        try AlignedMemory(floats: (channels + 7) / 8 * 8) { target in
          for (index, value) in values.enumerated() { target[index] = value }
        }
      }
      let loop: BroadcastLoop
      if isBlocked {
        let map = try MapExtents(extents)
        loop = BroadcastLoop(
          extents: [map.batch, map.blocks], leftStrides: [map.imageStride, map.blockStride], rightStrides: [0, 8],
          inner: map.blockStride, leftMode: ferry_operand_run, rightMode: ferry_operand_lanes)
      } else {
        loop = BroadcastLoop(left: extents, right: [channels], result: extents)
      }
      let step = BinaryStep(
        kernel: try kernels.binary(part == 0 ? ferry_binary_multiply : ferry_binary_add), left: source, right: vector,
        output: target, loop: loop, bounds: part == 0 ? Bounds() : Bounds(op.outputClamp))
      emit(step, source, target)
      source = target
    }
  }
}
