#!/usr/bin/env python3
"""Makes the small ONNX files of this folder. Needs the packages onnx and numpy; run it in this folder, it takes no arguments.

Every file is deterministic: running the script again writes the same bytes.
"""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

os.chdir(os.path.dirname(os.path.abspath(__file__)))
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def info(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, values, kind=np.float32):
    return numpy_helper.from_array(np.array(values, dtype=kind), name)


def weights(name, *shape):
    count = int(np.prod(shape))
    return constant(name, (np.arange(count) % 13 - 6).reshape(shape) / 8)


def write(name, nodes, inputs, outputs, initializers=(), opset=13, ir=None, imports=None, **extra):
    graph = helper.make_graph(
        nodes, extra.pop("graph_name", "graph"), inputs, outputs, list(initializers),
        value_info=extra.pop("value_info", []))
    imports = imports or [helper.make_opsetid("", opset)]
    model = helper.make_model(graph, opset_imports=imports, producer_name="fixtures", **extra)
    model.ir_version = ir or (3 if opset <= 8 else 4 if opset <= 9 else 7 if opset <= 14 else 8 if opset <= 18 else 10)
    with open(name + ".onnx", "wb") as file:
        file.write(model.SerializeToString(deterministic=True))


node = helper.make_node
image = [info("x", [1, 2, 6, 6])]


def one(name, operator, outputs, opset, inputs=None, initializers=(), extra_inputs=(), **attributes):
    """A model of one operator on an image."""
    names = [i.name for i in (inputs or image)] + [i.name if not isinstance(i, str) else i for i in extra_inputs]
    write(name, [node(operator, names, [o.name for o in outputs], "the_node", **attributes)], inputs or image, outputs,
          initializers, opset)


# --- Ways of storing a tensor -----------------------------------------------------------------------------------------
kinds = {
    "float": FLOAT, "double": TensorProto.DOUBLE, "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16,
    "int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "int16": TensorProto.INT16, "uint16": TensorProto.UINT16,
    "int32": TensorProto.INT32, "uint32": TensorProto.UINT32, "int64": INT64, "uint64": TensorProto.UINT64,
    "bool": TensorProto.BOOL, "int4": TensorProto.INT4,
}
stored, nodes, outputs = [], [], []
for kind_name, kind in kinds.items():
    signed = not kind_name.startswith(("u", "b")) or kind_name == "bfloat16"
    values = [0, 1, 0, 1, 1, 0] if kind_name == "bool" else [-3, -2, -1, 0, 1, 2] if signed else [0, 1, 2, 3, 4, 5]
    typed = helper.make_tensor(f"{kind_name}_typed", kind, [2, 3], values)
    raw = TensorProto(name=f"{kind_name}_raw", data_type=kind, dims=[2, 3])
    raw.raw_data = numpy_helper.to_array(typed).astype(
        numpy_helper.to_array(typed).dtype).tobytes() if kind_name != "int4" else bytes([0xED, 0x0F, 0x21])
    for tensor in [typed, raw]:
        stored.append(tensor)
        nodes.append(node("Identity", [tensor.name], [tensor.name + "_out"]))
        outputs.append(info(tensor.name + "_out", [2, 3], kind))
write("storage", nodes, [], outputs, stored, opset=21)

# --- Clip -------------------------------------------------------------------------------------------------------------
y = [info("y", [1, 2, 6, 6])]
one("clip_6", "Clip", y, 6, min=0.0, max=6.0)
one("clip_6_none", "Clip", y, 6)
write("clip_11_scalars", [node("Clip", ["x", "low", "high"], ["y"])], image, y, [constant("low", 0.0), constant("high", 6.0)], 11)
write("clip_12_vectors", [node("Clip", ["x", "low", "high"], ["y"])], image, y, [constant("low", [0.0]), constant("high", [6.0])], 12)
write("clip_13_constants", [
    node("Constant", [], ["low"], value=constant("", 0.0)), node("Constant", [], ["high"], value_float=6.0),
    node("Clip", ["x", "low", "high"], ["y"])], image, y, [], 13)
write("clip_13_no_minimum", [node("Clip", ["x", "", "high"], ["y"])], image, y, [constant("high", 6.0)], 13)
write("clip_13_none", [node("Clip", ["x"], ["y"])], image, y, [], 13)
write("clip_13_computed", [node("Clip", ["x", "low", "high"], ["y"])],
      image + [info("low", []), info("high", [])], y, [], 13)

