import ModelGraph

extension PlanBuilder {
  /// Adds the step of a whole block.
  mutating func lower(_ fusion: BlockFusions.Fusion) throws(ModelError) {
    reason = fusion.reason
    let outputMap = fusion.project.outputMap
    let depthwise = try depthwiseLayer(fusion.depthwise)
    let project = try pointwiseLayer(fusion.project, bounds: fusion.bounds)
    var residual: BufferID?
    if let sum = fusion.sum { residual = try blocked(sum.other) }
    if fusion.mode == .panels, let expand = fusion.expand {
      let layer = try pointwiseLayer(expand, bounds: expand.bounds)
      let source = try blocked(expand.input)
      let deepMap = fusion.depthwise.outputMap
      let scratch = buffer(floats: lanes * PanelFusedStep.scratchFloats(layer, expand.outputMap))
      let deep = buffer(floats: try deepMap.floats())
      let target = try newBlocked(fusion.output)
      let step = PanelFusedStep(
        expand: layer, input: source, inputMap: expand.inputMap, depthwise: depthwise, scratch: scratch,
        deep: deep, deepMap: deepMap,
        project: PointwiseStep(
          layer: project, input: deep, output: target, inputMap: deepMap, outputMap: outputMap, residual: residual,
          lanes: lanes))
      emit(
        step, source, layer.weights, scratch, depthwise.weights, deep, project.weights, residual, target)
      return
    }
    let source: RowFusedStep.Source
    var touched: [BufferID]
    if let stem = fusion.stem {
      let layer = try stemLayer(stem)
      source = .stem(layer)
      touched = [layer.input, layer.weights]
    } else if let expand = fusion.expand {
      let layer = try pointwiseLayer(expand, bounds: expand.bounds)
      let input = try blocked(expand.input)
      source = .pointwise(layer, input: input, map: expand.inputMap)
      touched = [input, layer.weights]
    } else {
      let input = try blocked(fusion.depthwise.input)
      source = .input(input)
      touched = [input]
    }
    let target = try newBlocked(fusion.output)
    let group = BlockChoice.group(outputMap)
    let bands = lanes == 1 ? 1 : min(outputMap.height >= 28 * lanes ? 2 * lanes : lanes, outputMap.height)
    func step(_ scratch: BufferID) -> RowFusedStep {
      RowFusedStep(
        source: source, depthwise: depthwise, project: project, residual: residual, output: target, scratch: scratch,
        wideMap: fusion.depthwise.inputMap, outputMap: outputMap, group: group, bands: bands)
    }
    let scratch = buffer(floats: lanes * step(target).scratchFloats)
    emit(
      step(scratch), touched[0], touched.count > 1 ? touched[1] : nil, scratch, depthwise.weights, project.weights,
      residual, target)
  }
}
