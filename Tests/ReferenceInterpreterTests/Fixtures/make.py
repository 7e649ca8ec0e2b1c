#!/usr/bin/env python3
"""Writes operators.npz: what ONNX Runtime, LiteRT's reference kernels and NumPy make of the operator cases.

The cases stand in Tests/TestSupport/OperatorCases; this script builds the same operators a second time, in each runtime's own
words, over the same seeded inputs. Keys: `runtime:case:output`. Needs numpy, onnx, onnxruntime, ai_edge_litert, flatbuffers.
"""

import io
import math
import os
import sys
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../Goldens/TFLite"))

from ai_edge_litert import interpreter as litert  # noqa: E402
from ai_edge_litert import schema_py_generated as schema  # noqa: E402
from tflite_builder import Model, fill  # noqa: E402

results = {}
MASK = (1 << 64) - 1


# Inputs

def seeded(seed, count):
    """The test support's generator: SplitMix64, multiples of 2^-23 in [-1, 1)."""
    numbers, state = np.empty(count, np.float32), seed
    for index in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        mixed ^= mixed >> 31
        numbers[index] = ((mixed >> 40) - (1 << 23)) / (1 << 23)
    return numbers


class Case:
    """One case: hands out its inputs, takes its results."""

    def __init__(self, name):
        self.name = name

    def random(self, index, shape, scale=1, offset=0, dtype=np.float32):
        seed = 0xCBF29CE484222325
        for byte in f"{self.name}#{index}".encode():
            seed = ((seed ^ byte) * 0x100000001B3) & MASK
        numbers = seeded(seed, math.prod(shape)) * np.float32(scale) + np.float32(offset)
        return numbers.reshape(shape).astype(dtype)

    def add(self, runtime, *outputs):
        for index, output in enumerate(outputs):
            results[f"{runtime}:{self.name}:{index}"] = np.array(output, order="C")

    def numpy(self, *outputs):
        self.add("numpy", *outputs)

    def onnx(self, operator, *inputs, opset=21, outputs=1, after=lambda y: y, domain="", **attributes):
        """Runs one ONNX operator; an input that is None is left out; `after` rearranges each output."""
        inputs = [None if array is None else np.asarray(array) for array in inputs]
        names = ["" if array is None else f"x{index}" for index, array in enumerate(inputs)]
        while names and not names[-1]:
            names.pop()
        outs = [f"y{index}" for index in range(outputs)]
        node = helper.make_node(operator, names, outs, domain=domain, **attributes)
        given = {name: array for name, array in zip(names, inputs) if name}
        # An initializer where opsets ask for one, an input otherwise: what an operator computes does not depend on it.
        graph = helper.make_graph(
            [node], "case",
            [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
             for n, a in given.items()],
            [onnx.ValueInfoProto(name=name) for name in outs])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.add("onnxruntime", *[after(y) for y in session.run(None, given)])

    def litert(self, operator, *inputs, constants=(), options=None, version=1, output="FLOAT32", outputs=1, scale=None,
               zero=None):
        """Runs one TensorFlow Lite operator with the reference kernels."""
        model = Model()
        graph = model.graph()
        types = {"float32": "FLOAT32", "int32": "INT32", "int64": "INT64", "bool": "BOOL", "float16": "FLOAT16"}
        operands, given = [], []
        for index, array in enumerate(inputs):
            if index in constants:
                operands.append(graph.constant(array))
            else:
                operands.append(graph.input(list(array.shape), types[str(array.dtype)]))
                given.append(array)
        made = [graph.tensor([], output, f"y{index}", scale=scale, zero=zero) for index in range(outputs)]
        graph.operator(operator, operands, made, options, version)
        graph.outputs(*made)
        runner = litert.Interpreter(
            model_content=model.bytes(), num_threads=1,
            experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF)
        runner.allocate_tensors()
        for detail, array in zip(runner.get_input_details(), given):
            runner.set_tensor(detail["index"], array)
        runner.invoke()
        self.add("litert", *[runner.get_tensor(detail["index"]) for detail in runner.get_output_details()])


def first(x):
    """[N, H, W, C] as [N, C, H, W]."""
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def last(x):
    """[N, C, H, W] as [N, H, W, C]."""
    return x.transpose(0, 2, 3, 1)


def options(name, **fields):
    return fill(getattr(schema, name + "T")(), **fields)


SAME, VALID = 0, 1
RELU, RELU6 = 1, 3
f32 = lambda *numbers: np.array(numbers, np.float32)  # noqa: E731
i32 = lambda *numbers: np.array(numbers, np.int32)  # noqa: E731
i64 = lambda *numbers: np.array(numbers, np.int64)  # noqa: E731


# Convolutions

c = Case("conv2d.dense")
x, w, b = c.random(0, [2, 7, 6, 3]), c.random(1, [4, 3, 3, 3]), c.random(2, [4])
c.onnx("Conv", first(x), first(w), b, pads=[1, 1, 1, 1], after=last)
c.litert("CONV_2D", np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)]), w, b, constants=(1, 2),
         options=options("Conv2DOptions", padding=VALID, strideH=1, strideW=1))

c = Case("conv2d.strided_dilated")
x, w, b = c.random(0, [1, 9, 8, 3]), c.random(1, [5, 3, 2, 3]), c.random(2, [5])
c.onnx("Conv", first(x), first(w), b, pads=[1, 0, 2, 1], strides=[2, 1], dilations=[1, 2], after=last)

