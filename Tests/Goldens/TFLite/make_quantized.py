"""Makes quantized_operators.tflite, one subgraph a case of an operator on counts, and quantized_operators.npz, what LiteRT's
reference kernels answer; and a few of the cases as files of their own in the folder quantized.

Run: python make_quantized.py (flatbuffers, numpy, ai-edge-litert). Keys of the archive: CASE.inputN, CASE.outputN.
"""

import numpy as np
from ai_edge_litert import interpreter as litert
from tflite_builder import NUMPY_TYPES, Model, fill, schema

random = np.random.default_rng(7)
RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767)}
ACTIVATIONS = dict(none=0, relu=1, relu_n1_to_1=2, relu6=3)


class Q:
    """A tensor of counts: its content, or its extents alone; one scale, or one for each index of an axis."""

    def __init__(self, kind, content, scale, zero=0, axis=0):
        self.kind, self.scale, self.axis = kind, scale, axis
        self.zero = np.zeros(np.size(scale), np.int64) if np.size(scale) > 1 else zero
        self.shape = list(content.shape) if isinstance(content, np.ndarray) else list(content)
        self.array = content if isinstance(content, np.ndarray) else None

    def quantization(self):
        return {} if self.scale is None else dict(scale=self.scale, zero=self.zero, axis=self.axis)


def counts(kind, *shape, scale, zero=0, axis=0, low=None, high=None):
    bottom, top = RANGES[kind]
    array = random.integers(low if low is not None else bottom, (high if high is not None else top) + 1, shape)
    return Q(kind, array.astype(kind), scale, zero, axis)


def reals(*shape, scale=1.0):
    return Q("float32", (random.standard_normal(shape) * scale).astype(np.float32), None)


def plain(values, kind="int32"):
    return Q(kind, np.asarray(values, kind), None)


def symmetric(*shape, scale, axis=0):
    """Weights as the quantization specification has them, -127 ... 127: the kernels for real inputs turn signs around."""
    return counts("int8", *shape, scale=scale, axis=axis, low=-127)


class Narrow(Q):
    """4-bit weights, two in each byte, the lower four bits first."""

    def __init__(self, *shape, scale, axis=0):
        super().__init__("int4", random.integers(-7, 8, shape).astype(np.int8), scale, 0, axis)
        nibbles = np.append(self.array.reshape(-1), np.zeros(self.array.size % 2, np.int8)) & 15
        self.packed = (nibbles[0::2] | nibbles[1::2] << 4).astype(np.uint8)


def ties(low, high, count):
    """Real numbers within a few last bits of halves of the steps that a row from low to high is quantized in."""
    low, high = np.float32(low), np.float32(high)
    step = max(abs(low), abs(high)) / 127 if low == -high else (high - low) / 255
    array = ((random.integers(-110, 110, count) + 0.5) * step).astype(np.float32)
    array = (array.view(np.int32) + random.integers(-3, 4, count).astype(np.int32)).view(np.float32)
    return Q("float32", np.append(np.clip(array, low, high), [low, high]).astype(np.float32).reshape(1, -1, 1, 1), None)


def bias(kind, width, scale, *, low=-3000, high=3000):
    array = random.integers(low, high, width).astype(kind)
    return Q(kind, array, np.asarray(scale, np.float32) if np.size(scale) > 1 else scale)


def out(kind, shape, scale, zero=0):
    return Q(kind, list(shape), scale, zero)


def options(name, **fields):
    return fill(getattr(schema, name + "OptionsT")(), **fields)


class Cases:
    def __init__(self):
        self.model = Model("quantized operator cases")
        self.inputs = {}

    def add(self, key, operator, fed, output, option=None, constants=(), order=None, version=1):
        graph = self.model.graph(key)
        def kind(tensor):
            return NUMPY_TYPES[tensor.kind]
        operands = [graph.input(q.shape, kind(q), **q.quantization()) for q in fed]
        operands += [-1 if q is None else self.constant(graph, q) for q in constants]
        if order:
            operands = [operands[position] for position in order]
        result = graph.tensor(output.shape, kind(output), "output0", **output.quantization())
        graph.operator(operator, operands, [result], option, version)
        graph.outputs(result)
        self.model.signature(key, graph)
        self.inputs[key] = [q.array for q in fed]


    def constant(self, graph, q):
        if isinstance(q, Narrow):
            return graph.tensor(
                q.shape, "INT4", "weights", self.model.buffer(q.packed.tobytes()), **q.quantization())
        return graph.constant(q.array, **q.quantization())


