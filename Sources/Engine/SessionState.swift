import CThreads
import ModelGraph

extension Session {
  /// The memory of one plan.
  final class State {
    let plan: Plan
    let shapes: [[Int]]
    private let arena: AlignedMemory
    private let team: Team?
    /// For each stage the number of the unit that comes next.
    private let counters: UnsafeMutablePointer<UInt32>
    private let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
    /// Copies of inputs whose bytes are not aligned as their elements should be; made when first needed.
    private var alignedInputs: [AlignedMemory?]
    /// Of the outputs of the last run.
    private(set) var outputStorages: [OutputStorage] = []
    /// The buffers of each input and output.
    private var inputBuffers: [[Int]]
    private var outputBuffers: [[Int]]

    /// - Parameter team: as many threads as the plan is made for; nil runs it on the caller's alone.
    init(plan: Plan, shapes: [[Int]], arenaLimit: Int, team: Team?) throws(ModelError) {
      let needed = plan.outputs.reduce(into: (bytes: plan.arenaByteCount, isTooMuch: false)) { sum, port in
        let (bytes, overflow) = sum.bytes.addingReportingOverflow(port.byteCount)
        sum = (bytes, sum.isTooMuch || overflow)
      }
      guard !needed.isTooMuch, needed.bytes <= arenaLimit else {
        throw ModelError(
          .unsupported, "activations and outputs take \(needed.bytes) bytes, the limit is \(arenaLimit) bytes")
      }
      self.plan = plan
      self.shapes = shapes
      self.team = team
      arena = try AlignedMemory(byteCount: plan.arenaByteCount)
      counters = .allocate(capacity: max(plan.stages.count, 1))
      bases = .allocate(capacity: max(plan.buffers.count, 1))
      bases.initialize(repeating: arena.start, count: max(plan.buffers.count, 1))
      alignedInputs = plan.inputs.map { _ in nil }
      inputBuffers = plan.inputs.map { _ in [] }
      outputBuffers = plan.outputs.map { _ in [] }
      for (index, buffer) in plan.buffers.enumerated() {
        switch buffer.kind {
        case .arena(let offset): bases[index] = arena.start + offset
        case .constant(let memory): bases[index] = memory.start
        case .input(let position): inputBuffers[position].append(index)
        case .output(let position): outputBuffers[position].append(index)
        }
      }
    }

    deinit {
      bases.deallocate()
      counters.deallocate()
    }

    func bindInput(_ position: Int, _ base: UnsafeMutableRawPointer) {
      for index in inputBuffers[position] { bases[index] = base }
    }

    func bindOutput(_ position: Int, _ base: UnsafeMutableRawPointer) {
      for index in outputBuffers[position] { bases[index] = base }
    }

    /// Binds the outputs to storage that no tensor of an earlier run shows.
    ///
    /// - Throws: `.unsupported` where there is no memory for one.
    func bindOutputStorages() throws(ModelError) {
      for (index, port) in plan.outputs.enumerated() {
        if index == outputStorages.count {
          outputStorages.append(try OutputStorage(byteCount: port.byteCount))
        } else if !isKnownUniquelyReferenced(&outputStorages[index]) {
          outputStorages[index] = try OutputStorage(byteCount: port.byteCount)
        }
        guard let base = outputStorages[index].memory.baseAddress else { continue }
        bindOutput(index, base)
      }
    }

    /// Binds an input to bytes of any alignment.
    ///
    /// - Note: the bytes must outlive the run; the tensors that own them are held by the caller of it.
    func load(_ position: Int, _ bytes: UnsafeRawPointer) throws(ModelError) {
      let port = plan.inputs[position]
      if UInt(bitPattern: bytes) % UInt(port.width) == 0 {
        bindInput(position, UnsafeMutableRawPointer(mutating: bytes))
        return
      }
      let copy = if let held = alignedInputs[position] { held } else { try AlignedMemory(byteCount: port.byteCount) }
      alignedInputs[position] = copy
      copy.start.copyMemory(from: bytes, byteCount: port.byteCount)
      bindInput(position, copy.start)
    }