c = Case("conv2d.grouped")
x, w, b = c.random(0, [1, 5, 5, 4]), c.random(1, [6, 3, 3, 2]), c.random(2, [6])
c.onnx("Conv", first(x), first(w), b, group=2, after=last)

c = Case("conv2d.depthwise_relu6")
x, w, b = c.random(0, [1, 8, 8, 4], 4), c.random(1, [4, 3, 3, 1]), c.random(2, [4])
c.onnx("Conv", first(x), first(w), b, group=4, pads=[1, 1, 1, 1], strides=[2, 2],
       after=lambda y: np.clip(last(y), 0, 6))

c = Case("conv2d.depthwise_multiplier")
x, w, b = c.random(0, [1, 8, 7, 2]), c.random(1, [1, 3, 3, 6]), c.random(2, [6])
c.litert("DEPTHWISE_CONV_2D", x, w, b, constants=(1, 2), options=options(
    "DepthwiseConv2DOptions", padding=SAME, strideH=2, strideW=2, depthMultiplier=3))

c = Case("conv2d.channels_first")
c.onnx("Conv", c.random(0, [2, 3, 6, 5]), c.random(1, [4, 3, 3, 3]), pads=[0, 1, 1, 2])

c = Case("conv2d.same_upper")
x, w, b = c.random(0, [1, 6, 7, 3]), c.random(1, [4, 3, 3, 3]), c.random(2, [4])
c.litert("CONV_2D", x, w, b, constants=(1, 2), options=options(
    "Conv2DOptions", padding=SAME, strideH=2, strideW=2, fusedActivationFunction=RELU))
c.onnx("Conv", first(x), first(w), b, auto_pad="SAME_UPPER", strides=[2, 2], after=lambda y: np.maximum(last(y), 0))

c = Case("conv2d.same_lower")
c.onnx("Conv", c.random(0, [1, 3, 6, 7]), c.random(1, [4, 3, 3, 3]), c.random(2, [4]), auto_pad="SAME_LOWER",
       strides=[2, 2])

c = Case("conv2d.dilated_same")
x, w, b = c.random(0, [1, 8, 8, 2]), c.random(1, [3, 3, 3, 2]), c.random(2, [3])
c.litert("CONV_2D", x, w, b, constants=(1, 2), options=options(
    "Conv2DOptions", padding=SAME, strideH=1, strideW=1, dilationHFactor=2, dilationWFactor=2))

c = Case("conv2d.keras")
x, w, b = c.random(0, [1, 5, 6, 3]), c.random(1, [3, 2, 3, 4]), c.random(2, [4])
c.onnx("Conv", first(x), np.ascontiguousarray(w.transpose(3, 2, 0, 1)), b, after=last)

c = Case("conv2d.keras_depthwise")
x, w, b = c.random(0, [1, 5, 6, 3]), c.random(1, [3, 3, 3, 2]), c.random(2, [6])
c.onnx("Conv", first(x), np.ascontiguousarray(w.reshape(3, 3, 6).transpose(2, 0, 1)[:, None]), b, group=3, after=last)

c = Case("conv2d.pointwise")
c.onnx("Conv", first(c.random(0, [1, 4, 4, 8])), first(c.random(1, [16, 1, 1, 8])), after=last)

c = Case("conv2d.float16")
x, w = c.random(0, [1, 4, 4, 3], dtype=np.float16), c.random(1, [2, 3, 3, 3], dtype=np.float16)
b = c.random(2, [2], dtype=np.float16)
windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3), axis=(1, 2))
c.numpy((np.einsum("npqcij,oijc->npqo", windows, w.astype(np.float64)) + b.astype(np.float64)).astype(np.float16))

c = Case("conv_transpose2d.output_padding")
c.onnx("ConvTranspose", c.random(0, [1, 3, 4, 5]), c.random(1, [3, 2, 3, 3]), c.random(2, [2]), strides=[2, 2],
       pads=[1, 1, 1, 1], output_padding=[1, 1])

c = Case("conv_transpose2d.grouped")
c.onnx("ConvTranspose", c.random(0, [2, 4, 4, 3]), c.random(1, [4, 3, 3, 2]), strides=[1, 2], dilations=[2, 1],
       pads=[1, 0, 2, 1], group=2)

c = Case("conv_transpose2d.canonical_grouped")
x, w, b = c.random(0, [1, 3, 4, 4]), c.random(1, [6, 2, 3, 2]), c.random(2, [6])
# [O, kh, kw, I/G], the group outermost in O, as ONNX's [I, O/G, kh, kw], the group outermost in I.
w = w.reshape(2, 3, 2, 3, 2).transpose(0, 4, 1, 2, 3).reshape(4, 3, 2, 3)
c.onnx("ConvTranspose", first(x), np.ascontiguousarray(w), b, strides=[2, 2], group=2, after=last)

c = Case("conv_transpose2d.same")
x, w, b = c.random(0, [1, 3, 4, 2]), c.random(1, [3, 3, 3, 2]), c.random(2, [3])
c.litert("TRANSPOSE_CONV", i32(1, 6, 8, 3), w, x, b, constants=(0, 1, 3), version=3,
         options=options("TransposeConvOptions", padding=SAME, strideH=2, strideW=2))