def convolutions(cases):
    def conv(key, x, filter, b, output, activation="none", stride=1, dilation=1, padding=0):
        cases.add(
            key, "CONV_2D", [x], output,
            options("Conv2D", padding=padding, strideW=stride, strideH=stride, dilationWFactor=dilation,
                    dilationHFactor=dilation, fusedActivationFunction=ACTIVATIONS[activation]), [filter, b], version=3)

    def depthwise(key, x, filter, b, output, activation="none", stride=1, dilation=1, multiplier=1):
        cases.add(
            key, "DEPTHWISE_CONV_2D", [x], output,
            options("DepthwiseConv2D", padding=0, strideW=stride, strideH=stride, depthMultiplier=multiplier,
                    dilationWFactor=dilation, dilationHFactor=dilation,
                    fusedActivationFunction=ACTIVATIONS[activation]), [filter, b], version=3)

    for activation in ACTIVATIONS:
        scales = np.float32(random.uniform(0.002, 0.02, 5))
        conv(f"conv_int8_{activation}", counts("int8", 1, 7, 6, 4, scale=0.05, zero=-11),
             counts("int8", 5, 3, 2, 4, scale=scales), bias("int32", 5, 0.05 * scales),
             out("int8", [1, 7, 6, 5], 0.06, 9), activation)
        conv(f"conv_uint8_{activation}", counts("uint8", 2, 7, 6, 4, scale=0.05, zero=131),
             counts("uint8", 5, 3, 2, 4, scale=0.011, zero=119), bias("int32", 5, 0.05 * 0.011),
             out("uint8", [2, 4, 3, 5], 0.09, 120), activation, stride=2)
    conv("conv_int8_one_scale", counts("int8", 1, 7, 6, 4, scale=0.05, zero=3), counts("int8", 5, 3, 3, 4, scale=0.011),
         bias("int32", 5, 0.05 * 0.011), out("int8", [1, 7, 6, 5], 0.08, -5), "relu6")
    scales = np.float32(random.uniform(0.002, 0.02, 6))
    conv("conv_int8_groups", counts("int8", 1, 5, 5, 4, scale=0.05, zero=3), counts("int8", 6, 3, 3, 2, scale=scales),
         bias("int32", 6, 0.05 * scales), out("int8", [1, 5, 5, 6], 0.08, -5), dilation=2)
    conv("conv_int16", counts("int16", 1, 7, 6, 4, scale=0.0005), counts("int8", 6, 3, 2, 4, scale=scales),
         bias("int64", 6, 0.0005 * scales, low=-10**7, high=10**7), out("int16", [1, 7, 6, 6], 0.0009), "relu6")
    scales = np.float32(random.uniform(0.002, 0.02, 8))
    depthwise("depthwise_int8", counts("int8", 1, 7, 6, 4, scale=0.05, zero=-20),
              counts("int8", 1, 3, 3, 4, scale=scales[:4], axis=3), bias("int32", 4, 0.05 * scales[:4]),
              out("int8", [1, 4, 3, 4], 0.04, 17), "relu6", stride=2)
    depthwise("depthwise_int8_multiplier", counts("int8", 1, 7, 6, 4, scale=0.05, zero=-20),
              counts("int8", 1, 3, 3, 8, scale=scales, axis=3), bias("int32", 8, 0.05 * scales),
              out("int8", [1, 7, 6, 8], 0.04, 17), dilation=2, multiplier=2)
    depthwise("depthwise_uint8_multiplier", counts("uint8", 1, 7, 6, 4, scale=0.05, zero=100),
              counts("uint8", 1, 3, 3, 8, scale=0.013, zero=141), bias("int32", 8, 0.05 * 0.013),
              out("uint8", [1, 7, 6, 8], 0.07, 90), dilation=2, multiplier=2)
    depthwise("depthwise_int16", counts("int16", 1, 7, 6, 4, scale=0.0005),
              counts("int8", 1, 3, 3, 4, scale=scales[:4], axis=3),
              bias("int64", 4, 0.0005 * scales[:4], low=-10**7, high=10**7), out("int16", [1, 7, 6, 4], 0.0004))
    conv("conv_int4", counts("int8", 1, 7, 6, 4, scale=0.05, zero=3), Narrow(5, 3, 2, 4, scale=scales[:5] * 9),
         bias("int32", 5, 0.05 * 9 * scales[:5]), out("int8", [1, 7, 6, 5], 0.2, -5))
    depthwise("depthwise_int4", counts("int8", 1, 7, 6, 4, scale=0.05, zero=3),
              Narrow(1, 3, 3, 4, scale=scales[:4] * 9, axis=3), bias("int32", 4, 0.05 * 9 * scales[:4]),
              out("int8", [1, 7, 6, 4], 0.2, -5))
    conv("conv_hybrid_int4", reals(2, 7, 6, 4), Narrow(6, 3, 2, 4, scale=scales[:6]), reals(6),
         Q("float32", [2, 7, 6, 6], None))
    # Real numbers with integer weights.
    conv("conv_hybrid_one_scale", reals(2, 7, 6, 4), symmetric(5, 3, 2, 4, scale=0.01), reals(5),
         Q("float32", [2, 7, 6, 5], None), "relu6")
    conv("conv_hybrid_channels", reals(2, 7, 6, 4), symmetric(6, 3, 2, 4, scale=scales[:6]), reals(6),
         Q("float32", [2, 7, 6, 6], None))
    depthwise("depthwise_hybrid", reals(2, 7, 6, 4), symmetric(1, 3, 3, 4, scale=scales[:4], axis=3), reals(4),
              Q("float32", [2, 4, 3, 4], None), "relu", stride=2)
    # Numbers that the last bit decides on, with a zero point and without one.
    for number, (low, high) in enumerate([(-3.7, 5.3), (-1.1, 6.9), (-7.3, 0.4), (-2.9, 2.9), (-6.1, 6.1)]):
        x = ties(low, high, 400)
        conv(f"conv_hybrid_ties_{number}", x, symmetric(2, 1, 1, 1, scale=np.float32([1, 0.5] if low != -high else [1, 1])),
             Q("float32", np.zeros(2, np.float32), None), Q("float32", [1, 402, 1, 2], None))
    # Zeros, and rows of one sign, on which the zero point falls on an end.
    zeros = Q("float32", np.zeros([2, 3, 3, 2], np.float32), None)
    conv("conv_hybrid_zeros", zeros, symmetric(3, 1, 1, 2, scale=scales[:3]), reals(3),
         Q("float32", [2, 3, 3, 3], None))
    positive = Q("float32", np.abs(random.standard_normal([2, 3, 3, 2])).astype(np.float32), None)
    conv("conv_hybrid_positive", positive, symmetric(3, 1, 1, 2, scale=scales[:3]), reals(3),
         Q("float32", [2, 3, 3, 3], None))


