#!/usr/bin/env python3
"""Makes quantized.npz: models of operators on counts, their inputs, and what ONNX's definitions answer, evaluated in numpy.

Run: python make_quantized.py (numpy, onnx, onnxruntime). Keys: CASE.model (the file's bytes), CASE.inputN, CASE.outputN; models
under bad.CASE are refused. Every formula here works in float64 from the operators' documents, and no case lies near a tie, so
that any faithful evaluation gives these counts. Where onnx.reference has the operator its answer is compared with them, and
ONNX Runtime's everywhere: they may differ by one count, since both round in other places. Weights stay within ±60: without
VNNI, ONNX Runtime adds products of larger ones in saturating 16 bits.
"""
import os

import numpy as np
import onnx
import onnx.reference
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.default_rng(7)
session_options = onnxruntime.SessionOptions()
session_options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
session_options.log_severity_level = 3
entries = {}
node = helper.make_node
MICROSOFT = "com.microsoft"


def counts(dtype, *shape, low=None, high=None):
    info = np.iinfo(dtype)
    return random.integers(info.min if low is None else low, info.max if high is None else high, shape, dtype, True)


def weights(dtype, *shape):
    return counts(dtype, *shape, low=-60 if dtype == np.int8 else 70, high=60 if dtype == np.int8 else 190)


def scale(*shape):
    return random.uniform(0.01, 0.05, shape).astype(np.float32)


def saturated(real, zero, dtype):
    """saturate(round(real) + zero), ties to even; real lies on no tie."""
    assert np.abs(real - np.floor(real) - 0.5).min() > 1e-5, "too near to a tie"
    info = np.iinfo(dtype)
    return np.clip(np.rint(real) + zero, info.min, info.max).astype(dtype)


def real(x, scale, zero):
    return (x.astype(np.float64) - zero) * np.float64(scale)