# Products

c = Case("fully_connected.plain")
x, w, b = c.random(0, [3, 8]), c.random(1, [5, 8]), c.random(2, [5])
c.onnx("Gemm", x, w, b, transB=1)
c.litert("FULLY_CONNECTED", x, w, b, constants=(1, 2), options=options("FullyConnectedOptions"))

c = Case("fully_connected.leading_axes")
x, w = c.random(0, [2, 3, 4]), c.random(1, [5, 4])
c.litert("FULLY_CONNECTED", x, w, np.zeros(5, np.float32), constants=(1, 2), version=5,
         options=options("FullyConnectedOptions", keepNumDims=True))

c = Case("fully_connected.flattened_relu")
x, w, b = c.random(0, [2, 3, 4]), c.random(1, [4, 5]), c.random(2, [5])
c.litert("FULLY_CONNECTED", x, np.ascontiguousarray(w.T), b, constants=(1, 2),
         options=options("FullyConnectedOptions", fusedActivationFunction=RELU))

for name, a, b in [("batched", [2, 1, 3, 4], [5, 4, 2]), ("vectors", [4], [4]), ("row", [4], [2, 4, 3]),
                   ("column", [2, 3, 4], [4])]:
    c = Case("mat_mul." + name)
    a, b = c.random(0, a), c.random(1, b)
    c.onnx("MatMul", a, b)
    c.numpy(np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(np.float32))

c = Case("mat_mul.transposed")
c.litert("BATCH_MATMUL", c.random(0, [2, 4, 3]), c.random(1, [2, 5, 4]),
         options=options("BatchMatMulOptions", adjX=True, adjY=True))

Case("mat_mul.integers").onnx("MatMul", i32(1, -2, 3, 4, 5, -6).reshape(2, 3), i32(7, 8, 9, -10, 11, 12).reshape(3, 2))

# Normalizations

c = Case("batch_norm.channels_first")
x, scale, shift, mean = [c.random(n, s) for n, s in enumerate([[2, 3, 4, 2], [3], [3], [3]])]
c.onnx("BatchNormalization", x, scale, shift, mean, c.random(4, [3], 0.5, 1), epsilon=1e-3)

c = Case("batch_norm.no_scale_relu6")
x, shift, mean, variance = c.random(0, [2, 3, 2, 4], 4), c.random(2, [4]), c.random(3, [4]), c.random(4, [4], 0.5, 1)
c.onnx("BatchNormalization", first(x), np.ones(4, np.float32), shift, mean, variance, epsilon=1e-5,
       after=lambda y: np.clip(last(y), 0, 6))

c = Case("layer_norm.last_axis")
c.onnx("LayerNormalization", c.random(0, [2, 3, 8]), c.random(1, [8]), c.random(2, [8]), axis=2, epsilon=1e-5)
c = Case("layer_norm.two_axes")
c.onnx("LayerNormalization", c.random(0, [2, 3, 4]), c.random(1, [3, 4]), axis=1, epsilon=1e-3)

c = Case("softmax.last_axis")
c.onnx("Softmax", c.random(0, [3, 7], 5), axis=1)
c.litert("SOFTMAX", c.random(0, [3, 7], 5), options=options("SoftmaxOptions", beta=1.0))
c = Case("softmax.middle_axis")
c.onnx("Softmax", c.random(0, [2, 3, 4], 5), axis=1)
c = Case("softmax.trailing_axes")
c.onnx("Softmax", c.random(0, [2, 3, 4], 5), axis=1, opset=11)
c = Case("softmax.logarithm")
c.onnx("LogSoftmax", c.random(0, [2, 3, 4], 5), axis=2)
c = Case("softmax.beta")
c.litert("SOFTMAX", c.random(0, [3, 7], 5), options=options("SoftmaxOptions", beta=0.5))
Case("softmax.large").onnx("Softmax", f32(1000, 1001, -1000, 998.5), axis=0)

# Elementwise

special = f32(np.nan, np.inf, -np.inf, -0.5, 0, 3, 7)
c = Case("clamp.relu")
c.onnx("Relu", c.random(0, [2, 3, 4]))
c.litert("RELU", c.random(0, [2, 3, 4]))
c = Case("clamp.relu6")
c.onnx("Clip", c.random(0, [2, 3, 4], 10), np.float32(0).reshape([]), np.float32(6).reshape([]))
c.litert("RELU6", c.random(0, [2, 3, 4], 10))
c = Case("clamp.upper")
c.onnx("Clip", c.random(0, [10]), None, np.array(0.25, np.float32))
Case("clamp.not_a_number").numpy(np.clip(special, np.float32(0), np.float32(6)))
Case("clamp.integers").onnx("Clip", i32(-9, -2, 0, 3, 9), np.array(-2, np.int32), np.array(3, np.int32))
c = Case("prelu.channels_last")
x, slope = c.random(0, [2, 3, 3, 4]), c.random(1, [1, 1, 4])
c.onnx("PRelu", x, slope)
c.litert("PRELU", x, slope, constants=(1,))
c = Case("prelu.channels_first")
c.onnx("PRelu", c.random(0, [2, 4, 3, 3]), c.random(1, [4, 1, 1]))
c = Case("prelu.one_slope")
c.onnx("PRelu", c.random(0, [5, 2]), c.random(1, [1]))

sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
for name, scale, offset, onnx_name, lite_name, attributes in [
    ("absolute", 3, 0, "Abs", "ABS", {}), ("negate", 3, 0, "Neg", "NEG", {}),
    ("exponential", 5, 0, "Exp", "EXP", {}), ("logarithm", 2, 2.125, "Log", "LOG", {}),
    ("square_root", 2, 2.125, "Sqrt", "SQRT", {}), ("reciprocal_square_root", 2, 2.125, None, "RSQRT", {}),
    ("reciprocal", 2, 2.125, "Reciprocal", None, {}), ("square", 3, 0, None, "SQUARE", {}),
    ("floor", 5, 0, "Floor", "FLOOR", {}), ("ceiling", 5, 0, "Ceil", None, {}), ("sign", 3, 0, "Sign", "SIGN", {}),
    ("sine", 10, 0, "Sin", "SIN", {}), ("cosine", 10, 0, "Cos", "COS", {}), ("error_function", 3, 0, "Erf", None, {}),
    ("sigmoid", 10, 0, "Sigmoid", "LOGISTIC", {}), ("hyperbolic_tangent", 4, 0, "Tanh", "TANH", {}),
    ("softplus", 10, 0, "Softplus", None, {}), ("softsign", 10, 0, "Softsign", None, {}),
    ("silu", 10, 0, None, None, {}), ("hard_swish", 5, 0, "HardSwish", "HARD_SWISH", {}),
    ("hard_sigmoid", 5, 0, "HardSigmoid", None, {"alpha": 0.2, "beta": 0.5}),
    ("leaky_relu", 3, 0, "LeakyRelu", "LEAKY_RELU", {"alpha": 0.1}), ("elu", 3, 0, "Elu", None, {"alpha": 0.5}),
    ("selu", 3, 0, "Selu", None, {"alpha": 1.6732632, "gamma": 1.050701}),
    ("gelu", 4, 0, "Gelu", "GELU", {"approximate": "none"}),
    ("gelu_tanh", 4, 0, "Gelu", "GELU", {"approximate": "tanh"}),
    ("thresholded_relu", 2, 0, "ThresholdedRelu", None, {"alpha": 0.5}),
]:
    c = Case("unary." + name)
    x = c.random(0, [3, 7], scale, offset)
    if onnx_name:
        c.onnx(onnx_name, x, **attributes)
    if lite_name == "LEAKY_RELU":
        c.litert(lite_name, x, options=options("LeakyReluOptions", alpha=0.1))
    elif lite_name == "GELU":
        c.litert(lite_name, x, options=options("GeluOptions", approximate=name == "gelu_tanh"))
    elif lite_name:
        c.litert(lite_name, x)
    if name == "silu":
        c.numpy((x.astype(np.float64) * sigmoid(x.astype(np.float64))).astype(np.float32))

x = f32(-2.5, -1.5, -0.4, 0.5, 1.5, 2.6, 3.5)
Case("unary.round_half_to_even").onnx("Round", x)
Case("unary.not").onnx("Not", np.array([False, True, True]))
Case("unary.absolute_integers").numpy(np.abs(np.array([-3, 0, 5, -128], np.int8)))
Case("unary.negate_integers").onnx("Neg", i32(-3, 0, 5))

for name, onnx_name, lite_name in [
    ("add", "Add", "ADD"), ("subtract", "Sub", "SUB"), ("multiply", "Mul", "MUL"), ("divide", "Div", "DIV"),
    ("maximum", "Max", "MAXIMUM"), ("minimum", "Min", "MINIMUM"),
    ("squared_difference", None, "SQUARED_DIFFERENCE"), ("equal", "Equal", "EQUAL"),
    ("not_equal", None, "NOT_EQUAL"), ("less", "Less", "LESS"), ("less_or_equal", "LessOrEqual", "LESS_EQUAL"),
    ("greater", "Greater", "GREATER"), ("greater_or_equal", "GreaterOrEqual", "GREATER_EQUAL"),
]:
    c = Case("binary." + name)
    a, b = c.random(0, [2, 3, 4]), c.random(1, [3, 1])
    if onnx_name:
        c.onnx(onnx_name, a, b)
    kinds = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "DIV": "DivOptions"}
    c.litert(lite_name, a, b, options=options(kinds[lite_name]) if lite_name in kinds else None,
             output="BOOL" if "EQUAL" in lite_name or lite_name in ("LESS", "GREATER") else "FLOAT32")