def dense(cases):
    def fully(key, x, weights, b, output, activation="none", version=4, **fields):
        cases.add(
            key, "FULLY_CONNECTED", [x], output,
            options("FullyConnected", fusedActivationFunction=ACTIVATIONS[activation], **fields), [weights, b],
            version=version)

    scales = np.float32(random.uniform(0.002, 0.02, 5))
    fully("dense_int8", counts("int8", 3, 9, scale=0.07, zero=4), counts("int8", 5, 9, scale=0.013),
          bias("int32", 5, 0.07 * 0.013), out("int8", [3, 5], 0.11, -7), "relu")
    fully("dense_int8_no_bias", counts("int8", 3, 9, scale=0.07, zero=4), counts("int8", 5, 9, scale=0.013), None,
          out("int8", [3, 5], 0.11, -7))
    fully("dense_int8_channels", counts("int8", 3, 9, scale=0.07, zero=4), counts("int8", 5, 9, scale=scales),
          bias("int32", 5, 0.07 * scales), out("int8", [3, 5], 0.09, -7), version=12)
    fully("dense_uint8", counts("uint8", 3, 9, scale=0.07, zero=114), counts("uint8", 5, 9, scale=0.013, zero=140),
          bias("int32", 5, 0.07 * 0.013), out("uint8", [3, 5], 0.2, 121), "relu6")
    fully("dense_int16", counts("int16", 3, 9, scale=0.0007), counts("int8", 5, 9, scale=0.013),
          bias("int64", 5, 0.0007 * 0.013, low=-10**7, high=10**7), out("int16", [3, 5], 0.0011), version=7)
    fully("dense_int4", counts("int8", 3, 9, scale=0.07, zero=4), Narrow(5, 9, scale=0.13),
          bias("int32", 5, 0.07 * 0.13), out("int8", [3, 5], 0.11, -7), version=10)
    fully("dense_int16_long", counts("int16", 20, 90, scale=0.0007), counts("int8", 13, 90, scale=0.013),
          bias("int64", 13, 0.0007 * 0.013, low=-10**7, high=10**7), out("int16", [20, 13], 0.005), version=7)
    fully("dense_int16_narrow_bias", counts("int16", 3, 9, scale=0.0007), counts("int8", 5, 9, scale=scales),
          bias("int32", 5, 0.0007 * scales, low=-10**7, high=10**7), out("int16", [3, 5], 0.0011), version=12,
          quantizedBiasType=2)
    fully("dense_hybrid", reals(3, 9), symmetric(5, 9, scale=0.013), reals(5), Q("float32", [3, 5], None), version=9)
    fully("dense_hybrid_asymmetric", reals(3, 9), symmetric(5, 9, scale=0.013), reals(5),
          Q("float32", [3, 5], None), "relu", version=9, asymmetricQuantizeInputs=True)
    fully("dense_hybrid_channels", reals(3, 9), symmetric(5, 9, scale=scales), reals(5),
          Q("float32", [3, 5], None), version=12)


