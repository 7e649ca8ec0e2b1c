#!/usr/bin/env python3
"""Makes operators.npz: one model an operator case, its inputs, and what ONNX Runtime answers without optimisations.

Run: python make_operators.py (numpy, onnx, onnxruntime). Keys: CASE.model (the file's bytes), CASE.inputN, CASE.outputN.
"""
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.default_rng(11)
session_options = onnxruntime.SessionOptions()
session_options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
session_options.log_severity_level = 3
entries = {}


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def case(key, nodes, inputs, constants=None, opset=17, outputs=("y",), types=None, symbolic=False, expected=None):
    """expected: the answers, for what ONNX Runtime has no kernel. inputs: arrays fed as x0, x1, …; constants: name → array; types: of outputs that are not float32."""
    assert f"{key}.model" not in entries, key
    infos = []
    for index, array in enumerate(inputs):
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        shape = [f"d{index}_{axis}" for axis in range(array.ndim)] if symbolic else array.shape
        infos.append(helper.make_tensor_value_info(f"x{index}", kind, shape))
    results = [helper.make_tensor_value_info(name, (types or {}).get(name, TensorProto.FLOAT), None) for name in outputs]
    stored = [numpy_helper.from_array(np.asarray(array), name) for name, array in (constants or {}).items()]
    if opset <= 8:
        # Before IR 4 an initializer is an input too.
        infos += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in stored]
    graph = helper.make_graph(nodes, key, infos, results, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 3 if opset <= 8 else 8 if opset <= 18 else 10
    content = model.SerializeToString(deterministic=True)
    answers = expected
    if expected is None:
        session = onnxruntime.InferenceSession(content, session_options, providers=["CPUExecutionProvider"])
        answers = session.run(list(outputs), {f"x{index}": array for index, array in enumerate(inputs)})
    entries[f"{key}.model"] = np.frombuffer(content, dtype=np.uint8)
    for index, array in enumerate(inputs):
        entries[f"{key}.input{index}"] = array
    for index, array in enumerate(answers):
        entries[f"{key}.output{index}"] = np.asarray(array)


def one(key, operator, inputs, constants=None, opset=17, outputs=("y",), types=None, names=None, symbolic=False,
        expected=None, **attributes):
    """One node; names: its inputs where they are not all fed ones and then all constants."""
    operands = names or [f"x{index}" for index in range(len(inputs))] + list(constants or {})
    case(key, [helper.make_node(operator, operands, list(outputs), "node", **attributes)], inputs, constants, opset,
         outputs, types, symbolic, expected)


node = helper.make_node
image = normal(2, 4, 7, 6)


def convolutions():
    w, b = normal(6, 4, 3, 2), normal(6)
    for opset in (6, 11, 22):
        one(f"conv_{opset}", "Conv", [image], {"w": w, "b": b}, opset)
        one(f"conv_pads_{opset}", "Conv", [image], {"w": w}, opset, pads=[0, 1, 2, 0], strides=[2, 1])
    for automatic in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        for stride in (1, 2, 3):
            one(f"conv_{automatic.lower()}_{stride}", "Conv", [image], {"w": w, "b": b}, auto_pad=automatic,
                strides=[stride, stride])
    one("conv_dilated", "Conv", [image], {"w": w, "b": b}, dilations=[2, 3], kernel_shape=[3, 2], pads=[2, 2, 2, 2])
    one("conv_depthwise", "Conv", [image], {"w": normal(4, 1, 3, 3), "b": normal(4)}, group=4, pads=[1, 1, 1, 1])
    one("conv_depthwise_multiplier", "Conv", [image], {"w": normal(12, 1, 3, 3)}, group=4, strides=[2, 2])
    one("conv_grouped", "Conv", [image], {"w": normal(6, 2, 3, 3)}, group=2)
    one("conv_open", "Conv", [image], {"w": w, "b": b}, symbolic=True, auto_pad="SAME_UPPER", strides=[2, 2])
    one("conv_computed_filter", "Conv", [image, w])
    small = normal(1, 3, 4, 5)
    for opset in (6, 11, 22):
        one(f"deconv_{opset}", "ConvTranspose", [small], {"w": normal(3, 2, 3, 3), "b": normal(2)}, opset,
            strides=[2, 2], pads=[1, 0, 1, 2], output_padding=[1, 0])
    one("deconv_grouped", "ConvTranspose", [normal(1, 4, 4, 5)], {"w": normal(4, 3, 2, 2)}, group=2, strides=[2, 1])
    one("deconv_dilated", "ConvTranspose", [small], {"w": normal(3, 2, 3, 3)}, dilations=[2, 1])
    for automatic in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        one(f"deconv_{automatic.lower()}", "ConvTranspose", [small], {"w": normal(3, 2, 3, 3)}, auto_pad=automatic,
            strides=[2, 2])
    one("deconv_output_shape", "ConvTranspose", [small], {"w": normal(3, 2, 3, 3)}, strides=[2, 2], output_shape=[8, 10])
    one("deconv_output_shape_upper", "ConvTranspose", [small], {"w": normal(3, 2, 3, 3)}, strides=[2, 2],
        output_shape=[8, 10], auto_pad="SAME_UPPER")


def pools():
    for opset in (7, 11, 22):
        one(f"max_pool_{opset}", "MaxPool", [image], opset=opset, kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 0, 1])
        one(f"average_pool_{opset}", "AveragePool", [image], opset=opset, kernel_shape=[3, 2], strides=[2, 1],
            pads=[1, 0, 0, 1])
        one(f"average_pool_count_{opset}", "AveragePool", [image], opset=opset, kernel_shape=[3, 3], pads=[1, 1, 1, 1],
            count_include_pad=1)
    for operator in ("MaxPool", "AveragePool"):
        for automatic in ("SAME_UPPER", "SAME_LOWER", "VALID"):
            one(f"{operator.lower()}_{automatic.lower()}", operator, [image], kernel_shape=[3, 3], strides=[2, 2],
                auto_pad=automatic)
        for pads in ([0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 1, 0]):
            one(f"{operator.lower()}_ceil_{''.join(map(str, pads))}", operator, [image], opset=22, kernel_shape=[3, 3],
                strides=[2, 2], ceil_mode=1, pads=pads)
    one("average_pool_ceil_count", "AveragePool", [image], opset=22, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1,
        pads=[1, 1, 1, 1], count_include_pad=1)
    one("max_pool_dilated", "MaxPool", [image], opset=12, kernel_shape=[2, 2], dilations=[2, 3], pads=[1, 1, 1, 1])
    one("average_pool_dilated", "AveragePool", [image], opset=19, kernel_shape=[2, 2], dilations=[2, 3])
    one("global_average", "GlobalAveragePool", [image])
    one("global_max", "GlobalMaxPool", [image])
    one("global_average_1d", "GlobalAveragePool", [normal(2, 3, 5)])
    one("global_average_3d", "GlobalAveragePool", [normal(2, 3, 2, 3, 2)])