c = Case("binary.power")
a, b = c.random(0, [2, 5], 2, 2.125), c.random(1, [5], 3)
c.onnx("Pow", a, b)
c.litert("POW", a, b)
c = Case("binary.add_relu")
c.litert("ADD", c.random(0, [2, 4]), c.random(1, [2, 4]), options=options("AddOptions", fusedActivationFunction=RELU))
c = Case("binary.scalar")
c.onnx("Mul", c.random(0, []), c.random(1, [2, 3]))
c = Case("binary.same_shape")
c.onnx("Add", c.random(0, [1, 4, 4, 3]), c.random(1, [1, 4, 4, 3]))
c = Case("binary.channel_constant")
c.onnx("Mul", c.random(0, [1, 4, 4, 3]), c.random(1, [3]))
c = Case("binary.both_stretched")
c.onnx("Sub", c.random(0, [4, 1, 3]), c.random(1, [1, 2, 1]))
Case("binary.no_elements").numpy(np.zeros([0, 3], np.float32))
Case("binary.maximum_not_a_number").onnx("Max", special, f32(1))
Case("binary.maximum_not_a_number").numpy(np.maximum(special, f32(1)))
Case("binary.minimum_not_a_number").onnx("Min", f32(1), special)
Case("binary.minimum_not_a_number").numpy(np.minimum(f32(1), special))
Case("binary.equal_numbers").onnx("Equal", f32(1, 2, np.nan), f32(1, 3, np.nan))
a, b = np.array([False, False, True, True]), np.array([False, True, False, True])
Case("binary.and").onnx("And", a, b)
Case("binary.or").onnx("Or", a, b)
c = Case("binary.floor_divide")
c.litert("FLOOR_DIV", c.random(0, [6], 9), c.random(1, [6], 2, 3), version=2)
a, b = i32(7, -7, 7, -7, 6), i32(2, 2, -2, -2, 3)
Case("binary.floor_divide_integers").litert("FLOOR_DIV", a, b, output="INT32")
Case("binary.divide_integers").onnx("Div", a, b)
Case("binary.multiply_wrapping").onnx("Mul", i32(1 << 30, -3, 65537), i32(4, 7, 65537))
Case("binary.power_integers").onnx("Pow", i64(2, -3, 10, 5), i64(10, 3, 2, 0))
Case("binary.subtract_integers").onnx("Sub", i64(1, 2, 3), i64(5))
Case("binary.less_integers").onnx("Less", i64(1, 2, 3), np.array(2, np.int64))

# Pools and reductions

pool = lambda **fields: options("Pool2DOptions", **fields)  # noqa: E731
c = Case("pool2d.average_same")
x = c.random(0, [1, 6, 7, 3])
c.litert("AVERAGE_POOL_2D", x, options=pool(padding=SAME, strideH=2, strideW=2, filterHeight=3, filterWidth=3))
c.onnx("AveragePool", first(x), kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER", after=last)
c = Case("pool2d.maximum_same")
c.litert("MAX_POOL_2D", c.random(0, [1, 6, 7, 3]), options=pool(
    padding=SAME, strideH=2, strideW=2, filterHeight=3, filterWidth=3, fusedActivationFunction=RELU6))
c = Case("pool2d.average_valid")
c.litert("AVERAGE_POOL_2D", c.random(0, [2, 6, 7, 3]), options=pool(
    padding=VALID, strideH=2, strideW=2, filterHeight=2, filterWidth=3))
for name, counted in [("average_padded", 0), ("average_counting", 1)]:
    c = Case("pool2d." + name)
    c.onnx("AveragePool", c.random(0, [1, 2, 7, 6]), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 0, 1, 2],
           count_include_pad=counted)
c = Case("pool2d.average_rounded_up")
c.onnx("AveragePool", c.random(0, [1, 2, 6, 8]), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
c = Case("pool2d.average_rounded_up_counting")
c.onnx("AveragePool", c.random(0, [1, 2, 6, 8]), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1,
       count_include_pad=1)
c = Case("pool2d.maximum_dilated")
c.onnx("MaxPool", c.random(0, [1, 2, 5, 6], 1, -2), kernel_shape=[2, 2], dilations=[2, 2], pads=[1, 1, 1, 1])
c = Case("pool2d.maximum_rounded_up")
c.onnx("MaxPool", c.random(0, [1, 2, 6, 6]), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0], ceil_mode=1)
for name, operator in [("average", "GlobalAveragePool"), ("maximum", "GlobalMaxPool")]:
    c = Case("global_pool." + name)
    c.onnx(operator, c.random(0, [2, 3, 4, 5]))
c = Case("global_pool.channels_last")
c.litert("MEAN", c.random(0, [2, 7, 7, 3]), i32(1, 2), constants=(1,),
         options=options("ReducerOptions", keepDims=False))

for name, operator in [
    ("mean", "ReduceMean"), ("sum", "ReduceSum"), ("maximum", "ReduceMax"), ("minimum", "ReduceMin"),
    ("product", "ReduceProd"), ("euclidean_norm", "ReduceL2"), ("sum_of_squares", "ReduceSumSquare"),
    ("absolute_sum", "ReduceL1"),
]:
    c = Case("reduce." + name)
    c.onnx(operator, c.random(0, [2, 3, 4, 5]), i64(0, 2), keepdims=0)