def elementwise(cases):
    kinds = {"int8": (0.05, -11, 0.031, 7, 0.07, 3), "uint8": (0.05, 117, 0.031, 130, 0.07, 125)}
    for kind, (s1, z1, s2, z2, so, zo) in kinds.items():
        a, b = counts(kind, 2, 4, 3, 5, scale=s1, zero=z1), counts(kind, 2, 4, 3, 5, scale=s2, zero=z2)
        row = counts(kind, 5, scale=s2, zero=z2)
        shape = [2, 4, 3, 5]
        for name, option, version in [("ADD", "Add", 2), ("SUB", "Sub", 2), ("MUL", "Mul", 2)]:
            for activation in ("none", "relu6"):
                cases.add(f"{name.lower()}_{kind}_{activation}", name, [a, b], out(kind, shape, so, zo),
                          options(option, fusedActivationFunction=ACTIVATIONS[activation]), version=version)
            cases.add(f"{name.lower()}_{kind}_row", name, [a, row], out(kind, shape, so, zo), options(option),
                      version=version)
        same = counts(kind, 2, 4, 3, 5, scale=s1, zero=z1)
        for name in ("MAXIMUM", "MINIMUM"):
            cases.add(f"{name.lower()}_{kind}", name, [a, same], out(kind, shape, s1, z1), version=2)
        for name in ("RELU", "RELU6", "RELU_N1_TO_1"):
            cases.add(f"{name.lower()}_{kind}", name, [a], out(kind, shape, so, zo),
                      version=1 if name == "RELU_N1_TO_1" else 2)
        low = RANGES[kind][0]
        cases.add(f"logistic_{kind}", "LOGISTIC", [a], out(kind, shape, 1 / 256, low), version=2)
        cases.add(f"tanh_{kind}", "TANH", [a], out(kind, shape, 1 / 128, low + 128), version=2)
        cases.add(f"hard_swish_{kind}", "HARD_SWISH", [a], out(kind, shape, 0.04, zo))
        cases.add(f"hard_swish_wide_{kind}", "HARD_SWISH", [counts(kind, 2, 40, scale=0.4, zero=z1)],
                  out(kind, [2, 40], 0.5, zo))
        cases.add(f"leaky_relu_{kind}", "LEAKY_RELU", [a], out(kind, shape, so, zo), options("LeakyRelu", alpha=0.3),
                  version=2)
        cases.add(f"leaky_relu_negative_{kind}", "LEAKY_RELU", [a], out(kind, shape, so, zo),
                  options("LeakyRelu", alpha=-0.3), version=2)
        cases.add(f"prelu_{kind}", "PRELU", [a], out(kind, shape, so, zo), constants=[
            counts(kind, 1, 1, 5, scale=0.01, zero=z2)])
        for scale in (0.02, 0.3, 4.0):
            cases.add(f"softmax_{kind}_{scale}", "SOFTMAX", [counts(kind, 4, 37, scale=scale, zero=z1)],
                      out(kind, [4, 37], 1 / 256, low), options("Softmax", beta=1.0), version=2)
        cases.add(f"quantize_{kind}", "QUANTIZE", [reals(2, 40, scale=3)], out(kind, [2, 40], s1, z1))
        other = "uint8" if kind == "int8" else "int8"
        cases.add(f"requantize_{kind}_{other}", "QUANTIZE", [a], out(other, shape, 0.043, kinds[other][1]), version=2)
        cases.add(f"dequantize_{kind}", "DEQUANTIZE", [a], Q("float32", shape, None), version=2)
    a = counts("int8", 2, 4, 3, 5, scale=0.05, zero=-11)
    b = counts("int8", 2, 4, 3, 5, scale=0.031, zero=7)
    cases.add("squared_difference_int8", "SQUARED_DIFFERENCE", [a, b], out("int8", [2, 4, 3, 5], 0.4, -120), version=2)
    a, b = counts("int16", 2, 4, 5, scale=0.0005), counts("int16", 2, 4, 5, scale=0.0003)
    for name, option, extra, version in [
            ("ADD", "Add", dict(potScaleInt16=False), 3), ("SUB", "Sub", dict(potScaleInt16=False), 5),
            ("MUL", "Mul", {}, 4)]:
        cases.add(f"{name.lower()}_int16", name, [a, b], out("int16", [2, 4, 5], 0.0007), options(option, **extra),
                  version=version)
    cases.add("relu_int16", "RELU", [a], out("int16", [2, 4, 5], 0.0007), version=3)
    for scale in (0.00005, 0.0003, 0.002):
        cases.add(f"softmax_int16_{scale}", "SOFTMAX", [counts("int16", 4, 37, scale=scale)],
                  out("int16", [4, 37], 1 / 32768), options("Softmax", beta=1.0), version=3)
    cases.add("quantize_int16", "QUANTIZE", [reals(2, 40)], out("int16", [2, 40], 0.0005), version=3)
    cases.add("requantize_int16", "QUANTIZE", [a], out("int16", [2, 4, 5], 0.0011), version=3)
    cases.add("dequantize_int16", "DEQUANTIZE", [a], Q("float32", [2, 4, 5], None), version=3)


