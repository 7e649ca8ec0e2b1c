"""Makes the .tflite files beside this script but operators.tflite. Run: python make_goldens.py (flatbuffers, numpy, ai-edge-litert)."""

import pathlib

import numpy as np
from tflite_builder import CODES, OPTIONS, Model, fill, schema

FOLDER = pathlib.Path(__file__).parent


def every_options_table():
    """One operator for each table of BuiltinOptions, every field away from its default; and every table of a tensor."""
    model = Model("every options table")
    graph = model.graph("tables")
    value = graph.input([1, 2, 2, 1])
    codes = sorted(code for code in CODES.values() if code not in (CODES["CUSTOM"], 127))
    for position, (name, _) in enumerate(sorted(OPTIONS.items(), key=lambda item: item[1])):
        table = getattr(schema, name + "T")()
        for field, default in vars(table).items():
            if name == "ResizeBilinearOptions" and field in ("newHeight", "newWidth"):
                continue
            setattr(table, field, changed(name, field, default))
        output = graph.tensor([1, 2, 2, 1], name=f"{name}/output")
        code = codes[(position + 40) % len(codes)]
        graph.operator(code, [value, -1], [output], table, version=position % 5 + 1)
    extra = graph.operator
    extra("CUSTOM", [value], [value], custom="Own:Operator", customOptions=[1, 2, 3, 4, 5])
    # What tensors can carry.
    sparsity = fill(
        schema.SparsityParametersT(), traversalOrder=[0, 1], blockMap=[1],
        dimMetadata=[
            fill(schema.DimensionMetadataT(), format=0, denseSize=4),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=2,
                arraySegments=fill(schema.Uint16VectorT(), values=[0, 1, 2]), arrayIndicesType=3,
                arrayIndices=fill(schema.Uint8VectorT(), values=[2, 1])),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=1,
                arraySegments=fill(schema.Int32VectorT(), values=[0, 70000])),
        ])
    graph.tensor([4, 4], name="sparse", sparsity=sparsity)
    graph.tensor([-1, 4], name="open", shapeSignature=[-1, 4], hasRank=True, isVariable=True)
    graph.tensor([2, 3], "INT8", "per axis", scale=[0.5, 0.25], zero=[0, -3], axis=0)
    for kind, details in (
        (1, fill(schema.CustomQuantizationT(), custom=[7, 8, 9])),
        (2, fill(schema.BlockwiseQuantizationT(), scales=3, zeroPoints=4, blockSize=32, blockShape=[1, 32])),
        (3, fill(
            schema.MultiAxisQuantizationT(), scales=3, zeroPoints=4, blockSize=32, quantizedDimensions=[0, 1])),
    ):
        graph.tensor([2, 3], "INT4", f"details {kind}", quantization=fill(
            schema.QuantizationParametersT(), min=[-1.5], max=[1.5], detailsType=kind, details=details))
    graph.tensor([], "VARIANT", "variant", variantTensors=[
        fill(schema.VariantSubTypeT(), shape=[2, 3], type=7, hasRank=True)])
    graph.outputs(*[row for row in range(1, 4)])
    model.signature("serving", graph)
    other = model.graph("second")
    other.outputs(other.input([2], "INT64"))
    model.signature("second", other)
    model.table.metadata.append(fill(schema.MetadataT(), name="note", buffer=model.buffer(b"hello")))
    model.table.metadataBuffer = [1]
    return model.bytes()