# --- Convolutions -----------------------------------------------------------------------------------------------------
filters = [weights("w", 4, 2, 3, 3), weights("b", 4)]


def conv(name, out, names=("x", "w", "b"), opset=13, filters=filters, **attributes):
    write(name, [node("Conv", list(names), ["y"], "the_node", **attributes)], image, [info("y", out)], filters, opset)


conv("conv_plain", [1, 4, 4, 4])
conv("conv_pads", [1, 4, 3, 3], pads=[0, 0, 1, 1], strides=[2, 2], kernel_shape=[3, 3], opset=7)
conv("conv_same_upper", [1, 4, 3, 3], auto_pad="SAME_UPPER", strides=[2, 2])
conv("conv_same_lower", [1, 4, 3, 3], auto_pad="SAME_LOWER", strides=[2, 2], opset=22)
conv("conv_valid", [1, 4, 2, 2], auto_pad="VALID", dilations=[2, 2])
conv("conv_notset", [1, 4, 6, 6], auto_pad="NOTSET", pads=[1, 1, 1, 1])
conv("conv_depthwise", [1, 4, 6, 6], ("x", "w"), group=2, pads=[1, 1, 1, 1], filters=[weights("w", 4, 1, 3, 3)])
conv("conv_wrong_kernel_shape", [1, 4, 2, 2], kernel_shape=[5, 5])
conv("conv_unknown_auto_pad", [1, 4, 6, 6], auto_pad="SAME_SOMETHING")
write("conv_unknown_attribute", [node("Conv", ["x", "w"], ["y"], "the_node", dilation_mode=3)], image,
      [info("y", [1, 4, 4, 4])], filters[:1], 13)
write("conv_1d", [node("Conv", ["x", "w"], ["y"], "the_node")], [info("x", [1, 2, 9])], [info("y", [1, 4, 7])],
      [weights("w", 4, 2, 3)], 13)
write("conv_transpose", [
    node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])], image,
    [info("y", [1, 3, 12, 12])], [weights("w", 2, 3, 3, 3)], 11)
write("conv_transpose_output_shape", [
    node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2], output_shape=[12, 12])], image,
    [info("y", [1, 3, 12, 12])], [weights("w", 2, 3, 3, 3)], 11)

# --- Batch normalization ----------------------------------------------------------------------------------------------
statistics = [constant("s", [1, 2]), constant("t", [0, 1]), constant("m", [0.5, 0.25]), constant("v", [1, 4])]


def batch_norm(name, opset, outputs=("y",), **attributes):
    write(name, [node("BatchNormalization", ["x", "s", "t", "m", "v"], list(outputs), "the_node", **attributes)], image, y,
          statistics, opset)


batch_norm("batch_norm_6", 6, is_test=1, epsilon=1e-3)
batch_norm("batch_norm_6_training", 6, epsilon=1e-3)
batch_norm("batch_norm_7_not_spatial", 7, spatial=0)
batch_norm("batch_norm_9", 9, epsilon=1e-3, momentum=0.9)
batch_norm("batch_norm_15", 15)
batch_norm("batch_norm_14_training", 14, training_mode=1, outputs=("y", "running_mean", "running_variance"))

# --- Shapes: attributes in old versions, inputs in new ones -----------------------------------------------------------
one("reduce_mean_11", "ReduceMean", [info("y", [1, 2])], 11, axes=[2, -1], keepdims=0)
one("reduce_mean_18", "ReduceMean", [info("y", [1, 2])], 18, initializers=[constant("axes", [2, -1], np.int64)],
    extra_inputs=["axes"], keepdims=0)