def model(nodes, inputs, constants, opset, outputs=None):
    infos = [helper.make_tensor_value_info(f"x{index}", helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
             for index, array in enumerate(inputs)]
    results = [helper.make_empty_tensor_value_info(f"y{index}") for index in range(outputs or 1)]
    stored = [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "quantized", infos, results, stored)
    sets = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_model(graph, opset_imports=sets)
    made.ir_version = 8 if opset <= 18 else 10
    return made


def store(key, made):
    assert f"{key}.model" not in entries, key
    entries[f"{key}.model"] = np.frombuffer(made.SerializeToString(deterministic=True), np.uint8)


def case(key, nodes, inputs, constants, expected, opset=13, reference=True, runtime=True):
    """expected: the answers by the definition, as arrays of the outputs' types."""
    made = model(nodes, inputs, constants, opset, len(expected))
    store(key, made)
    feeds = {f"x{index}": array for index, array in enumerate(inputs)}
    answers = []
    if reference and all(n.domain == "" for n in nodes):
        try:
            answers.append(("onnx.reference", onnx.reference.ReferenceEvaluator(made).run(None, feeds)))
        except RuntimeError as error:  # Some of the older versions are not there.
            assert "No implementation" in str(error), error
    if runtime and opset <= 23:
        try:
            session = onnxruntime.InferenceSession(
                made.SerializeToString(), session_options, providers=["CPUExecutionProvider"])
            answers.append(("ONNX Runtime", session.run(None, feeds)))
        except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented as error:
            print(f"{key}: {error}")
    for name, others in answers:
        for mine, other in zip(expected, others):
            assert mine.dtype == other.dtype and mine.shape == other.shape, (key, name, mine.dtype, other.dtype)
            difference = np.abs(mine.astype(np.float64) - other.astype(np.float64)).max()
            limit = 1e-6 * max(np.abs(mine).max(), 1) if mine.dtype == np.float32 else 1 if mine.dtype != np.int32 else 0
            assert difference <= limit, (key, name, difference)
    for index, array in enumerate(inputs):
        entries[f"{key}.input{index}"] = array
    for index, array in enumerate(expected):
        entries[f"{key}.output{index}"] = np.asarray(array)


def along(vector, axis, rank):
    return vector.reshape([-1 if index == axis % rank else 1 for index in range(rank)])


# --- QuantizeLinear and DequantizeLinear ------------------------------------------------------------------------------
image = random.uniform(-3, 3, (2, 3, 4, 5)).astype(np.float32)


def quantize(key, dtype, opset, s, zero=None, axis=None, domain="", **attributes):
    s = np.asarray(s, np.float32)
    constants = {"s": s}
    if zero is not None:
        constants["z"] = np.asarray(zero, dtype)
    if axis is not None:
        attributes["axis"] = axis
    wide = along(s, 1 if axis is None else axis, 4) if s.ndim else s
    z = np.asarray(0 if zero is None else zero).astype(np.float64)
    z = along(z, 1 if axis is None else axis, 4) if z.ndim else z
    y = saturated(image.astype(np.float64) / wide, z, dtype)
    step = node("QuantizeLinear", ["x0", *constants], ["y0"], "q", domain=domain, **attributes)
    case(f"quantize_{key}", [step], [image], constants, [y], opset)
    back = (y.astype(np.float64) - z) * wide
    other = {name: value for name, value in attributes.items() if name == "axis"}
    step = node("DequantizeLinear", ["x0", *constants], ["y0"], "dq", domain=domain, **other)
    case(f"dequantize_{key}", [step], [y], constants, [back.astype(np.float32)], opset)


three = [0.011, 0.023, 0.017]
quantize("10_uint8", np.uint8, 10, 0.02, 120)
quantize("10_int8", np.int8, 10, 0.02, -5)
quantize("13_no_zero_point", np.uint8, 13, 0.02)
quantize("13_axis_absent", np.int8, 13, three, [0, 3, -7])
quantize("13_axis_negative", np.uint8, 13, three, [0, 128, 255], axis=-3)
quantize("13_axis_last", np.int8, 13, scale(5), [0, 1, 2, 3, 4], axis=3)
quantize("19_saturate", np.int8, 19, 0.02, 0, saturate=1)
quantize("21_int16", np.int16, 21, 1e-4, 100)
quantize("21_uint16", np.uint16, 21, [1e-4, 2e-4, 3e-4], [0, 32768, 65535])
quantize("25_int8", np.int8, 25, three, [0, 0, 0], axis=1)
quantize("microsoft_uint8", np.uint8, 13, 0.02, 120, domain=MICROSOFT)
quantize("microsoft_int16", np.int16, 13, 1e-4, 100, domain=MICROSOFT)
y = saturated(image / np.float64(np.float32(0.02)), 0, np.int8)
case("quantize_21_output_dtype", [node("QuantizeLinear", ["x0", "s"], ["y0"], output_dtype=TensorProto.INT8, saturate=1)],
     [image], {"s": np.float32(0.02)}, [y], 21)
case("quantize_23_precision",
     [node("QuantizeLinear", ["x0", "s"], ["y0"], output_dtype=TensorProto.INT8, precision=TensorProto.FLOAT, block_size=0)],
     [image], {"s": np.float32(0.02)}, [y], 23)
sums = counts(np.int32, 3, 4, low=-(1 << 20), high=1 << 20)
case("dequantize_int32", [node("DequantizeLinear", ["x0", "s"], ["y0"], axis=0)], [sums], {"s": np.float32(three)},
     [(sums * np.float64(np.float32(three))[:, None]).astype(np.float32)])

# --- Counts that are read in other ways -------------------------------------------------------------------------------
pair = {"s": np.float32(0.02), "z": np.uint8(120), "t": np.float32(0.05), "v": np.uint8(7)}
q = node("QuantizeLinear", ["x0", "s", "z"], ["q"])
stored = saturated(image / np.float64(pair["s"]), 120, np.uint8)
case("read_under_another_scale", [q, node("DequantizeLinear", ["q", "t", "v"], ["y0"])], [image], pair,
     [real(stored, pair["t"], 7).astype(np.float32)])
case("read_as_integers", [q, node("Cast", ["q"], ["y0"], to=TensorProto.FLOAT)], [image], pair,
     [stored.astype(np.float32)])
case("moved", [q, node("Transpose", ["q"], ["t1"], perm=[0, 2, 3, 1]), node("Reshape", ["t1", "shape"], ["t2"]),
               node("DequantizeLinear", ["t2", "s", "z"], ["y0"])], [image], {**pair, "shape": np.array([2, -1])},
     [real(stored, pair["s"], 120).astype(np.float32).transpose(0, 2, 3, 1).reshape(2, -1)])
largest = np.lib.stride_tricks.sliding_window_view(stored, (2, 2), (2, 3)).max((4, 5))
case("max_pool", [q, node("MaxPool", ["q"], ["p"], kernel_shape=[2, 2]), node("DequantizeLinear", ["p", "s", "z"], ["y0"])],
     [image], pair, [real(largest, pair["s"], 120).astype(np.float32)])
case("joined", [q, node("Concat", ["q", "q"], ["c"], axis=1), node("DequantizeLinear", ["c", "s", "z"], ["y0"])],
     [image], pair, [real(np.concatenate([stored, stored], 1), pair["s"], 120).astype(np.float32)])


# --- Sums of products -------------------------------------------------------------------------------------------------
def convolved(x, w, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1):
    """Σ x · w for centred int64 counts, channels first."""
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    reach = [(w.shape[2 + axis] - 1) * dilations[axis] + 1 for axis in (0, 1)]
    windows = np.lib.stride_tricks.sliding_window_view(x, reach, (2, 3))
    windows = windows[:, :, ::strides[0], ::strides[1], ::dilations[0], ::dilations[1]]
    reads, writes = x.shape[1] // group, w.shape[0] // group
    parts = [np.einsum("nchwij,ocij->nohw", windows[:, g * reads:(g + 1) * reads], w[g * writes:(g + 1) * writes])
             for g in range(group)]
    return np.concatenate(parts, 1)


def linear_conv(key, x_type, w_type, y_type, shape, filter_shape, per_channel, bias, domain="", last=False, opset=13,
                automatic=None, **window):
    x, w = counts(x_type, *shape), weights(w_type, *filter_shape)
    outputs = filter_shape[0]
    middle = 0 if w_type == np.int8 else 128
    wz = np.array([middle + index % 5 - 2 for index in range(outputs)] if per_channel else middle + 1, w_type)
    xz = x_type(np.iinfo(x_type).min + 117)
    xs, ws = scale()[()], scale(outputs) if per_channel else scale()[()]
    b = counts(np.int32, outputs, low=-9000, high=9000)
    acc = convolved(x.astype(np.int64) - xz, w.astype(np.int64) - (along(wz.astype(np.int64), 0, 4) if per_channel else wz),
                    **window)
    if bias:
        acc = acc + b[:, None, None]
    wide = ws[:, None, None] if per_channel else ws
    products = acc * (np.float64(xs) * wide)
    ys = np.float32(products.std() / 40)
    yz = y_type(np.iinfo(y_type).min + 100)
    y = saturated(products / ys, yz, y_type)
    constants = {"xs": xs, "xz": xz, "w": w, "ws": ws, "wz": wz, "ys": ys, "yz": yz, **({"b": b} if bias else {})}
    attributes = dict(window)
    if automatic:
        attributes = {**{k: v for k, v in window.items() if k != "pads"}, "auto_pad": automatic}
    if last:
        x, y, attributes["channels_last"] = x.transpose(0, 2, 3, 1).copy(), y.transpose(0, 2, 3, 1).copy(), 1
    case(f"qlinear_conv_{key}", [node("QLinearConv", ["x0", *constants], ["y0"], domain=domain, **attributes)], [x],
         constants, [y], opset)
    return x, w


linear_conv("u8s8", np.uint8, np.int8, np.uint8, (2, 4, 7, 6), (6, 4, 3, 3), True, True, pads=(1, 1, 1, 1), strides=(2, 1))
linear_conv("s8s8", np.int8, np.int8, np.int8, (1, 4, 7, 6), (6, 4, 3, 2), False, True, opset=10)
linear_conv("u8u8", np.uint8, np.uint8, np.uint8, (1, 4, 6, 6), (6, 4, 2, 2), False, False, dilations=(2, 1))
linear_conv("depthwise", np.uint8, np.int8, np.uint8, (1, 6, 7, 7), (6, 1, 3, 3), True, True, pads=(1, 1, 1, 1), group=6)
linear_conv("groups", np.uint8, np.int8, np.uint8, (1, 4, 5, 5), (6, 2, 1, 1), True, False, group=2)
linear_conv("same_upper", np.uint8, np.int8, np.uint8, (1, 3, 6, 6), (4, 3, 3, 3), True, True, pads=(0, 0, 1, 1),
            strides=(2, 2), automatic="SAME_UPPER")
linear_conv("channels_last", np.uint8, np.int8, np.uint8, (1, 4, 5, 6), (6, 4, 3, 3), True, True, domain=MICROSOFT, last=True,
            pads=(1, 1, 1, 1))


def product(key, a_shape, b_shape, by_column, opset=13, dtype=np.uint8):
    a, b = counts(dtype, *a_shape), weights(np.int8, *b_shape)
    a_zero, b_zero = dtype(3), np.array([1] * b_shape[-1] if by_column else 1, np.int8)
    a_scale, b_scale = scale()[()], scale(b_shape[-1]) if by_column else scale()[()]
    sums = np.matmul(a.astype(np.int64) - a_zero, b.astype(np.int64) - b_zero) * (np.float64(a_scale) * b_scale)
    y_scale, y_zero = np.float32(sums.std() / 40), dtype(np.iinfo(dtype).min + 130)
    constants = {"as": a_scale, "az": a_zero, "b": b, "bs": b_scale, "bz": b_zero, "ys": y_scale, "yz": y_zero}
    case(f"qlinear_matmul_{key}", [node("QLinearMatMul", ["x0", *constants], ["y0"])], [a], constants,
         [saturated(sums / y_scale, y_zero, dtype)], opset)


product("plain", (5, 7), (7, 4), False, 10)
product("columns", (5, 7), (7, 4), True)
product("batched", (2, 5, 7), (7, 4), False, 21)
product("int8", (2, 3, 5, 7), (2, 3, 7, 4), False, dtype=np.int8)


def gemm(key, transposed, by_column, bias, shape=None):
    a, b = counts(np.uint8, 3, 12), weights(np.int8, *((5, 12) if transposed else (12, 5)))
    az, bz = np.uint8(119), np.array([0, 1, -1, 2, -2] if by_column else 1, np.int8)
    sa, sb = scale()[()], scale(5) if by_column else scale()[()]
    c = counts(np.int32, *(shape or (5,)), low=-9000, high=9000)
    wide = b.astype(np.int64) - (along(bz.astype(np.int64), 0 if transposed else 1, 2) if by_column else bz)
    sums = (a.astype(np.int64) - az) @ (wide.T if transposed else wide)
    sums = (sums + c if bias else sums) * (np.float64(sa) * sb)
    ys, yz = np.float32(sums.std() / 40), np.uint8(128)
    constants = {"as": sa, "az": az, "b": b, "bs": sb, "bz": bz, "c": c, "ys": ys, "yz": yz}
    names = ["x0", *constants]
    if not bias:
        del constants["c"]
        names[6] = ""
    case(f"qgemm_{key}", [node("QGemm", names, ["y0"], domain=MICROSOFT, transB=int(transposed), alpha=1.0)], [a], constants,
         [saturated(sums / ys, yz, np.uint8)])


gemm("transposed", True, True, True)
gemm("plain", False, True, True, (1, 5))
gemm("one_scale", True, False, False)

# --- Elements ---------------------------------------------------------------------------------------------------------
a, b = counts(np.uint8, 2, 3, 4, 5), counts(np.uint8, 3, 1, 5)
operands = {"as": np.float32(0.021), "az": np.uint8(101), "bs": np.float32(0.013), "bz": np.uint8(140),
            "ys": np.float32(0.031), "yz": np.uint8(120)}
first, second = real(a, operands["as"], 101), real(b, operands["bs"], 140)
order = ["x0", "as", "az", "x1", "bs", "bz", "ys", "yz"]
for name, result in (("Add", first + second), ("Mul", first * second)):
    case(f"qlinear_{name.lower()}", [node(f"QLinear{name}", order, ["y0"], domain=MICROSOFT)], [a, b], operands,
         [saturated(result / np.float64(operands["ys"]), 120, np.uint8)])
constant = [name if name != "x1" else "b" for name in order]
case("qlinear_add_constant", [node("QLinearAdd", constant, ["y0"], domain=MICROSOFT)], [a], {**operands, "b": b},
     [saturated((first + second) / np.float64(operands["ys"]), 120, np.uint8)])
wide = counts(np.uint8, 2, 2, 4, 5)
for key, s, z in (("same", operands["as"], 101), ("scales", np.float32(0.017), 90)):
    parts = {"ys": operands["as"], "yz": np.uint8(101), "as": operands["as"], "az": np.uint8(101), "bs": s, "bz": np.uint8(z)}
    joined = np.concatenate([first, real(wide, s, z)], 1)
    case(f"qlinear_concat_{key}",
         [node("QLinearConcat", ["ys", "yz", "x0", "as", "az", "x1", "bs", "bz"], ["y0"], domain=MICROSOFT, axis=1)],
         [a, wide], parts, [saturated(joined / np.float64(operands["as"]), 101, np.uint8)])


def one(key, operator, result, y_scale, y_zero, x=a, x_scale=operands["as"], x_zero=np.uint8(101), **attributes):
    constants = {"xs": x_scale, "xz": x_zero, "ys": np.float32(y_scale), "yz": x.dtype.type(y_zero)}
    case(key, [node(operator, ["x0", *constants], ["y0"], domain=MICROSOFT, **attributes)], [x], constants,
         [saturated(result / np.float64(np.float32(y_scale)), y_zero, x.dtype.type)])


one("qlinear_leaky_relu", "QLinearLeakyRelu", np.where(first < 0, first * np.float64(np.float32(0.3)), first), 0.017, 60, alpha=0.3)
one("qlinear_sigmoid", "QLinearSigmoid", 1 / (1 + np.exp(-first)), 1 / 256, 0)
powers = np.exp(first)
one("qlinear_softmax_13", "QLinearSoftmax", powers / powers.sum(-1, keepdims=True), 1 / 256, 0, opset=13, axis=-1)
one("qlinear_softmax_11", "QLinearSoftmax", powers / powers.sum((1, 2, 3), keepdims=True), 1 / 4096, 0, opset=11, axis=1)
one("qlinear_reduce_mean", "QLinearReduceMean", first.mean((2, 3)), 0.009173, 50, axes=[2, 3], keepdims=0)
one("qlinear_global_pool", "QLinearGlobalAveragePool", first.mean((2, 3), keepdims=True), 0.011137, 33, channels_last=0)
last = a.transpose(0, 2, 3, 1).copy()
one("qlinear_global_pool_last", "QLinearGlobalAveragePool", first.transpose(0, 2, 3, 1).mean((1, 2), keepdims=True), 0.011137,
    33, x=last, channels_last=1)
windows = np.lib.stride_tricks.sliding_window_view
one("qlinear_average_pool", "QLinearAveragePool", windows(first, (2, 3), (2, 3)).mean((4, 5)), 0.013171, 77, kernel_shape=[2, 3])
padded = np.pad(first, ((0, 0), (0, 0), (1, 1), (1, 1)))
ones = np.pad(np.ones_like(first), ((0, 0), (0, 0), (1, 1), (1, 1)))
total, number = (windows(array, (3, 3), (2, 3))[:, :, ::2, ::2].sum((4, 5)) for array in (padded, ones))
one("qlinear_average_pool_padded", "QLinearAveragePool", total / number, 0.013171, 77, kernel_shape=[3, 3], pads=[1, 1, 1, 1],
    strides=[2, 2])
one("qlinear_average_pool_counted", "QLinearAveragePool", total / 9, 0.013171, 77, kernel_shape=[3, 3], pads=[1, 1, 1, 1],
    strides=[2, 2], count_include_pad=1)

# --- Scales found at run time -----------------------------------------------------------------------------------------
low, high = np.float32(min(image.min(), 0)), np.float32(max(image.max(), 0))
found = np.float32(high - low) / np.float32(255)
zero = np.rint(np.float32(-low) / found)
dynamic = saturated(image / np.float64(found), zero, np.uint8)
step = node("DynamicQuantizeLinear", ["x0"], ["y0", "y1", "y2"])
case("dynamic_quantize", [step], [image], {}, [dynamic, found, np.uint8(zero)])
case("dynamic_quantize_positive", [step], [np.abs(image)], {}, [
    saturated(np.abs(image) / np.float64(np.float32(np.abs(image).max()) / np.float32(255)), 0, np.uint8),
    np.float32(np.abs(image).max()) / np.float32(255), np.uint8(0)])
w = weights(np.int8, 6, 3, 2, 2)
wz = np.array([0, 1, 2, -1, -2, 3], np.int8)
acc = convolved(dynamic.astype(np.int64) - int(zero), w.astype(np.int64) - wz[:, None, None, None], pads=(1, 0, 1, 0))
steps = [node("DynamicQuantizeLinear", ["x0"], ["q", "qs", "qz"]), node("ConvInteger", ["q", "w", "qz", "wz"], ["y0"], pads=[1, 0, 1, 0])]
case("conv_integer", steps, [image], {"w": w, "wz": wz}, [acc.astype(np.int32)], runtime=False, reference=False)
plain = weights(np.uint8, 6, 3, 2, 2)
case("conv_integer_no_zero_points", [node("ConvInteger", ["x0", "w"], ["y0"], strides=[2, 2])], [dynamic], {"w": plain},
     [convolved(dynamic.astype(np.int64), plain.astype(np.int64), strides=(2, 2)).astype(np.int32)], runtime=False)
left, right = counts(np.uint8, 2, 4, 6), weights(np.int8, 6, 3)
rz, cz = np.uint8(9), np.array([1, -1, 4], np.int8)
case("matmul_integer", [node("MatMulInteger", ["x0", "b", "az", "bz"], ["y0"])], [left], {"b": right, "az": rz, "bz": cz},
     [((left.astype(np.int64) - 9) @ (right.astype(np.int64) - cz)).astype(np.int32)])
case("matmul_integer_plain", [node("MatMulInteger", ["x0", "b"], ["y0"])], [left], {"b": right},
     [(left.astype(np.int64) @ right.astype(np.int64)).astype(np.int32)])
rows = np.array([1, 2, 3, 4], np.uint8)
case("matmul_integer_rows", [node("MatMulInteger", ["x0", "b", "az"], ["y0"])], [left[0]], {"b": right, "az": rows},
     [((left[0].astype(np.int64) - rows[:, None]) @ right.astype(np.int64)).astype(np.int32)], runtime=False,
     reference=False)
layer = [*steps, node("Cast", ["i"], ["f"], to=TensorProto.FLOAT), node("Mul", ["qs", "ws"], ["s"]), node("Mul", ["f", "s"], ["m"]),
         node("Add", ["m", "b"], ["y0"])]
layer[1] = node("ConvInteger", ["q", "w", "qz", "wz"], ["i"], pads=[1, 0, 1, 0])
bias = random.uniform(-1, 1, (6, 1, 1)).astype(np.float32)
factor = np.float32(found * np.float32(0.02))
case("dynamic_layer", layer, [image], {"w": w, "wz": wz, "ws": np.float32(0.02), "b": bias},
     [(acc.astype(np.float32) * factor + bias).astype(np.float32)], runtime=False, reference=False)


# --- What is refused --------------------------------------------------------------------------------------------------
def bad(key, nodes, constants, inputs=(image,), opset=13):
    store(f"bad.{key}", model(nodes, list(inputs), constants, opset))


def bad_pair(key, s, z=np.int8(0), opset=13, **attributes):
    constants = {"s": np.asarray(s, np.float32) if not isinstance(s, np.ndarray) else s, "z": z}
    bad(key, [node("QuantizeLinear", ["x0", "s", "z"], ["y0"], "the_node", **attributes)], constants, opset=opset)


bad_pair("scale_zero", 0)
bad_pair("scale_negative", -0.5)
bad_pair("scale_infinite", np.inf)
bad_pair("scale_nan", np.nan)
bad_pair("scale_zero_in_channel", [0.1, 0, 0.1], np.zeros(3, np.int8))
bad_pair("scales_too_few", [0.1, 0.2], np.zeros(2, np.int8))
bad_pair("zero_points_too_few", [0.1, 0.2, 0.3], np.zeros(2, np.int8))
bad_pair("axis_out_of_range", [0.1, 0.2, 0.3], np.zeros(3, np.int8), axis=7)
bad_pair("blocks", np.full((2, 3, 4, 5), 0.1, np.float32), np.zeros((2, 3, 4, 5), np.int8), 21, block_size=1)
bad_pair("scale_float16", np.asarray(0.1, np.float16), opset=21)
bad_pair("int16_before_21", 0.1, np.int16(0))
bad_pair("dtype_differs", 0.1, np.int8(0), 21, output_dtype=TensorProto.UINT8)
bad("zero_point_type", [node("DequantizeLinear", ["x0", "s", "z"], ["y0"], "the_node")],
    {"s": np.float32(0.1), "z": np.int8(0)}, [stored])
bad("int32_zero_point", [node("DequantizeLinear", ["x0", "s", "z"], ["y0"], "the_node")],
    {"s": np.float32(0.1), "z": np.int32(3)}, [sums])
bad("scale_computed", [node("Relu", ["x1"], ["s"]), node("QuantizeLinear", ["x0", "s"], ["y0"], "the_node")], {},
    [image, np.float32(0.1)])
odd = {"xs": np.float32(0.1), "xz": np.uint8(3), "w": w, "ws": scale(5), "wz": np.zeros(5, np.int8), "ys": np.float32(0.1), "yz": np.uint8(0)}
bad("conv_scales", [node("QLinearConv", ["x0", *odd], ["y0"], "the_node")], odd, [stored])
odd = {**odd, "ws": scale(6), "wz": np.zeros(6, np.int8), "b": np.zeros(6, np.float32)}
bad("conv_bias_type", [node("QLinearConv", ["x0", *odd], ["y0"], "the_node")], odd, [stored])
odd = {"as": np.float32(0.1), "az": np.uint8(0), "b": weights(np.int8, 60, 4), "bs": np.float32(0.1), "bz": np.int8(0)}
bad("gemm_real_output", [node("QGemm", ["x0", *odd], ["y0"], "the_node", domain=MICROSOFT)], odd, [stored[0].reshape(1, 60)])
odd = {**odd, "ys": np.float32(0.1), "yz": np.uint8(0)}
bad("gemm_alpha", [node("QGemm", ["x0", "as", "az", "b", "bs", "bz", "", "ys", "yz"], ["y0"], "the_node", domain=MICROSOFT, alpha=2.0)],
    odd, [stored[0].reshape(1, 60)])
four = helper.make_tensor("w", TensorProto.INT4, [2, 3], [1, 2, 3, -4, -5, -6])
made = model([node("DequantizeLinear", ["w", "s"], ["y0"], "the_node")], [], {"s": np.float32(0.1)}, 21)
made.graph.initializer.append(four)
store("bad.int4", made)
made = model([node("DequantizeLinear", ["w", "s", "z"], ["y0"], "the_node")], [], {"s": np.float32(0.1), "w": weights(np.uint8, 2, 3)}, 13)
made.graph.initializer.append(TensorProto(name="z", data_type=TensorProto.UINT8, int32_data=[300]))
store("bad.zero_point_out_of_range", made)
# A bias whose scale is not that of the products: no error of ONNX's, but worth a word.
filters = {"xs": np.float32(0.02), "xz": np.uint8(120), "w": w, "ws": np.float32(0.01), "wz": np.int8(0),
           "b": np.arange(6, dtype=np.int32), "bs": np.float32(0.0003), "ys": np.float32(0.05), "yz": np.uint8(100)}
odd = [node("QuantizeLinear", ["x0", "xs", "xz"], ["q"]), node("DequantizeLinear", ["q", "xs", "xz"], ["x"]),
       node("DequantizeLinear", ["w", "ws", "wz"], ["wf"]), node("DequantizeLinear", ["b", "bs"], ["bf"]),
       node("Conv", ["x", "wf", "bf"], ["c"], "the_node"), node("QuantizeLinear", ["c", "ys", "yz"], ["y0"])]
bad("bias_scale", odd, filters)
np.savez_compressed("quantized.npz", **entries)
print(f"{sum(key.endswith('.model') for key in entries)} models")