c = Case("reduce.mean_spatial")
c.litert("MEAN", c.random(0, [1, 7, 7, 5]), i32(1, 2), constants=(1,), options=options("ReducerOptions", keepDims=True))
c = Case("reduce.all_axes")
c.onnx("ReduceSum", c.random(0, [3, 4]), i64(0, 1), keepdims=0)
c = Case("reduce.no_axes")
x = c.random(0, [3, 4]).astype(np.float64)
c.numpy((x * x).astype(np.float32))
Case("reduce.nothing").numpy(np.zeros([2, 3], np.float32))
Case("reduce.maximum_not_a_number").numpy(np.max(f32(1, np.nan, 2, 3, -np.inf, 5).reshape(2, 3), axis=1))
Case("reduce.sum_integers").onnx("ReduceSum", i32(1, 2, 3, -4, 5, 6).reshape(2, 3), i64(1), keepdims=0)
Case("reduce.mean_integers").onnx("ReduceMean", i32(1, 2, 2, -4, -5, 1).reshape(2, 3), i64(1), keepdims=0)
Case("reduce.product_integers").onnx("ReduceProd", i64(2, -3, 7), i64(0), keepdims=0)
c = Case("arg_extremum.maximum")
c.onnx("ArgMax", c.random(0, [2, 5, 3]), axis=1, keepdims=0)
x = f32(3, 1, 1, 2, 4, 4, 4, 4).reshape(2, 4)
Case("arg_extremum.minimum_last").onnx("ArgMin", x, axis=1, keepdims=1, select_last_index=1)
x = f32(3, 1, 3, 2, 4, 4, 4, 4).reshape(2, 4)
Case("arg_extremum.first_of_equals").onnx("ArgMax", x, axis=1, keepdims=0)
c = Case("arg_extremum.int32")
c.litert("ARG_MAX", c.random(0, [1, 3, 4, 5]), i32(3), constants=(1,), output="INT32",
         options=options("ArgMaxOptions", outputType=2))
Case("arg_extremum.integers").onnx("ArgMin", i32(5, -2, 7, -2), axis=0, keepdims=0)

# Rearrangements

c = Case("reshape.inferred")
c.onnx("Reshape", c.random(0, [2, 3, 4]), i64(0, -1))
c = Case("reshape.input")
c.onnx("Reshape", c.random(0, [2, 3, 4]), i64(4, -1))
c = Case("flatten.axis_2")
c.onnx("Flatten", c.random(0, [2, 3, 4, 5]), axis=2)
c = Case("flatten.axis_0")
c.onnx("Flatten", c.random(0, [2, 3]), axis=0)
c = Case("squeeze.axes")
c.onnx("Squeeze", c.random(0, [1, 3, 1, 4]), i64(0, 2))
c = Case("unsqueeze.axes")
c.onnx("Unsqueeze", c.random(0, [3, 4]), i64(0, 3))
Case("identity.integers").onnx("Identity", np.array([1, 2, 3], np.uint8))
c = Case("transpose.to_channels_last")
c.onnx("Transpose", c.random(0, [2, 3, 4, 5]), perm=[0, 2, 3, 1])
c = Case("transpose.three_axes")
c.onnx("Transpose", c.random(0, [2, 3, 4]), perm=[2, 0, 1])
Case("transpose.int8").onnx("Transpose", np.array([[1, -2, 3], [4, 5, 6]], np.int8), perm=[1, 0])
c = Case("concat.channels")
c.onnx("Concat", c.random(0, [1, 2, 2, 3]), c.random(1, [1, 2, 2, 5]), axis=3)
c = Case("concat.first_axis")
c.litert("CONCATENATION", *[c.random(n, [n + 1, 4]) for n in range(3)], options=options("ConcatenationOptions", axis=0))
results[f"litert:{c.name}:0"] = np.maximum(results[f"litert:{c.name}:0"], 0)
Case("concat.integers").onnx("Concat", i64(1), i64(), i64(2, 3), axis=0)
c = Case("split.uneven")
c.onnx("Split", c.random(0, [2, 5, 3]), i64(2, 0, 3), axis=1, outputs=3)
c = Case("split.even")
c.litert("SPLIT", np.array(2, np.int32), c.random(0, [2, 3, 4]), constants=(0,), outputs=2,
         options=options("SplitOptions", numSplits=2))
c = Case("slice.steps")
c.onnx("Slice", c.random(0, [3, 2, 6]), i64(1, -5), i64(2**63 - 1, -1), i64(0, 2), i64(1, 2))
c = Case("slice.backwards")
c.onnx("Slice", c.random(0, [3, 5]), i64(-1, 1), i64(-2**63, -9), i64(1, 0), i64(-2, -1))
c = Case("slice.nothing")
c.onnx("Slice", c.random(0, [4, 2]), i64(3), i64(1), i64(0), i64(1))
c = Case("gather.negative")
c.onnx("Gather", c.random(0, [2, 4, 3]), i64(0, -1, 2, -4).reshape(2, 2), axis=1)
Case("gather.scalar").onnx("Gather", i64(5, 6, 7), np.array(1, np.int64), axis=0)
c = Case("gather.int32")
c.litert("GATHER", c.random(0, [4, 2]), i32(3, 3, 0), options=options("GatherOptions", axis=0))
c = Case("expand.stretched")
c.onnx("Expand", c.random(0, [3, 1]), i64(2, 1, 4))
c = Case("tile.repeated")
c.onnx("Tile", c.random(0, [1, 2, 3]), i64(2, 1, 3))
Case("shape_of.all").onnx("Shape", np.zeros([2, 3, 4], np.float32))
Case("shape_of.part").onnx("Shape", np.zeros([2, 3, 4, 5], np.float32), start=-2, end=3)
Case("shape_of.int32").litert("SHAPE", np.zeros([2, 3, 4], np.float32), output="INT32",
                              options=options("ShapeOptions", outType=2))