one("reduce_mean_18_all", "ReduceMean", [info("y", [1, 1, 1, 1])], 18)
one("reduce_mean_18_noop", "ReduceMean", y, 18, noop_with_empty_axes=1)
one("softmax_11", "Softmax", y, 11)
one("softmax_13", "Softmax", y, 13)
one("softmax_11_last", "Softmax", y, 11, axis=3)
tall = [info("x", [1, 2, 1, 1])]
one("squeeze_11", "Squeeze", [info("y", [1, 2])], 11, tall, axes=[2, 3])
one("squeeze_13", "Squeeze", [info("y", [1, 2])], 13, tall, [constant("axes", [-1, -2], np.int64)], ["axes"])
one("squeeze_13_all", "Squeeze", [info("y", [2])], 13, tall)
flat = [info("x", [3, 4])]
one("unsqueeze_11", "Unsqueeze", [info("y", [1, 3, 4, 1])], 11, flat, axes=[0, -1])
one("unsqueeze_13", "Unsqueeze", [info("y", [1, 3, 4, 1])], 13, flat, [constant("axes", [0, 3], np.int64)], ["axes"])
halves = [info("y", [1, 1, 6, 6]), info("z", [1, 1, 6, 6])]
one("split_11", "Split", halves, 11, axis=1)
one("split_11_sizes", "Split", [info("y", [1, 2, 2, 6]), info("z", [1, 2, 4, 6])], 11, axis=-2, split=[2, 4])
one("split_13", "Split", [info("y", [1, 2, 2, 6]), info("z", [1, 2, 4, 6])], 13, None,
    [constant("sizes", [2, 4], np.int64)], ["sizes"], axis=2)
one("split_18", "Split", [info("y", [1, 2, 3, 6]), info("z", [1, 2, 3, 6])], 18, axis=2, num_outputs=2)
write("split_18_uneven", [node("Split", ["x"], ["a", "b"], axis=0, num_outputs=2)], [info("x", [5])],
      [info("a", [3]), info("b", [2])], [], 18)
one("slice_9", "Slice", [info("y", [1, 2, 2, 3])], 9, axes=[2, 3], starts=[1, -3], ends=[3, 9223372036854775807])
bounds = [constant(n, v, np.int64) for n, v in
          [("starts", [1, -1]), ("ends", [3, -9223372036854775808]), ("axes", [2, 3]), ("steps", [1, -2])]]
one("slice_13", "Slice", [info("y", [1, 2, 2, 3])], 13, None, bounds, ["starts", "ends", "axes", "steps"])
one("pad_2", "Pad", [info("y", [1, 2, 8, 7])], 10, pads=[0, 0, 1, 0, 0, 0, 1, 1], mode="reflect")
one("pad_11", "Pad", [info("y", [1, 2, 8, 7])], 11, None,
    [constant("pads", [0, 0, 1, 0, 0, 0, 1, 1], np.int64), constant("value", 2.5)], ["pads", "value"])
one("pad_18_axes", "Pad", [info("y", [1, 2, 8, 7])], 18, None,
    [constant("pads", [1, 0, 1, 1], np.int64), constant("axes", [-2, 3], np.int64)], ["pads", "", "axes"], mode="edge")
double = [info("y", [1, 2, 12, 12])]
one("upsample_7", "Upsample", double, 7, scales=[1.0, 1.0, 2.0, 2.0])
one("upsample_9", "Upsample", double, 9, None, [constant("scales", [1, 1, 2, 2])], ["scales"], mode="linear")
one("resize_10", "Resize", double, 10, None, [constant("scales", [1, 1, 2, 2])], ["scales"])
one("resize_11", "Resize", double, 11, None,
    [constant("roi", []), constant("scales", []), constant("sizes", [1, 2, 12, 12], np.int64)],
    ["roi", "scales", "sizes"], mode="linear", coordinate_transformation_mode="align_corners")
one("resize_13", "Resize", double, 13, None, [constant("scales", [1, 1, 2, 2])], ["", "scales"],
    coordinate_transformation_mode="asymmetric", nearest_mode="floor")
one("resize_19_axes", "Resize", [info("y", [1, 2, 12, 9])], 19, None, [constant("sizes", [12, 9], np.int64)],
    ["", "", "sizes"], axes=[2, 3], mode="linear")
one("resize_18_antialias", "Resize", [info("y", [1, 2, 3, 3])], 18, None, [constant("sizes", [1, 2, 3, 3], np.int64)],
    ["", "", "sizes"], antialias=1, mode="linear")
one("reshape_zero", "Reshape", [info("y", [1, 2, 36])], 13, None, [constant("shape", [0, 2, -1], np.int64)], ["shape"])
one("reshape_zero_allowed", "Reshape", [info("y", [0, 2, 36])], 14, [info("x", [0, 72])],
    [constant("shape", [0, 2, 36], np.int64)], ["shape"], allowzero=1)