def normalizations():
    statistics = {"s": normal(4), "t": normal(4), "m": normal(4), "v": np.abs(normal(4)) + 0.1}
    for opset in (7, 9, 14, 15):
        one(f"batch_norm_{opset}", "BatchNormalization", [image], statistics, opset, epsilon=1e-3)
    one("batch_norm_flat", "BatchNormalization", [normal(3, 4)], statistics, 15)
    one("layer_norm", "LayerNormalization", [normal(2, 3, 4)], {"s": normal(4), "t": normal(4)}, 17)
    one("layer_norm_two", "LayerNormalization", [normal(2, 3, 4)], {"s": normal(3, 4)}, 17, axis=1, epsilon=1e-3)
    one("dropout_7", "Dropout", [image], opset=7, ratio=0.3)
    one("dropout_13", "Dropout", [image], {"r": np.float32(0.3)}, 13)


def activations():
    x = normal(3, 5) * 3
    for name, operator, opset, attributes in [
        ("relu_6", "Relu", 6, {}), ("relu_14", "Relu", 14, {}), ("leaky_6", "LeakyRelu", 6, {}),
        ("leaky_16", "LeakyRelu", 16, {"alpha": 0.3}), ("elu", "Elu", 6, {"alpha": 0.7}), ("elu_22", "Elu", 22, {}),
        ("selu", "Selu", 6, {}), ("selu_given", "Selu", 22, {"alpha": 1.5, "gamma": 2.0}), ("celu", "Celu", 12, {}),
        ("thresholded", "ThresholdedRelu", 10, {"alpha": 0.5}), ("sigmoid", "Sigmoid", 13, {}),
        ("hard_sigmoid", "HardSigmoid", 6, {}), ("hard_sigmoid_given", "HardSigmoid", 22, {"alpha": 0.3, "beta": 0.4}),
        ("hard_swish", "HardSwish", 14, {}), ("mish", "Mish", 18, {}), ("gelu", "Gelu", 20, {}),
        ("gelu_tanh", "Gelu", 20, {"approximate": "tanh"}), ("tanh", "Tanh", 13, {}), ("exp", "Exp", 13, {}),
        ("abs", "Abs", 13, {}), ("neg", "Neg", 6, {}), ("erf", "Erf", 9, {}), ("floor", "Floor", 13, {}),
        ("ceil", "Ceil", 13, {}), ("sign", "Sign", 13, {}), ("sin", "Sin", 7, {}), ("cos", "Cos", 22, {}),
        ("softplus", "Softplus", 22, {}), ("softsign", "Softsign", 22, {}), ("identity", "Identity", 13, {}),
    ]:
        one(name, operator, [x], opset=opset, **attributes)
    one("round", "Round", [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6], np.float32)], opset=11)
    positive = np.abs(x) + 0.1
    for operator in ("Sqrt", "Log", "Reciprocal"):
        one(operator.lower(), operator, [positive])
    one("not", "Not", [x > 0], types={"y": TensorProto.BOOL})
    one("prelu_6", "PRelu", [image], {"s": (s := normal(4))}, 6,
        expected=[np.where(image < 0, image * s[:, None, None], image)])
    one("prelu_7", "PRelu", [image], {"s": normal(4, 1, 1)}, 7)
    one("prelu_16", "PRelu", [image], {"s": normal(1)}, 16)
    for axis in (0, 1, 2, -1):
        for opset in (11, 13):
            one(f"softmax_{axis}_{opset}", "Softmax", [normal(2, 3, 4)], opset=opset, axis=axis)
            one(f"log_softmax_{axis}_{opset}", "LogSoftmax", [normal(2, 3, 4)], opset=opset, axis=axis)
    one("softmax_default_9", "Softmax", [normal(2, 3, 4)], opset=9)
    one("softmax_default_13", "Softmax", [normal(2, 3, 4)], opset=13)
    one("clip_6", "Clip", [x], opset=6, min=-1.0, max=2.0)
    one("clip_6_minimum", "Clip", [x], opset=6, min=0.5)
    one("clip_11", "Clip", [x], {"a": np.float32(-1), "b": np.float32(2)}, 11)
    one("clip_13_maximum", "Clip", [x], {"b": np.float32(0.5)}, 13, names=["x0", "", "b"])
    one("clip_13_fed", "Clip", [x, np.array(-1, np.float32), np.array(1, np.float32)], opset=13)
    one("clip_13_crossed", "Clip", [x], {"a": np.float32(1), "b": np.float32(-1)}, 13)
    one("clip_int", "Clip", [np.arange(-8, 8, dtype=np.int64)], {"a": np.int64(-3), "b": np.int64(2**40)}, 13,
        types={"y": TensorProto.INT64})


