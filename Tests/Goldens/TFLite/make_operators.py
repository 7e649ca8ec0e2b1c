"""Makes operators.tflite, one subgraph an operator case, and operators.npz, what LiteRT answers without a delegate.

Run: python make_operators.py (flatbuffers, numpy, ai-edge-litert). Keys of the archive: CASE.inputN, CASE.outputN.
"""

import numpy as np
from ai_edge_litert import interpreter as litert
from tflite_builder import Model, fill, schema

random = np.random.default_rng(20)


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


class Cases:
    def __init__(self):
        self.model = Model("operator cases")
        self.inputs = {}

    def add(self, key, operator, inputs, outputs, options=None, constants=(), order=None, version=1, types=None):
        """One operator whose first inputs are fed and whose others are constant.

        outputs: shapes; order: positions of fed inputs and constants among the operator's inputs; types: of the outputs.
        """
        graph = self.model.graph(key)
        fed = []
        for array in inputs:
            kind = {"float32": "FLOAT32", "int32": "INT32", "int64": "INT64", "bool": "BOOL"}[str(array.dtype)]
            fed.append(graph.input(list(array.shape), kind))
        operands = fed + [-1 if array is None else graph.constant(array) for array in constants]
        if order:
            operands = [operands[position] for position in order]
        results = [
            graph.tensor(list(shape), (types or {}).get(index, "FLOAT32"), f"output{index}")
            for index, shape in enumerate(outputs)
        ]
        graph.operator(operator, operands, results, options, version)
        graph.outputs(*results)
        self.model.signature(key, graph)
        self.inputs[key] = inputs


def options(name, **fields):
    return fill(getattr(schema, name + "OptionsT")(), **fields)