one("upsample_rank_5", "Upsample", [info("y", [1, 2, 6, 12, 12])], 7, [info("x", [1, 2, 6, 6, 6])],
    scales=[1.0, 1.0, 1.0, 2.0, 2.0])
write("dropout_6", [node("Dropout", ["x"], ["y"], is_test=1, ratio=0.5)], image, y, [], 6)
write("dropout_7_mask", [node("Dropout", ["x"], ["y", "mask"], ratio=0.5)], image, y, [], 7)
write("dropout_13", [node("Dropout", ["x", "ratio"], ["y"])], image, y, [constant("ratio", 0.5)], 13)
write("dropout_13_mask_used", [node("Dropout", ["x"], ["y", "mask"])], image, y + [info("mask", [1, 2, 6, 6], TensorProto.BOOL)],
      [], 13)
write("add_6_broadcast", [node("Add", ["x", "b"], ["y"], broadcast=1, axis=1)], image, y, [constant("b", [1, 2])], 6)
write("max_pool_ceil", [node("MaxPool", ["x"], ["y"], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)], image,
      [info("y", [1, 2, 3, 3])], [], 12)
write("max_pool_indices", [node("MaxPool", ["x"], ["y", "i"], kernel_shape=[2, 2])], image,
      [info("y", [1, 2, 5, 5]), info("i", [1, 2, 5, 5], INT64)], [], 12)
write("average_pool_19", [
    node("AveragePool", ["x"], ["y"], kernel_shape=[2, 2], dilations=[2, 2], count_include_pad=1, pads=[1, 1, 1, 1])], image,
    [info("y", [1, 2, 6, 6])], [], 19)
write("gemm_general", [node("Gemm", ["a", "b", "c"], ["y"], "the_node", alpha=0.5, beta=2.0, transA=1)],
      [info("a", [4, 3])], [info("y", [3, 5])], [weights("b", 4, 5), weights("c", 3, 1)], 11)
write("gemm_head", [node("Gemm", ["a", "b", "c"], ["y"], "the_node", transB=1)],
      [info("a", ["batch", 4])], [info("y", ["batch", 5])], [weights("b", 5, 4), weights("c", 1, 5)], 9)
write("sum_mean", [node("Sum", ["x", "x", "x"], ["s"]), node("Mean", ["s", "x"], ["m"]), node("Max", ["m", "x"], ["y"])],
      image, y, [], 8)

# --- Shapes that are computed -----------------------------------------------------------------------------------------
open_image = [info("x", ["batch", 2, 6, 6])]
write("flatten_by_shape", [
    node("Shape", ["x"], ["shape"]), node("Constant", [], ["zero"], value=constant("", 0, np.int64)),
    node("Gather", ["shape", "zero"], ["batch_size"], axis=0), node("Unsqueeze", ["batch_size"], ["head"], axes=[0]),
    node("Constant", [], ["rest"], value=constant("", [-1], np.int64)),
    node("Concat", ["head", "rest"], ["target"], axis=0), node("Reshape", ["x", "target"], ["y"])],
    open_image, [info("y", ["batch", 72])], [], 11)
write("constant_of_shape", [
    node("ConstantOfShape", ["shape"], ["c"], value=helper.make_tensor("v", FLOAT, [1], [0.5])), node("Add", ["x", "c"], ["y"])],
    image, y, [constant("shape", [1, 2, 6, 6], np.int64)], 9)
write("constants", [
    node("Constant", [], ["a"], value_int=7), node("Constant", [], ["b"], value_ints=[1, 2, 3]),
    node("Constant", [], ["c"], value_float=0.5), node("Constant", [], ["d"], value_floats=[0.5, 1.5]),
    node("Constant", [], ["e"], value=constant("", [[1, 2]], np.int32)),
], [], [info("a", [], INT64), info("b", [3], INT64), info("c", []), info("d", [2]), info("e", [1, 2], TensorProto.INT32)],
    [], 13)

# --- Names, inputs, domains -------------------------------------------------------------------------------------------
write("names", [
    node("Relu", ["x"], ["/block/Relu_output_0"]), node("Relu", ["/block/Relu_output_0"], ["b"], "same"),
    node("Relu", ["b"], ["y"], "same")], image, y, [], 13)