Case("constant_of_shape.float").onnx("ConstantOfShape", i64(2, 3), value=onnx.numpy_helper.from_array(f32(1.5)))
Case("constant_of_shape.scalar").onnx("ConstantOfShape", i64(), value=onnx.numpy_helper.from_array(i64(7)))
c = Case("space_to_depth.channels_first")
c.onnx("SpaceToDepth", c.random(0, [1, 3, 4, 6]), blocksize=2)
c = Case("space_to_depth.channels_last")
c.litert("SPACE_TO_DEPTH", c.random(0, [1, 4, 6, 3]), options=options("SpaceToDepthOptions", blockSize=2))
c = Case("depth_to_space.channels_last")
c.litert("DEPTH_TO_SPACE", c.random(0, [1, 2, 3, 12]), options=options("DepthToSpaceOptions", blockSize=2))
c = Case("depth_to_space.channels_first")
c.onnx("DepthToSpace", c.random(0, [1, 12, 2, 3]), blocksize=2)
c = Case("depth_to_space.pixel_shuffle")
c.onnx("DepthToSpace", c.random(0, [1, 12, 2, 3]), blocksize=2, mode="CRD")
c = Case("depth_to_space.pixel_shuffle_channels_last")
c.onnx("DepthToSpace", first(c.random(0, [1, 2, 3, 12])), blocksize=2, mode="CRD", after=last)

c = Case("pad.constant")
c.onnx("Pad", c.random(0, [1, 3, 3, 2]), i64(0, 1, 2, 0, 0, 2, 1, 1), np.array(0.5, np.float32))
c = Case("pad.reflect")
c.onnx("Pad", c.random(0, [3, 4]), i64(2, 1, 1, 3), mode="reflect")
c.litert("MIRROR_PAD", c.random(0, [3, 4]), i32(2, 1, 1, 3).reshape(2, 2), constants=(1,),
         options=options("MirrorPadOptions", mode=0))
c = Case("pad.symmetric")
c.litert("MIRROR_PAD", c.random(0, [3, 4]), i32(2, 1, 1, 4).reshape(2, 2), constants=(1,),
         options=options("MirrorPadOptions", mode=1))
c = Case("pad.edge")
c.onnx("Pad", c.random(0, [3, 4]), i64(2, 1, 1, 5), mode="edge")
c = Case("pad.negative")
c.onnx("Pad", c.random(0, [3, 4]), i64(-1, 2, 1, -2))
Case("pad.integers").onnx("Pad", i32(1, 2), i64(1, 2), np.array(-3, np.int32))
Case("pad.counts").numpy(np.array([131, 130, 140, 131], np.uint8))
c = Case("select.stretched")
c.onnx("Where", np.array([[True], [False], [True]]), c.random(1, [2, 3, 4]), c.random(2, [4]))
Case("select.integers").onnx("Where", np.array([True, False, True]), i64(1, 2, 3), i64(-1))

# Resizes

sizes = lambda h, w: (None, None, i64(1, 2, h, w))  # noqa: E731
scales = lambda h, w: (None, f32(1, 1, h, w))  # noqa: E731
for name, target, mode, coordinates, more in [
    ("nearest_half_pixel", sizes(7, 9), "nearest", "half_pixel", {"nearest_mode": "round_prefer_floor"}),
    ("nearest_asymmetric_floor", sizes(8, 10), "nearest", "asymmetric", {"nearest_mode": "floor"}),
    ("nearest_ceiling", sizes(6, 3), "nearest", "asymmetric", {"nearest_mode": "ceil"}),
    ("nearest_half_up", sizes(8, 2), "nearest", "half_pixel", {"nearest_mode": "round_prefer_ceil"}),
    ("nearest_scales", scales(0.6, 2.6), "nearest", "asymmetric", {"nearest_mode": "floor"}),
    ("nearest_align_corners", sizes(7, 3), "nearest", "align_corners", {"nearest_mode": "round_prefer_floor"}),
    ("bilinear_half_pixel", sizes(7, 9), "linear", "half_pixel", {}),
    ("bilinear_down", sizes(3, 2), "linear", "half_pixel", {}),
    ("bilinear_asymmetric", sizes(8, 7), "linear", "asymmetric", {}),
    ("bilinear_align_corners", sizes(9, 11), "linear", "align_corners", {}),
    ("bilinear_pytorch", sizes(1, 8), "linear", "pytorch_half_pixel", {}),
    ("bilinear_scales", scales(1.7, 0.7), "linear", "half_pixel", {}),
    ("cubic_half_pixel", sizes(9, 3), "cubic", "half_pixel", {}),
    ("cubic_coefficient", sizes(8, 10), "cubic", "asymmetric", {"cubic_coeff_a": -0.5}),
    ("cubic_align_corners", sizes(7, 9), "cubic", "align_corners", {}),
]:
    c = Case("resize2d." + name)
    c.onnx("Resize", c.random(0, [1, 2, 4, 5]), *target, mode=mode, coordinate_transformation_mode=coordinates, **more)

for name, operator, h, w, fields in [
    ("bilinear", "RESIZE_BILINEAR", 7, 9, {}),
    ("bilinear_half_pixel", "RESIZE_BILINEAR", 7, 9, {"halfPixelCenters": True}),
    ("bilinear_align", "RESIZE_BILINEAR", 9, 13, {"alignCorners": True}),
    ("nearest", "RESIZE_NEAREST_NEIGHBOR", 8, 3, {}),
    ("nearest_half_pixel", "RESIZE_NEAREST_NEIGHBOR", 7, 3, {"halfPixelCenters": True}),
    ("nearest_align", "RESIZE_NEAREST_NEIGHBOR", 7, 9, {"alignCorners": True}),
]:
    c = Case("resize2d.tflite_" + name)
    kind = "ResizeBilinearOptions" if "bilinear" in name else "ResizeNearestNeighborOptions"
    c.litert(operator, c.random(0, [1, 4, 5, 2]), i32(h, w), constants=(1,), version=3, options=options(kind, **fields))