def layers(cases):
    x = normal(1, 7, 6, 4)
    for padding in (0, 1):
        for stride in (1, 2):
            tag = f"{['same', 'valid'][padding]}_{stride}"
            common = dict(padding=padding, strideW=stride, strideH=stride)
            rows = {0: (-(-7 // stride), -(-6 // stride)), 1: ((7 - 3) // stride + 1, (6 - 2) // stride + 1)}[padding]
            cases.add(
                f"conv_{tag}", "CONV_2D", [x], [[1, *rows, 5]],
                options("Conv2D", fusedActivationFunction=3, dilationWFactor=1, dilationHFactor=1, **common),
                [normal(5, 3, 2, 4), normal(5)])
            cases.add(
                f"depthwise_{tag}", "DEPTHWISE_CONV_2D", [x], [[1, *rows, 8]],
                options(
                    "DepthwiseConv2D", depthMultiplier=2, fusedActivationFunction=1, dilationWFactor=1,
                    dilationHFactor=1, **common), [normal(1, 3, 2, 8), normal(8)])
            pool = options("Pool2D", filterWidth=2, filterHeight=3, **common)
            cases.add(f"average_pool_{tag}", "AVERAGE_POOL_2D", [x], [[1, *rows, 4]], pool)
            cases.add(f"max_pool_{tag}", "MAX_POOL_2D", [x], [[1, *rows, 4]], pool)
    cases.add(
        "conv_dilated_grouped", "CONV_2D", [x], [[1, 7, 6, 6]],
        options("Conv2D", padding=0, strideW=1, strideH=1, dilationWFactor=2, dilationHFactor=3,
                fusedActivationFunction=2), [normal(6, 3, 3, 2), normal(6)], version=6)
    cases.add(
        "depthwise_dilated", "DEPTHWISE_CONV_2D", [x], [[1, 3, 2, 4]],
        options("DepthwiseConv2D", padding=1, strideW=1, strideH=1, depthMultiplier=1, dilationWFactor=2,
                dilationHFactor=2), [normal(1, 3, 3, 4), normal(4)], version=2)
    cases.add(
        "conv_tanh", "CONV_2D", [x], [[1, 7, 6, 5]],
        options("Conv2D", padding=0, strideW=1, strideH=1, dilationWFactor=1, dilationHFactor=1,
                fusedActivationFunction=0), [normal(5, 1, 1, 4), normal(5)])
    small = normal(1, 3, 4, 2)
    for tag, padding, shape in (
        ("same", 0, (6, 8)), ("same_odd", 0, (5, 7)), ("valid", 1, (7, 9)), ("valid_longer", 1, (8, 10)),
    ):
        if tag == "valid_longer":
            shape = (7, 9)
        cases.add(
            f"transpose_conv_{tag}", "TRANSPOSE_CONV", [small], [[1, *shape, 3]],
            options("TransposeConv", padding=padding, strideW=2, strideH=2),
            [np.array([1, *shape, 3], np.int32), normal(3, 3, 3, 2)], order=[1, 2, 0], version=1)
    cases.add(
        "transpose_conv_bias", "TRANSPOSE_CONV", [small], [[1, 3, 4, 3]],
        options("TransposeConv", padding=0, strideW=1, strideH=1, fusedActivationFunction=1),
        [np.array([1, 3, 4, 3], np.int32), normal(3, 2, 2, 2), normal(3)], order=[1, 2, 0, 3], version=4)
    dense = normal(3, 8)
    cases.add(
        "fully_connected", "FULLY_CONNECTED", [dense], [[3, 5]], options("FullyConnected", fusedActivationFunction=1),
        [normal(5, 8), normal(5)])
    cases.add(
        "fully_connected_no_bias", "FULLY_CONNECTED", [dense], [[3, 5]], options("FullyConnected"),
        [normal(5, 8), None])
    cases.add(
        "fully_connected_flattens", "FULLY_CONNECTED", [normal(2, 2, 2, 4)], [[2, 5]], options("FullyConnected"),
        [normal(5, 16), normal(5)])
    cases.add(
        "fully_connected_keeps", "FULLY_CONNECTED", [normal(2, 3, 8)], [[2, 3, 5]],
        options("FullyConnected", keepNumDims=True), [normal(5, 8), normal(5)], version=5)
    cases.add(
        "batch_matmul", "BATCH_MATMUL", [normal(2, 3, 4), normal(2, 5, 4)], [[2, 3, 5]],
        options("BatchMatMul", adjY=True))


def elementwise(cases):
    x = normal(2, 3, 4) * 3
    positive = np.abs(normal(2, 3, 4)) + 0.1
    for name in ("RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "ELU", "HARD_SWISH", "LOGISTIC", "TANH", "EXP", "NEG",
                 "ABS", "SQUARE", "SIN", "COS", "FLOOR", "CEIL", "ROUND", "SIGN"):
        cases.add(name.lower(), name, [x], [x.shape])
    for name in ("SQRT", "RSQRT", "LOG"):
        cases.add(name.lower(), name, [positive], [x.shape])
    cases.add("leaky_relu", "LEAKY_RELU", [x], [x.shape], options("LeakyRelu", alpha=0.3))
    cases.add("gelu", "GELU", [x], [x.shape], options("Gelu", approximate=False))
    cases.add("gelu_approximate", "GELU", [x], [x.shape], options("Gelu", approximate=True))
    cases.add("prelu", "PRELU", [normal(1, 3, 2, 4)], [[1, 3, 2, 4]], constants=[normal(1, 1, 4)])
    other = normal(2, 3, 4)
    for name, table in (("ADD", "Add"), ("SUB", "Sub"), ("MUL", "Mul"), ("DIV", "Div")):
        cases.add(name.lower(), name, [x, positive], [x.shape], options(table))
        cases.add(
            f"{name.lower()}_broadcast_relu6", name, [x], [x.shape], options(table, fusedActivationFunction=3),
            [positive[:1, :1]])
    for name in ("MAXIMUM", "MINIMUM"):
        cases.add(name.lower(), name, [x, other], [x.shape], options("MaximumMinimum"))
    cases.add("squared_difference", "SQUARED_DIFFERENCE", [x, other], [x.shape])
    cases.add("pow", "POW", [positive, other], [x.shape], options("Pow"))
    cases.add("floor_div", "FLOOR_DIV", [x, positive], [x.shape], options("FloorDiv"))
    rounded = np.round(x)
    for name in ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"):
        cases.add(name.lower(), name, [rounded, np.round(other)], [x.shape], types={0: "BOOL"})
    yes, no = x > 0, other > 0
    for name in ("LOGICAL_AND", "LOGICAL_OR"):
        cases.add(name.lower(), name, [yes, no], [x.shape], types={0: "BOOL"})
    cases.add("logical_not", "LOGICAL_NOT", [yes], [x.shape], types={0: "BOOL"})
    cases.add("select", "SELECT", [yes, x, other], [x.shape])
    cases.add("select_v2", "SELECT_V2", [yes[:, :, :1], x, other[:1]], [x.shape])
    cases.add("cast_to_int", "CAST", [x], [x.shape], types={0: "INT32"})
    cases.add("cast_to_float", "CAST", [rounded.astype(np.int32)], [x.shape], options("Cast", inDataType=2))
    cases.add("softmax", "SOFTMAX", [x], [x.shape], options("Softmax", beta=0.5))
    cases.add("log_softmax", "LOG_SOFTMAX", [x], [x.shape])
    axes = np.array([1, -1], np.int32)
    for name in ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"):
        cases.add(name.lower(), name, [x], [[2]], options("Reducer"), [axes])
        cases.add(f"{name.lower()}_keeps", name, [x], [[2, 1, 1]], options("Reducer", keepDims=True), [axes])
    for name in ("ARG_MAX", "ARG_MIN"):
        cases.add(
            name.lower(), name, [x], [[2, 4]], options(name.title().replace("_", ""), outputType=4),
            [np.array([1], np.int32)], types={0: "INT64"})


def shapes(cases):
    x = normal(2, 3, 4)
    map = normal(1, 4, 6, 8)
    table = np.array([[0, 1], [2, 0], [1, 1]], np.int32)
    cases.add("pad", "PAD", [x], [[3, 5, 6]], options("Pad"), [table])
    cases.add("padv2", "PADV2", [x], [[3, 5, 6]], options("PadV2"), [table, np.float32(2.5)])
    for mode, name in ((0, "reflect"), (1, "symmetric")):
        cases.add(f"mirror_pad_{name}", "MIRROR_PAD", [x], [[3, 5, 6]], options("MirrorPad", mode=mode), [table])
    cases.add("reshape", "RESHAPE", [x], [[6, 4]], constants=[np.array([-1, 4], np.int32)])
    cases.add("reshape_by_option", "RESHAPE", [x], [[4, 6]], options("Reshape", newShape=[4, -1]))
    cases.add("squeeze", "SQUEEZE", [normal(1, 3, 1, 4)], [[1, 3, 4]], options("Squeeze", squeezeDims=[-2]))
    cases.add("squeeze_all", "SQUEEZE", [normal(1, 3, 1, 4)], [[3, 4]], options("Squeeze"))
    cases.add("expand_dims", "EXPAND_DIMS", [x], [[2, 3, 1, 4]], constants=[np.array([-2], np.int32)])
    cases.add("transpose", "TRANSPOSE", [x], [[4, 2, 3]], constants=[np.array([2, 0, 1], np.int32)])
    cases.add("concatenation", "CONCATENATION", [x, normal(2, 5, 4)], [[2, 8, 4]], options("Concatenation", axis=-2))
    cases.add("split", "SPLIT", [map], [[1, 4, 3, 8]] * 2, options("Split", numSplits=2), [np.array([2], np.int32)],
              order=[1, 0])
    cases.add("split_v", "SPLIT_V", [map], [[1, 4, 1, 8], [1, 4, 5, 8]], options("SplitV", numSplits=2),
              [np.array([1, -1], np.int32), np.array([-2], np.int32)])
    cases.add("slice", "SLICE", [x], [[1, 2, 4]],
              constants=[np.array([1, 1, 0], np.int32), np.array([1, 2, -1], np.int32)])
    strided = (
        ("plain", [0, 0, 1], [2, 3, 4], [1, 2, 2], {}, [2, 2, 2]),
        ("negative", [-1, 5, -1], [-3, -9, 0], [-1, -1, -2], {}, [2, 3, 2]),
        ("open", [1, 1, 1], [1, 1, 1], [1, -1, 1], dict(beginMask=1, endMask=6), [1, 2, 3]),
        ("shrink", [1, 0, -1], [2, 3, 0], [1, 1, 1], dict(shrinkAxisMask=5, endMask=2), [3]),
    )
    for name, begin, end, step, masks, shape in strided:
        cases.add(
            f"strided_slice_{name}", "STRIDED_SLICE", [x], [shape], options("StridedSlice", **masks),
            [np.array(values, np.int32) for values in (begin, end, step)])
    cases.add(
        "strided_slice_ellipsis", "STRIDED_SLICE", [x], [[2, 3, 2]], options("StridedSlice", ellipsisMask=1),
        [np.array([0, 1], np.int32), np.array([0, 3], np.int32), np.array([1, 1], np.int32)], version=3)
    cases.add(
        "strided_slice_new_axis", "STRIDED_SLICE", [x], [[2, 1, 3, 4]], options("StridedSlice", newAxisMask=2, beginMask=5, endMask=5),
        [np.array([0, 0, 0], np.int32), np.array([0, 0, 0], np.int32), np.array([1, 1, 1], np.int32)], version=3)
    cases.add("gather", "GATHER", [x], [[2, 2, 2, 4]], options("Gather", axis=-2),
              [np.array([[2, 0], [1, 1]], np.int32)])
    cases.add("pack", "PACK", [x, normal(2, 3, 4)], [[2, 3, 2, 4]], options("Pack", valuesCount=2, axis=2))
    cases.add("unpack", "UNPACK", [x], [[2, 4]] * 3, options("Unpack", num=3, axis=-2))
    cases.add("tile", "TILE", [x], [[4, 3, 12]], constants=[np.array([2, 1, 3], np.int32)])
    cases.add("broadcast_to", "BROADCAST_TO", [normal(3, 1)], [[2, 3, 4]],
              constants=[np.array([2, 3, 4], np.int32)], version=2)
    cases.add("shape", "SHAPE", [x], [[3]], options("Shape", outType=2), types={0: "INT32"})
    cases.add("fill", "FILL", [x], [[3, 2]], constants=[np.array([3, 2], np.int32), np.float32(-1.5)], order=[1, 2])
    cases.add("space_to_depth", "SPACE_TO_DEPTH", [map], [[1, 2, 3, 32]], options("SpaceToDepth", blockSize=2))
    cases.add("depth_to_space", "DEPTH_TO_SPACE", [map], [[1, 8, 12, 2]], options("DepthToSpace", blockSize=2))
    for name, table in (("RESIZE_BILINEAR", "ResizeBilinear"), ("RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighbor")):
        for tag, fields in (
            ("asymmetric", {}), ("corners", dict(alignCorners=True)), ("centers", dict(halfPixelCenters=True)),
        ):
            for size in ((7, 9), (3, 4)):
                cases.add(
                    f"{name.lower()}_{tag}_{size[0]}", name, [map], [[1, *size, 8]], options(table, **fields),
                    [np.array(size, np.int32)], version=3)


def chains(cases):
    """What no single operator can show: half-precision and sparse weights in front of a layer."""
    half = normal(5, 8).astype(np.float16)
    graph = cases.model.graph("dequantize_half")
    x = graph.input([2, 8])
    weights = graph.tensor([5, 8], name="weights")
    y = graph.tensor([2, 5], name="output0")
    graph.operator("DEQUANTIZE", [graph.constant(half)], [weights], version=3)
    graph.operator("FULLY_CONNECTED", [x, weights, -1], [y], options("FullyConnected"))
    graph.outputs(y)
    cases.model.signature("dequantize_half", graph)
    cases.inputs["dequantize_half"] = [normal(2, 8)]

    # Weights [4, 8] in blocks of 1 x 4: rows dense, blocks of a row listed, blocks dense.
    values = normal(3, 4)
    sparsity = fill(
        schema.SparsityParametersT(), traversalOrder=[0, 1, 2], blockMap=[1], dimMetadata=[
            fill(schema.DimensionMetadataT(), format=0, denseSize=4),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=3,
                arraySegments=fill(schema.Uint8VectorT(), values=[0, 1, 1, 3, 3]), arrayIndicesType=3,
                arrayIndices=fill(schema.Uint8VectorT(), values=[1, 0, 1])),
            fill(schema.DimensionMetadataT(), format=0, denseSize=4),
        ])
    graph = cases.model.graph("densify")
    x = graph.input([2, 8])
    sparse = graph.tensor(
        [4, 8], name="sparse", buffer=cases.model.buffer(values.tobytes()), sparsity=sparsity)
    weights = graph.tensor([4, 8], name="weights")
    y = graph.tensor([2, 4], name="output0")
    graph.operator("DENSIFY", [sparse], [weights])
    graph.operator("FULLY_CONNECTED", [x, weights, -1], [y], options("FullyConnected"))
    graph.outputs(y)
    cases.model.signature("densify", graph)
    cases.inputs["densify"] = [normal(2, 8)]


def main():
    cases = Cases()
    for make in (layers, elementwise, shapes, chains):
        make(cases)
    cases.model.write_with_answers("operators", cases.inputs, litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)


if __name__ == "__main__":
    main()