write("ir_3", [node("Conv", ["x", "w", "b"], ["y"])],
      image + [info("w", [4, 2, 3, 3]), info("b", [4])], [info("y", [1, 4, 4, 4])], filters, 8)
write("unknown_operators", [
    node("Mystery", ["x"], ["a"], "first", domain="com.example", level=3, words=["p", "q"]),
    node("Mystery2", ["a"], ["y"], "second", table=constant("", [1, 2, 3]))], image, y, [],
    imports=[helper.make_opsetid("", 13), helper.make_opsetid("com.example", 2)])
write("opset_99", [node("Relu", ["x"], ["y"])], image, y, [], 99, ir=10)
write("opset_5", [node("Relu", ["x"], ["y"], consumed_inputs=[0])], image, y, [], 5)
write("undefined_value", [node("Relu", ["nothing"], ["y"], "the_node")], image, y, [], 13)
write("defined_twice", [node("Relu", ["x"], ["y"]), node("Abs", ["x"], ["y"], "the_node")], image, y, [], 13)
write("unsorted", [node("Relu", ["a"], ["y"], "later"), node("Abs", ["x"], ["a"], "sooner")], image, y, [], 13)
write("contradiction", [node("Relu", ["x"], ["a"]), node("Abs", ["a"], ["y"])], image, y, [], 13,
      value_info=[info("a", [1, 2, 5, 5])])
write("function_call", [node("Halve", ["x"], ["y"], domain="local")], image, y, [],
      imports=[helper.make_opsetid("", 17), helper.make_opsetid("local", 1)],
      functions=[helper.make_function("local", "Halve", ["p"], ["q"], [
          node("Constant", [], ["half"], value_float=0.5), node("Mul", ["p", "half"], ["q"])], [helper.make_opsetid("", 17)])])
branch = lambda operator: helper.make_graph([node(operator, ["x"], ["r"])], operator, [], [info("r", [1, 2, 6, 6])])
write("branches", [node("If", ["condition"], ["y"], "choice", then_branch=branch("Relu"), else_branch=branch("Abs"))],
      image + [info("condition", [], TensorProto.BOOL)], y, [], 13)

# --- Content in other files -------------------------------------------------------------------------------------------
with open("external.bin", "wb") as file:
    file.write(bytes(8) + np.arange(144, dtype="<f4").tobytes())


def external(name, location, **entries):
    tensor = TensorProto(name="w", data_type=FLOAT, dims=[4, 4, 3, 3], data_location=TensorProto.EXTERNAL)
    for key, value in [("location", location), *entries.items()]:
        tensor.external_data.add(key=key, value=str(value))
    write(name, [node("Conv", ["x", "w"], ["y"])], [info("x", [1, 4, 3, 3])], [info("y", [1, 4, 1, 1])], [tensor], 13)


external("external", "external.bin", offset=8, length=576)
external("external_no_length", "external.bin", offset=8)
external("external_missing", "not_there.bin")
external("external_above", "../Fixtures/external.bin", offset=8, length=576)
external("external_absolute", "/etc/passwd")
external("external_link", "link.bin", offset=8, length=576)
external("external_short", "external.bin", offset=16)
external("external_length", "external.bin", offset=8, length=12)
external("external_negative", "external.bin", offset=-8)
external("external_self", "./external.bin", offset=8)

# --- A tensor of its own, as test data are stored ---------------------------------------------------------------------
with open("input_0.pb", "wb") as file:
    file.write(constant("x", [[1.5, -2.0, 3.25]]).SerializeToString(deterministic=True))

# The wire as other writers use it: one field an element, and packed fields in several pieces.
with open("input_unpacked.pb", "wb") as file:
    head = TensorProto(name="u", data_type=FLOAT, dims=[3]).SerializeToString(deterministic=True)
    file.write(head + b"".join(b"\x25" + np.float32(v).tobytes() for v in [1.5, -2.0, 3.25]))
with open("input_pieces.pb", "wb") as file:
    head = TensorProto(name="p", data_type=INT64, dims=[4]).SerializeToString(deterministic=True)
    file.write(head + b"\x3a\x02\x01\x02" + b"\x38\x03" + b"\x3a\x0a" + b"\xff" * 9 + b"\x01")