def maps(cases):
    for kind, zero in (("int8", -9), ("uint8", 121), ("int16", 0)):
        x = counts(kind, 1, 7, 6, 4, scale=0.05, zero=zero)
        for name in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
            for activation in ("none", "relu6"):
                cases.add(
                    f"{name.lower()}_{kind}_{activation}", name, [x], out(kind, [1, 4, 3, 4], 0.05, zero),
                    options("Pool2D", padding=0, strideW=2, strideH=2, filterWidth=3, filterHeight=3,
                            fusedActivationFunction=ACTIVATIONS[activation]), version=3 if kind == "int16" else 2)
        for keep in (True, False):
            cases.add(
                f"mean_{kind}_{keep}", "MEAN", [x], out(kind, [1, 1, 1, 4] if keep else [1, 4], 0.031, zero // 2),
                options("Reducer", keepDims=keep), [plain([1, 2])], version=3 if kind == "int16" else 2)
        cases.add(f"mean_all_{kind}", "MEAN", [x], out(kind, [1, 1, 1, 1], 0.013, zero), options("Reducer", keepDims=True),
                  [plain([0, 1, 2, 3])], version=3 if kind == "int16" else 2)
        for height, width in ((14, 11), (3, 4), (13, 1)):
            for mode in ("plain", "align", "half"):
                fields = dict(alignCorners=mode == "align", halfPixelCenters=mode == "half")
                for name, option in (("RESIZE_BILINEAR", "ResizeBilinear"),
                                     ("RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighbor")):
                    cases.add(f"{name.lower()}_{kind}_{height}x{width}_{mode}", name, [x],
                              out(kind, [1, height, width, 4], 0.05, zero), options(option, **fields),
                              [plain([height, width])], version=3)
        cases.add(f"pad_{kind}", "PAD", [x], out(kind, [1, 9, 7, 4], 0.05, zero),
                  constants=[plain([[0, 0], [1, 1], [0, 1], [0, 0]])], version=3 if kind == "int16" else 2)
        cases.add(f"transpose_{kind}", "TRANSPOSE", [x], out(kind, [1, 4, 7, 6], 0.05, zero),
                  constants=[plain([0, 3, 1, 2])], version=4 if kind == "int16" else 2)
        if kind != "int16":
            cases.add(f"arg_max_{kind}", "ARG_MAX", [x], Q("int64", [1, 7, 6], None),
                      options("ArgMax", outputType=4), [plain([3])], version=2)
    x, y = counts("uint8", 1, 3, 2, scale=0.05, zero=117), counts("uint8", 1, 3, 4, scale=0.031, zero=130)
    cases.add("concat_uint8", "CONCATENATION", [x, y], out("uint8", [1, 3, 6], 0.05, 117), options("Concatenation", axis=2))
    cases.add("concat_uint8_finer", "CONCATENATION", [x, y], out("uint8", [1, 3, 6], 0.02, 90),
              options("Concatenation", axis=2))
    x, y = counts("int8", 1, 3, 2, scale=0.05, zero=-7), counts("int8", 1, 3, 4, scale=0.05, zero=-7)
    cases.add("concat_int8", "CONCATENATION", [x, y], out("int8", [1, 3, 6], 0.05, -7), options("Concatenation", axis=2),
              version=2)


def later(cases):
    """Cases behind all others, so that the numbers of those stay what they are."""
    def fully(key, x, weights, b, output, activation="none", version=10):
        cases.add(key, "FULLY_CONNECTED", [x], output,
                  options("FullyConnected", fusedActivationFunction=ACTIVATIONS[activation]), [weights, b], version=version)

    fully("dense_int4_rows", counts("int8", 7, 45, scale=0.07, zero=-9), Narrow(13, 45, scale=0.13),
          bias("int32", 13, 0.07 * 0.13), out("int8", [7, 13], 0.21, 5))
    fully("dense_int4_one_feature", counts("int8", 6, 1, scale=0.07, zero=4), Narrow(3, 1, scale=0.13),
          bias("int32", 3, 0.07 * 0.13, low=-30, high=30), out("int8", [6, 3], 0.031, -7), "relu")
    fully("dense_int4_one_output", counts("int8", 5, 33, scale=0.07, zero=4), Narrow(1, 33, scale=0.13),
          bias("int32", 1, 0.07 * 0.13), out("int8", [5, 1], 0.11, -7), "relu6")
    fully("dense_int4_no_bias", counts("int8", 4, 17, scale=0.07, zero=127), Narrow(9, 17, scale=0.13), None,
          out("int8", [4, 9], 0.53, 100))
    # Every 17th count, under scales that are a power of two and others.
    every = np.arange(-32768, 32768, 17).astype(np.int16)
    for number, scale in enumerate((2.0**-12, 2.0**-11, 0.0003, 0.00244, 0.000000001, 1.5)):
        for name in ("LOGISTIC", "TANH"):
            cases.add(f"{name.lower()}_int16_{number}", name, [Q("int16", every, scale)],
                      out("int16", every.shape, 1 / 32768), version=3)
    sparse(cases)
    # Sums within a few last bits of halves of the output's steps, which the rounding of factor and product decides on.
    for kind, scale, by_channel in (("int8", 0.0371, False), ("uint8", 0.0371, False), ("int8", 0.113, True)):
        weight, step = 0.0117, 8123.7
        factor = float(np.float32(scale)) * float(np.float32(weight)) / float(np.float32(step))
        sums = [round((k + 0.5) / factor) + d for k in range(-100, 100, 7) for d in range(-6, 7)]
        scales = np.full(len(sums), weight, np.float32) if by_channel else weight
        zeros = Q(kind, np.zeros((len(sums), 1), kind), scales, 0)
        fully(f"dense_{kind}_ties" + ("_channels" if by_channel else ""), counts(kind, 2, 1, scale=scale), zeros,
              Q("int32", np.array(sums, np.int32), np.float32(scale) * np.float32(scales)),
              out(kind, [2, len(sums)], step, 0 if kind == "int8" else 128), version=12 if by_channel else 4)


def sparse(cases):
    """Int8 weights [6, 8] in blocks of 1 x 4 in front of a layer: rows dense, blocks of a row listed, blocks dense."""
    values = random.integers(-127, 128, (5, 4)).astype(np.int8)
    sparsity = fill(
        schema.SparsityParametersT(), traversalOrder=[0, 1, 2], blockMap=[1], dimMetadata=[
            fill(schema.DimensionMetadataT(), format=0, denseSize=6),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=3,
                arraySegments=fill(schema.Uint8VectorT(), values=[0, 1, 1, 3, 3, 4, 5]), arrayIndicesType=3,
                arrayIndices=fill(schema.Uint8VectorT(), values=[1, 0, 1, 0, 1])),
            fill(schema.DimensionMetadataT(), format=0, denseSize=4),
        ])
    x = counts("int8", 3, 8, scale=0.07, zero=4)
    graph = cases.model.graph("dense_sparse_int8")
    weight = dict(type="INT8", scale=0.013, zero=0)
    fed = graph.input(x.shape, "INT8", **x.quantization())
    sparse = graph.tensor([6, 8], name="sparse", buffer=cases.model.buffer(values.tobytes()), sparsity=sparsity, **weight)
    weights = graph.tensor([6, 8], name="weights", **weight)
    summands = cases.constant(graph, bias("int32", 6, 0.07 * 0.013))
    y = graph.tensor([3, 6], "INT8", "output0", scale=0.11, zero=-7)
    graph.operator("DENSIFY", [sparse], [weights])
    graph.operator("FULLY_CONNECTED", [fed, weights, summands], [y], options("FullyConnected"), 4)
    graph.outputs(y)
    cases.model.signature("dense_sparse_int8", graph)
    cases.inputs["dense_sparse_int8"] = [x.array]