def arithmetic():
    a, b = normal(2, 3, 4), normal(3, 1)
    for operator in ("Add", "Sub", "Mul", "Div"):
        for opset in (7, 14):
            one(f"{operator.lower()}_{opset}", operator, [a, b], opset=opset)
        one(f"{operator.lower()}_constant", operator, [a], {"b": normal(4)})
    c = normal(3)
    one("add_6_axis", "Add", [a], {"b": c}, 6, broadcast=1, axis=1, expected=[a + c[:, None]])
    one("mul_6_axis_fed", "Mul", [a, c], opset=6, broadcast=1, axis=1, expected=[a * c[:, None]])
    d = normal(3, 4)
    one("sub_6_suffix", "Sub", [a], {"b": d}, 6, broadcast=1, expected=[a - d])
    whole = np.array([-7, -6, -1, 0, 5, 7, 9], np.int64)
    one("div_int", "Div", [whole], {"b": ints(2, -4, 2, 3, -2, 2, -9)}, types={"y": TensorProto.INT64})
    one("pow", "Pow", [np.abs(a)], {"b": np.float32(1.7)}, 13)
    one("pow_int", "Pow", [a], {"b": np.int64(2)}, 13)
    one("pow_int_fed", "Pow", [a, np.array(3, np.int32)], opset=15)
    for operator in ("Sum", "Max", "Min", "Mean"):
        one(f"{operator.lower()}_1", operator, [a], opset=13)
        one(f"{operator.lower()}_2", operator, [a, b], opset=13)
        one(f"{operator.lower()}_4", operator, [a, b, normal(4), normal(1)], opset=8)
    for operator, opset in [("Equal", 13), ("Less", 13), ("Greater", 9), ("LessOrEqual", 16), ("GreaterOrEqual", 12)]:
        one(operator.lower(), operator, [np.round(a), np.round(b)], opset=opset, types={"y": TensorProto.BOOL})
    for operator in ("And", "Or"):
        one(operator.lower(), operator, [a > 0, b > 0], types={"y": TensorProto.BOOL})
    one("where", "Where", [a > 0, a, b])
    one("matmul", "MatMul", [normal(2, 3, 4)], {"b": normal(4, 5)})
    one("matmul_batch", "MatMul", [normal(2, 1, 3, 4), normal(5, 4, 2)])
    one("matmul_vector", "MatMul", [normal(4), normal(4, 2)])
    for opset in (7, 11, 13):
        one(f"gemm_{opset}", "Gemm", [normal(2, 3)], {"b": normal(4, 3), "c": normal(4)}, opset, transB=1)
    one("gemm_plain", "Gemm", [normal(2, 3)], {"b": normal(3, 4)}, 11)
    one("gemm_scaled", "Gemm", [normal(3, 2)], {"b": normal(3, 4), "c": normal(2, 1)}, transA=1, alpha=0.5, beta=2.0)
    one("gemm_scaled_no_addend", "Gemm", [normal(2, 3)], {"b": normal(3, 4)}, alpha=0.25)
    one("gemm_fed", "Gemm", [normal(2, 3), normal(3, 4), normal(1, 4)], beta=0.5)
    one("gemm_row", "Gemm", [normal(2, 3)], {"b": normal(3, 4), "c": normal(1, 4)})
    one("gemm_scalar", "Gemm", [normal(2, 3)], {"b": normal(3, 4), "c": normal(1)})


