#!/usr/bin/env python3
"""Makes dynamic.npz: a small network as ONNX Runtime's dynamic quantization leaves it, its input, and what it answers.

Run: python make_dynamic.py (numpy, onnx, onnxruntime, the versions of Tests/oracle/requirements.txt). The network is the head
of a MobileNetV2 in small: a strided convolution, an inverted residual with its sum, a pool and a dense layer; weights are uint8 with a zero
point. The answer is that of onnx.reference, which evaluates DynamicQuantizeLinear, ConvInteger and MatMulInteger exactly;
ONNX Runtime adds products in saturating 16 bits on machines without VNNI.
"""
import os
import tempfile

import numpy as np
import onnx
import onnx.reference
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.default_rng(11)
nodes, constants = [], {}


def parameters(name, *shape, spread=1.0):
    constants[name] = (random.normal(0, spread, shape)).astype(np.float32)
    return name


def convolution(x, name, outputs, inputs, kernel, groups=1, stride=1, clamps=True):
    depth = kernel * kernel * inputs // groups
    names = [x, parameters(f"{name}.weight", outputs, inputs // groups, kernel, kernel, spread=1.4 / np.sqrt(depth)),
             parameters(f"{name}.bias", outputs, spread=0.2)]
    nodes.append(helper.make_node("Conv", names, [f"{name}.sum" if clamps else name], name, group=groups, strides=[stride] * 2,
                                  pads=[kernel // 2] * 4))
    if clamps:
        nodes.append(helper.make_node("Clip", [f"{name}.sum", "zero", "six"], [name], f"{name}.clip"))
    return name


constants["zero"], constants["six"] = np.float32(0), np.float32(6)
x = convolution("x", "stem", 8, 3, 3, stride=2)
wide = convolution(x, "expand", 24, 8, 1)
wide = convolution(wide, "depthwise", 24, 24, 3, groups=24)
narrow = convolution(wide, "project", 8, 24, 1, clamps=False)
nodes.append(helper.make_node("Add", [x, narrow], ["block"], "add"))
x = convolution("block", "last", 32, 8, 1)
nodes.append(helper.make_node("GlobalAveragePool", [x], ["pooled"], "pool"))
nodes.append(helper.make_node("Flatten", ["pooled"], ["features"], "flatten"))
nodes.append(helper.make_node("MatMul", ["features", parameters("classes.weight", 32, 5, spread=0.3)], ["product"], "classes"))
nodes.append(helper.make_node("Add", ["product", parameters("classes.bias", 5)], ["y"], "classes.add"))
graph = helper.make_graph(
    nodes, "dynamic", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 14, 14])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])],
    [numpy_helper.from_array(array, name) for name, array in constants.items()])
real = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
with tempfile.TemporaryDirectory() as folder:
    onnx.save(real, f"{folder}/real.onnx")
    quantize_dynamic(f"{folder}/real.onnx", f"{folder}/dynamic.onnx", weight_type=QuantType.QUInt8,
                     op_types_to_quantize=["Conv", "MatMul"])
    dynamic = onnx.load(f"{folder}/dynamic.onnx")
kinds = [node.op_type for node in dynamic.graph.node]
assert kinds.count("ConvInteger") == 5 and kinds.count("MatMulInteger") == 1 and "Conv" not in kinds, kinds
image = random.uniform(-1, 1, (1, 3, 14, 14)).astype(np.float32)
answer = onnx.reference.ReferenceEvaluator(dynamic).run(None, {"x": image})[0]
real_answer = onnx.reference.ReferenceEvaluator(real).run(None, {"x": image})[0]
print("answer", answer, "of the real network", real_answer)
np.savez_compressed("dynamic.npz", model=np.frombuffer(dynamic.SerializeToString(deterministic=True), np.uint8), input=image, output=answer)