    /// - Throws: `.malformed` where numbers were to become counts that no scale holds.
    func run() throws(ModelError) {
      runSteps()
      try checkScales()
    }

    private func checkScales() throws(ModelError) {
      let memory = Memory(bases: bases)
      for (buffer, node) in plan.computedScales where memory[buffer][0].isNaN {
        throw ModelError(.malformed, "no scale holds the numbers that become counts").within(node.frame)
      }
    }

    private func runSteps() {
      guard let team else {
        let memory = Memory(bases: bases)
        for stage in plan.stages { stage.step.run(memory, stage: stage.stage, units: 0..<stage.units, lane: 0) }
        return
      }
      counters.initialize(repeating: 0, count: plan.stages.count)
      team.run(
        { context, lane in
          guard let context else { return }
          Unmanaged<State>.fromOpaque(context).takeUnretainedValue().runLane(lane)
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// One thread's part: all stages in order, of each as many units as it can get hold of.
    private func runLane(_ lane: Int) {
      let memory = Memory(bases: bases)
      for (index, stage) in plan.stages.enumerated() {
        if index > 0 { team?.wait() }
        if stage.units == 1 {
          if lane == 0 { stage.step.run(memory, stage: stage.stage, units: 0..<1, lane: lane) }
          continue
        }
        var unit = Int(ferry_team_claim(counters + index))
        while unit < stage.units {
          stage.step.run(memory, stage: stage.stage, units: unit..<(unit + 1), lane: lane)
          unit = Int(ferry_team_claim(counters + index))
        }
      }
    }

    /// Adds the seconds of each step to `seconds`, all on the caller's thread.
    func run(addingTimesTo times: inout [Double]) {
      let memory = Memory(bases: bases)
      var before = MonotonicClock.seconds
      for stage in plan.stages {
        stage.step.run(memory, stage: stage.stage, units: 0..<stage.units, lane: 0)
        let now = MonotonicClock.seconds
        times[stage.position] += now - before
        before = now
      }
    }

    func run(observe: (Node, [Tensor]) throws(ModelError) -> Void) throws(ModelError) {
      let memory = Memory(bases: bases)
      var next = 0
      for count in 0...plan.steps.count {
        if count > 0 {
          for (stage, units) in plan.steps[count - 1].stages.enumerated() {
            plan.steps[count - 1].run(memory, stage: stage, units: 0..<units, lane: 0)
          }
        }
        while next < plan.observations.count, plan.observations[next].step == count {
          let observation = plan.observations[next]
          var tensors: [Tensor] = []
          for output in observation.outputs { tensors.append(try tensor(output.place, output.type)) }
          try observe(observation.node, tensors)
          next += 1
        }
      }
      try checkScales()
    }

    /// A copy of a value.
    private func tensor(_ place: Plan.Place, _ type: TensorType) throws(ModelError) -> Tensor {
      guard let count = type.shape.elementCount(), let byteCount = type.elementType.byteCount(elementCount: count)
      else {
        throw ModelError(.internalFault, "a value \(type) has no fixed size")
      }
      let storage = try OwnedStorage(byteCount: byteCount) { bytes in
        guard let target = bytes.baseAddress else { return }
        switch place {
        case .plain(let buffer):
          target.copyMemory(from: bases[buffer.index], byteCount: byteCount)
        case .blocked(let buffer, let map):
          let floats = target.assumingMemoryBound(to: Float.self)
          let base = bases[buffer.index].assumingMemoryBound(to: Float.self)
          for channel in 0..<map.channels {
            for image in 0..<map.batch {
              let source = base + image * map.imageStride + channel / 8 * map.blockStride + channel % 8
              for pixel in 0..<map.pixels {
                floats[(image * map.pixels + pixel) * map.channels + channel] = source[pixel * 8]
              }
            }
          }
        }
      }
      return try Tensor(type: type, storage: storage, range: 0..<byteCount)
    }
  }
}