def reductions():
    x = normal(2, 3, 4)
    positive = np.abs(x) + 0.1
    names = ["Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "SumSquare", "LogSum"]
    for name in names:
        operator, source = f"Reduce{name}", positive if name == "LogSum" else x
        tag = operator.lower()
        one(f"{tag}_11", operator, [source], opset=11, axes=[1, -1], keepdims=0)
        one(f"{tag}_11_all", operator, [source], opset=11)
        one(f"{tag}_18", operator, [source], {"axes": ints(-2)}, 18)
        one(f"{tag}_18_all", operator, [source], opset=18, keepdims=0)
    one("reducesum_13", "ReduceSum", [x], {"axes": ints(0, 2)}, 13)
    one("reducesum_13_noop", "ReduceSum", [x], opset=13, noop_with_empty_axes=1)
    repeated = np.round(x)
    for operator in ("ArgMax", "ArgMin"):
        for last in (0, 1):
            one(f"{operator.lower()}_{last}", operator, [repeated], opset=13, axis=-1, keepdims=last,
                select_last_index=last, types={"y": TensorProto.INT64})
        one(f"{operator.lower()}_default", operator, [repeated], opset=11, types={"y": TensorProto.INT64})


def shapes():
    x = normal(2, 3, 4)
    for axis in (0, 1, 2, 3, -1):
        one(f"flatten_{axis}", "Flatten", [x], opset=13, axis=axis)
    one("flatten_9", "Flatten", [x], opset=9)
    one("reshape_5", "Reshape", [x], {"s": ints(0, -1)}, 6)
    one("reshape_14", "Reshape", [x], {"s": ints(4, -1, 2)}, 14)
    one("reshape_fed", "Reshape", [x, ints(3, 8)], opset=13)
    one("squeeze_11", "Squeeze", [normal(1, 3, 1)], opset=11, axes=[0])
    one("squeeze_13", "Squeeze", [normal(1, 3, 1)], {"a": ints(-1)}, 13)
    one("squeeze_all", "Squeeze", [normal(1, 3, 1)], opset=13)
    one("unsqueeze_11", "Unsqueeze", [x], opset=11, axes=[0, -1])
    one("unsqueeze_13", "Unsqueeze", [x], {"a": ints(3, 1)}, 13)
    one("transpose", "Transpose", [x], perm=[2, 0, 1])
    one("transpose_default", "Transpose", [x])
    whole = {"y": TensorProto.INT64}
    one("shape", "Shape", [x], types=whole, opset=13)
    one("shape_part", "Shape", [x], types=whole, opset=15, start=-2, end=2)
    one("size", "Size", [x], types=whole, opset=13)
    one("expand", "Expand", [normal(3, 1)], {"s": ints(2, 1, 4)}, 13)
    one("expand_fed", "Expand", [normal(3, 1), ints(2, 1, 4)], opset=8)
    one("tile", "Tile", [x], {"r": ints(1, 2, 3)}, 6)
    channels = normal(2, 8, 2, 3)
    one("depth_to_space", "DepthToSpace", [channels], opset=9, blocksize=2)
    one("depth_to_space_crd", "DepthToSpace", [channels], opset=13, blocksize=2, mode="CRD")
    one("space_to_depth", "SpaceToDepth", [normal(2, 3, 4, 6)], blocksize=2)
    for axis in (0, 1, -1):
        one(f"concat_{axis}", "Concat", [x, x * 2], opset=13, axis=axis)
    one("concat_4", "Concat", [x, x * 2], opset=6, axis=1)
    parts = ("y", "z")
    one("split_2", "Split", [normal(2, 4)], opset=6, outputs=parts, axis=1)
    one("split_11", "Split", [normal(2, 4)], opset=11, outputs=parts, axis=-1, split=[1, 3])
    one("split_13", "Split", [normal(2, 4)], {"s": ints(3, 1)}, 13, parts, axis=1)
    one("split_18", "Split", [normal(2, 5)], opset=18, outputs=parts, axis=1, num_outputs=2)
    one("slice_9", "Slice", [x], opset=9, axes=[1, 2], starts=[-2, 1], ends=[2**63 - 1, -1])
    one("slice_9_default", "Slice", [x], opset=9, starts=[1, 0], ends=[2, 2])
    one("slice_10", "Slice", [x], {"s": ints(0, 1), "e": ints(9, 3), "a": ints(1, 2)}, 10)
    one("slice_13_steps", "Slice", [x], {"s": ints(-1, 0), "e": ints(-9, 4), "a": ints(-1, 1), "t": ints(-2, 2)}, 13)
    one("slice_13_minimum", "Slice", [x], {"s": ints(3), "e": ints(-(2**63)), "a": ints(2), "t": ints(-1)}, 13)
    one("gather", "Gather", [x], {"i": ints(2, 0, -1)}, 13, axis=1)
    one("gather_scalar", "Gather", [x], {"i": np.int64(1)}, 11, axis=-1)
    one("gather_table", "Gather", [x], {"i": np.array([[0, 1], [1, 0]], np.int32)}, 9)
    for mode in ("constant", "reflect", "edge"):
        one(f"pad_2_{mode}", "Pad", [x], opset=10, pads=[0, 1, 2, 1, 0, 1], mode=mode)
        one(f"pad_11_{mode}", "Pad", [x], {"p": ints(0, 2, 1, 0, 0, 3), "v": np.float32(1.5)}, 11, mode=mode)
    one("pad_negative", "Pad", [x], {"p": ints(0, -1, 1, 0, 0, -2)}, 13)
    one("pad_18", "Pad", [x], {"p": ints(2, 1), "a": ints(-1)}, 18, names=["x0", "p", "", "a"])
    one("cast_int", "Cast", [x * 3], to=TensorProto.INT32, types={"y": TensorProto.INT32})
    one("cast_float", "Cast", [np.arange(-3, 3, dtype=np.int64)], to=TensorProto.FLOAT)
    one("cast_bool", "Cast", [np.round(x)], to=TensorProto.BOOL, types={"y": TensorProto.BOOL})
    one("cast_half", "Cast", [x], to=TensorProto.FLOAT16, types={"y": TensorProto.FLOAT16})
    one("cast_like", "CastLike", [x * 3, ints(1)], opset=19, types={"y": TensorProto.INT64})
    one("constant_of_shape", "ConstantOfShape", [ints(2, 3)], opset=9, value=helper.make_tensor("v", 7, [1], [5]),
        types={"y": TensorProto.INT64})
    one("constant_of_shape_default", "ConstantOfShape", [ints(2, 3)], opset=20)
    case("flatten_head", [
        node("Shape", ["x0"], ["s"]), node("Gather", ["s", "zero"], ["n"]), node("Unsqueeze", ["n"], ["h"], axes=[0]),
        node("Concat", ["h", "rest"], ["t"], axis=0), node("Reshape", ["x0", "t"], ["y"])],
        [x], {"zero": np.int64(0), "rest": ints(-1)}, 11, symbolic=True)
    case("resize_to_other", [
        node("Shape", ["x1"], ["s"]), node("Slice", ["s", "two", "four"], ["hw"]), node("Shape", ["x0"], ["t"]),
        node("Slice", ["t", "zero", "two"], ["nc"]), node("Concat", ["nc", "hw"], ["sizes"], axis=0),
        node("Resize", ["x0", "", "", "sizes"], ["y"], mode="linear")],
        [normal(1, 2, 3, 4), normal(1, 1, 6, 5)], {"zero": ints(0), "two": ints(2), "four": ints(4)}, 13)
    case("constants", [
        node("Constant", [], ["a"], value_float=0.5), node("Constant", [], ["b"], value_floats=[1.0, 2.0, 3.0, 4.0]),
        node("Mul", ["x0", "a"], ["p"]), node("Add", ["p", "b"], ["y"])], [x], opset=12)


def resizes():
    x = normal(1, 2, 5, 4)
    for mode in ("nearest", "linear"):
        one(f"upsample_7_{mode}", "Upsample", [x], opset=7, mode=mode, scales=[1.0, 1.0, 2.0, 3.0])
        one(f"upsample_9_{mode}", "Upsample", [x], {"s": np.array([1, 1, 2.5, 1.5], np.float32)}, 9, mode=mode)
        one(f"resize_10_{mode}", "Resize", [x], {"s": np.array([1, 1, 2, 2], np.float32)}, 10, mode=mode)
    one("resize_10_linear_down", "Resize", [x], {"s": np.array([1, 1, 0.6, 0.5], np.float32)}, 10, mode="linear")
    coordinates = ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"]
    for mode in ("nearest", "linear", "cubic"):
        for coordinate in coordinates:
            for tag, sizes in (("up", (8, 9)), ("down", (3, 2))):
                one(f"resize_{mode}_{coordinate}_{tag}", "Resize", [x], {"z": ints(1, 2, *sizes)}, 13, mode=mode,
                    names=["x0", "", "", "z"], coordinate_transformation_mode=coordinate)
    for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
        for coordinate in ("half_pixel", "asymmetric"):
            one(f"resize_{rounding}_{coordinate}", "Resize", [x], {"s": np.array([1, 1, 1.5, 2.5], np.float32)}, 13,
                names=["x0", "", "s"], nearest_mode=rounding, coordinate_transformation_mode=coordinate)
    one("resize_tf_half_pixel", "Resize", [x], {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 2, 2], np.float32)},
        11, coordinate_transformation_mode="tf_half_pixel_for_nn", nearest_mode="floor")
    one("resize_one", "Resize", [x], {"z": ints(1, 2, 1, 1)}, 13, mode="linear", names=["x0", "", "", "z"],
        coordinate_transformation_mode="pytorch_half_pixel")
    one("resize_cubic_given", "Resize", [x], {"z": ints(1, 2, 8, 9)}, 13, mode="cubic", cubic_coeff_a=-0.5,
        names=["x0", "", "", "z"])
    one("resize_19_axes", "Resize", [x], {"z": ints(9, 8)}, 19, mode="linear", names=["x0", "", "", "z"], axes=[3, 2])
    one("resize_19_symmetric", "Resize", [x], {"z": ints(1, 2, 8, 9)}, 19, mode="linear", names=["x0", "", "", "z"],
        coordinate_transformation_mode="half_pixel_symmetric")
    one("resize_channels_last", "Resize", [normal(1, 5, 4, 2)], {"s": np.array([1, 2, 2, 1], np.float32)}, 13,
        names=["x0", "", "s"], mode="nearest")


for group in (convolutions, pools, normalizations, activations, arithmetic, reductions, shapes, resizes):
    group()
np.savez_compressed("operators.npz", **entries)
print(sum(key.endswith(".model") for key in entries), "cases")