# Conversions

number = TensorProto.DataType.Value
x = f32(-2.75, -0.5, 0, 0.99, 1.5, 1e6)
Case("cast.to_int32").onnx("Cast", x, to=number("INT32"))
Case("cast.to_int32").litert("CAST", x, output="INT32", options=options("CastOptions", inDataType=0, outDataType=2))
Case("cast.saturating").numpy(np.array([-128, -128, 127, 127, 127, -128, 0], np.int8))
Case("cast.to_int64").onnx("Cast", f32(-3.5, 3.5, 1e10), to=number("INT64"))
Case("cast.to_bool").onnx("Cast", f32(0, -0.0, 0.25, -3), to=number("BOOL"))
c = Case("cast.to_float16")
c.onnx("Cast", c.random(0, [40], 100), to=number("FLOAT16"))
c = Case("cast.from_float16")
c.onnx("Cast", c.random(0, [20], dtype=np.float16), to=number("FLOAT"))
c = Case("cast.to_float64")
c.onnx("Cast", c.random(0, [10]), to=number("DOUBLE"))
Case("cast.from_bool").onnx("Cast", np.array([False, True, True]), to=number("FLOAT"))
Case("cast.integers_to_float").onnx("Cast", i64(16777217, -5, (1 << 53) + 1, 9), to=number("FLOAT"))
Case("cast.wrapping").onnx("Cast", i32(127, 128, -129, 256), to=number("INT8"))
Case("cast.to_uint8").onnx("Cast", f32(0, 1.9, 254.5), to=number("UINT8"))

c = Case("quantize.per_tensor")
c.onnx("QuantizeLinear", c.random(0, [60], 2.5), np.array(0.0125, np.float32), np.array(100, np.uint8))
x = f32(-1.25, -0.75, -0.25, 0.25, 0.75, 1.25)
Case("quantize.half_to_even").onnx("QuantizeLinear", x, np.array(0.5, np.float32), np.array(1, np.int8))
Case("quantize.half_away").litert("QUANTIZE", x, output="INT8", scale=0.5, zero=1)
c = Case("quantize.per_axis")
c.onnx("QuantizeLinear", c.random(0, [2, 3, 4]), f32(0.01, 0.02, 0.005), np.array([0, -5, 7], np.int8), axis=1)
Case("dequantize.per_tensor").onnx(
    "DequantizeLinear", np.array([0, 100, 128, 255], np.uint8), np.array(0.0125, np.float32), np.array(128, np.uint8))
Case("dequantize.per_axis").onnx(
    "DequantizeLinear", np.array([[-128, -5], [0, 5], [100, 127]], np.int8), f32(0.1, 0.03, 0.7),
    np.array([0, 3, -7], np.int8), axis=0)
counts = np.array([[-8, 7, 1, 2, 3], [-4, 5, 6, -7, 0]], np.int8)
Case("dequantize.blocked").onnx(
    "DequantizeLinear", counts, f32(0.5, 0.25, 2, 1, 0.125, 4).reshape(2, 3),
    np.array([[0, 1, 2], [-1, 0, 3]], np.int8), axis=1, block_size=2)
c = Case("dequantize.float16")
x = c.random(0, [20], dtype=np.float16)
c.litert("DEQUANTIZE", x)
c.numpy(x.astype(np.float32))

Case("reinterpret.with_scale").numpy(np.array([0, 3, 255], np.uint8))
c = Case("dynamicQuantize")
c.onnx("DynamicQuantizeLinear", c.random(0, [60], 2.5, 0.5), outputs=3)
c = Case("dynamicQuantize.positive")
c.onnx("DynamicQuantizeLinear", c.random(0, [6, 7], 1, 3), outputs=3)
x = first(np.array([0, 50, 100, 150, 200, 250, 3, 2, 255], np.uint8).reshape(1, 3, 3, 1))
w = first(np.array([-60, 60, 5, -7, 1, 2, 3, 4], np.int8).reshape(2, 2, 2, 1))
Case("integerConv2d.zero_points").onnx(
    "ConvInteger", x, w, np.array(101, np.uint8), np.array(2, np.int8), pads=[1, 0, 0, 1], after=last)
Case("integerConv2d.plain").onnx(
    "ConvInteger", x, np.array([9, 7, 5, 3], np.uint8).reshape(1, 1, 2, 2), strides=[2, 2], after=last)
Case("integerMatMul.zero_points").onnx(
    "MatMulInteger", np.array([[0, 50, 100], [150, 200, 250]], np.uint8),
    np.array([[-60, 60], [5, -7], [1, 2]], np.int8), np.array(7, np.uint8), np.array([1, -1], np.int8))


def write(path):
    """An .npz whose bytes are the same in every run."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(results.items()):
            content = io.BytesIO()
            np.save(content, array)
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue())


write(os.path.join(HERE, "operators.npz"))
print(f"{len(results)} arrays")