def narrow_conv(cases):
    cases.add("conv", "CONV_2D", [counts("int8", 1, 7, 6, 4, scale=0.05, zero=3)], out("int8", [1, 4, 3, 5], 0.2, -5),
              options("Conv2D", padding=0, strideW=2, strideH=2, dilationWFactor=1, dilationHFactor=1),
              [Narrow(5, 3, 3, 4, scale=np.float32([0.1, 0.2, 0.15, 0.05, 0.12])),
               bias("int32", 5, 0.05 * np.float32([0.1, 0.2, 0.15, 0.05, 0.12]))], version=3)


def narrow_dense(cases):
    cases.add("dense", "FULLY_CONNECTED", [counts("int8", 3, 21, scale=0.07, zero=4)], out("int8", [3, 5], 0.21, -7),
              options("FullyConnected", fusedActivationFunction=ACTIVATIONS["relu"]),
              [Narrow(5, 21, scale=0.13), bias("int32", 5, 0.07 * 0.13)], version=10)


def main():
    made = [("quantized_operators", (convolutions, dense, elementwise, maps, later)), ("quantized/sparse_int8", (sparse,)),
            ("quantized/conv_int4", (narrow_conv,)), ("quantized/dense_int4", (narrow_dense,))]
    for name, makers in made:
        cases = Cases()
        for make in makers:
            make(cases)
        cases.model.write_with_answers(name, cases.inputs, litert.OpResolverType.BUILTIN_REF)


if __name__ == "__main__":
    main()