def changed(table, field, default):
    """A value that a reader cannot mistake for the default."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, float):
        return 0.375
    if isinstance(default, int):
        enumerations = (
            "padding", "fusedActivationFunction", "mode", "weightsFormat", "combiner", "kernelType", "type")
        if field in enumerations:
            return 1
        if field.lower().endswith(("type", "dtype")):
            return 9
        return default + 3
    if field in ("container", "sharedName"):
        return f"{table}.{field}"
    if field == "boundaries":
        return [0.5, -2.25]
    return [3, 1, 2]


def odd_but_valid():
    """What real writers do: no names, one name twice, buffer 0 for every activation, no bias, no options, no signature."""
    model = Model("odd but valid")
    graph = model.graph(None)
    x = graph.input([1, 4, 4, 2])
    graph.table.tensors[x].name = None
    weights = model.buffer(np.arange(6, dtype=np.float32).tobytes())
    filters = [graph.tensor([3, 1, 1, 2], name=name, buffer=weights) for name in ("shared", None)]
    first = graph.tensor([1, 4, 4, 3], name="same name", quantization=schema.QuantizationParametersT())
    second = graph.tensor([1, 4, 4, 3], name="same name")
    third = graph.tensor(None, name="")
    unused = graph.tensor([7], name="unused")
    options = fill(
        schema.Conv2DOptionsT(), padding=1, strideW=1, strideH=1, dilationWFactor=1, dilationHFactor=1)
    graph.operator("CONV_2D", [x, filters[0], -1], [first], options)
    graph.operator("CONV_2D", [x, filters[1]], [second], options)
    graph.operator("ADD", [first, second], [third])
    graph.outputs(third, first, second)
    assert unused
    return model.bytes()


def no_buffers():
    model = Model()
    graph = model.graph()
    y = graph.tensor([2, 2], name="y")
    graph.operator("RELU", [graph.input([2, 2])], [y])
    graph.outputs(y)
    model.table.buffers = None
    return model.bytes()


def buffer_behind():
    """The form of files above 2 GB: weights behind the flatbuffer, found by offset and size; custom options likewise."""
    data = np.arange(12, dtype=np.float32).tobytes()

    def build(offset):
        model = Model("weights behind the flatbuffer")
        graph = model.graph()
        x = graph.input([1, 4])
        weights = graph.tensor([3, 4], name="weights", buffer=model.buffer(b""))
        fill(model.table.buffers[1], data=None, offset=offset, size=len(data))
        fill(model.table.buffers[0], offset=1)
        y = graph.tensor([1, 3], name="y")
        graph.operator("FULLY_CONNECTED", [x, weights, -1], [y], schema.FullyConnectedOptionsT())
        z = graph.tensor([1, 3], name="z")
        graph.operator(
            "CUSTOM", [y], [z], custom="Own", largeCustomOptionsOffset=offset + len(data), largeCustomOptionsSize=5)
        graph.outputs(z)
        return model.bytes()

    size = len(build(1 << 20))
    return build(size) + data + b"hello"


def several_graphs():
    """IF with its two branches: three subgraphs, two signatures, dynamic extents."""
    model = Model("several graphs")
    main, positive, negative = model.graph("main"), model.graph("then"), model.graph("else")
    for graph, operator in ((positive, "ABS"), (negative, "NEG")):
        x = graph.input([-1, 3], shapeSignature=[-1, 3])
        y = graph.tensor([-1, 3], name="y", shapeSignature=[-1, 3])
        graph.operator(operator, [x], [y])
        graph.outputs(y)
    condition = main.input([], "BOOL", "condition", hasRank=True)
    x = main.input([1, 3], name="x", shapeSignature=[-1, 3])
    y = main.tensor([1, 3], name="y", shapeSignature=[-1, 3])
    main.operator("IF", [condition, x], [y], fill(schema.IfOptionsT(), thenSubgraphIndex=1, elseSubgraphIndex=2))
    main.outputs(y)
    model.signature("choose", main)
    model.signature("absolute", positive)
    return model.bytes()


def opaque_operators():
    """Everything that cannot be given a meaning, in one chain."""
    model = Model("opaque operators")
    graph = model.graph()
    value = graph.input([1, 4])

    def chain(name, options=None, **fields):
        nonlocal value
        output = graph.tensor([1, 4], name=f"after {name}")
        graph.operator(name, [value], [output], options, **fields)
        value = output

    chain("CUSTOM", custom="Edge:Thing", customOptions=[1, 2, 3])
    chain("SVDF", fill(schema.SVDFOptionsT(), rank=2))
    chain("RELU", version=9)
    chain(250)
    chain("CONCATENATION", fill(schema.ConcatenationOptionsT(), axis=1, fusedActivationFunction=5))
    chain("STABLEHLO_PAD", builtinOptions2Type=10, builtinOptions2=schema.StablehloPadOptionsT())
    graph.outputs(value)
    return model.bytes()


def quantized():
    """Every way to quantize a constant that a file can state."""
    model = Model("quantized")
    graph = model.graph()
    x = graph.input([1, 4, 4, 2], "UINT8", scale=0.5, zero=128)
    filter = np.arange(6, dtype=np.int8).reshape(3, 1, 1, 2)
    filters = graph.constant(filter, scale=[0.5, 0.25, 0.125], zero=[0, 0, 0], axis=0)
    bias = graph.constant(np.arange(3, dtype=np.int32), scale=[0.25, 0.125, 0.0625], zero=[0, 0, 0])
    y = graph.tensor([1, 4, 4, 3], "UINT8", "y", scale=0.75, zero=3)
    graph.operator("CONV_2D", [x, filters, bias], [y], fill(
        schema.Conv2DOptionsT(), padding=1, strideW=1, strideH=1, dilationWFactor=1, dilationHFactor=1,
        fusedActivationFunction=3), version=3)
    z = graph.tensor([1, 4, 4, 3], "INT8", "z", scale=0.75, zero=-125)
    graph.operator("QUANTIZE", [y], [z])
    real = graph.tensor([1, 4, 4, 3], name="real")
    graph.operator("DEQUANTIZE", [z], [real], version=2)
    graph.outputs(real)
    return model.bytes()


def bad_models():
    """Files of one fault each; what Ferry must say of them stands in the test."""
    files = {}

    def file(name, change):
        model = Model()
        graph = model.graph("main")
        x = graph.input([1, 4], name="x")
        weights = graph.constant(np.ones((3, 4), np.float32), "weights")
        hidden = graph.tensor([1, 3], name="hidden")
        y = graph.tensor([1, 3], name="y")
        graph.operator("FULLY_CONNECTED", [x, weights, -1], [hidden], schema.FullyConnectedOptionsT())
        graph.operator("RELU", [hidden], [y])
        graph.outputs(y)
        change(model.table, graph.table)
        files[name] = model.bytes()

    def assign(owner, **fields):
        fill(owner, **fields)

    file("schema_version", lambda m, g: assign(m, version=2))
    file("no_subgraph", lambda m, g: assign(m, subgraphs=[]))
    file("input_outside", lambda m, g: assign(g, inputs=[9]))
    file("input_negative", lambda m, g: assign(g, inputs=[-2]))
    file("input_twice", lambda m, g: assign(g, inputs=[0, 0]))
    file("output_outside", lambda m, g: assign(g, outputs=[99]))
    file("output_never_made", lambda m, g: assign(g, outputs=[3], operators=g.operators[:1]))
    file("operand_outside", lambda m, g: assign(g.operators[0], inputs=[0, 77, -1]))
    file("operand_missing", lambda m, g: assign(g.operators[0], inputs=[0, -1, -1]))
    file("too_few_operands", lambda m, g: assign(g.operators[0], inputs=[0]))
    file("result_outside", lambda m, g: assign(g.operators[0], outputs=[1 << 30]))
    file("result_is_input", lambda m, g: assign(g.operators[0], outputs=[0]))
    file("result_is_constant", lambda m, g: assign(g.operators[1], outputs=[1]))
    file("two_results", lambda m, g: (
        g.tensors.append(fill(schema.TensorT(), shape=[1, 3])), assign(g.operators[1], outputs=[3, 4])))
    file("no_result", lambda m, g: assign(g.operators[1], outputs=[]))
    file("kind_outside", lambda m, g: assign(g.operators[1], opcodeIndex=5))
    file("wrong_order", lambda m, g: assign(g, operators=g.operators[::-1]))
    file("buffer_outside", lambda m, g: assign(g.tensors[1], buffer=8))
    file("content_too_short", lambda m, g: assign(m.buffers[1], data=m.buffers[1].data[:-1]))
    file("content_missing", lambda m, g: assign(m.buffers[1], data=None))
    file("content_beyond_file", lambda m, g: assign(m.buffers[1], data=None, offset=1 << 40, size=48))
    file("other_file", lambda m, g: assign(g.tensors[1], buffer=0, externalBuffer=1))
    file("wrong_shape", lambda m, g: assign(g.tensors[2], shape=[1, 5]))
    file("negative_extent", lambda m, g: assign(g.tensors[0], shape=[1, -4]))
    file("huge_shape", lambda m, g: assign(g.tensors[0], shape=[2**31 - 1] * 4))
    file("many_axes", lambda m, g: assign(g.tensors[0], shape=[1] * 40))
    file("element_type", lambda m, g: assign(g.tensors[0], type=8))
    file("wrong_options", lambda m, g: assign(
        g.operators[0], builtinOptionsType=OPTIONS["Pool2DOptions"], builtinOptions=schema.Pool2DOptionsT()))
    quantization = dict(scale=[0.5], zeroPoint=[0])

    def quantize(m, g, **fields):
        assign(g.tensors[2], type=9, quantization=fill(
            schema.QuantizationParametersT(), **{**quantization, **fields}))

    file("scale_nan", lambda m, g: quantize(m, g, scale=[float("nan")]))
    file("scale_infinite", lambda m, g: quantize(m, g, scale=[float("inf")]))
    file("scale_negative", lambda m, g: quantize(m, g, scale=[-0.5]))
    file("zero_point_outside", lambda m, g: quantize(m, g, zeroPoint=[128]))
    file("scale_count", lambda m, g: quantize(m, g, scale=[0.5, 0.5]))
    file("scales_of_axis", lambda m, g: quantize(
        m, g, scale=[0.5, 0.5], zeroPoint=[0, 0], quantizedDimension=1))
    file("metadata_buffer", lambda m, g: assign(m, metadata=[fill(schema.MetadataT(), name="note", buffer=12)]))
    file("nan_weight", lambda m, g: assign(
        m.buffers[1], data=np.frombuffer(np.full((3, 4), np.nan, np.float32).tobytes(), np.uint8)))
    return files


def quantized_faults():
    """Files that can be looked at and say something of their quantization that cannot be, or need not be, meant."""
    files = {}

    def file(name, **changes):
        model = Model()
        graph = model.graph("main")
        x = graph.input([1, 4], "INT8", "x", scale=changes.get("scale", 0.5), zero=1)
        weights = graph.constant(
            np.ones((3, 4), np.int8), "weights", scale=np.float32([0.25, 0.5, 0.125]), zero=[0, 0, 0],
            axis=changes.get("axis", 0))
        bias = graph.constant(
            np.ones(3, np.int32), "bias", scale=np.float32(changes.get("bias", [0.125, 0.25, 0.0625])),
            zero=changes.get("bias_zero", [0, 0, 0]))
        y = graph.tensor([1, 3], "INT8", "y", scale=0.75, zero=-3)
        graph.operator("FULLY_CONNECTED", [x, weights, bias], [y], schema.FullyConnectedOptionsT(), version=12)
        graph.outputs(y)
        files[name] = model.bytes()

    file("sound")
    file("scale_zero", scale=0.0)
    file("axis_outside", axis=2)
    file("bias_scale", bias=[0.125, 0.26, 0.0625])
    file("bias_zero_point", bias_zero=[0, 1, 0])
    return files


def main():
    for make in (
        every_options_table, odd_but_valid, no_buffers, buffer_behind, several_graphs, opaque_operators, quantized,
    ):
        (FOLDER / f"{make.__name__}.tflite").write_bytes(make())
    for folder, files in (("bad", bad_models()), ("quantized", quantized_faults())):
        (FOLDER / folder).mkdir(exist_ok=True)
        for name, content in files.items():
            (FOLDER / folder / f"{name}.tflite").write_bytes(content)


if __name__ == "__main__":
    main()
