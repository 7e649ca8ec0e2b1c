"""Makes the ONNX files that the tests of the command are fed. Needs onnx and numpy; run it in this folder."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def save(name, nodes, initializers):
    graph = helper.make_graph(
        nodes,
        "main",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("odd", 1)])
    model.ir_version = 8
    model.producer_name = "ferry-tests"
    with open(name, "wb") as file:
        file.write(model.SerializeToString())


def weights(values):
    return numpy_helper.from_array(np.array(values, np.float32).reshape(2, 2), "w")


dense = helper.make_node("Gemm", ["x", "w"], ["y"], "dense")
save("good.onnx", [dense], [weights([1, 2, 3, 4])])
save("nan.onnx", [dense], [weights([1, np.nan, 3, np.inf])])
save(
    "unknown_operators.onnx",
    [
        helper.make_node("Frobnicate", ["x"], ["a"], "first", domain="odd"),
        helper.make_node("Relu", ["a"], ["b"], "second"),
        helper.make_node("Grumble", ["b"], ["y"], "third", domain="odd", loudness=11),
    ],
    [],
)
for name, location in [("missing_data.onnx", "weights.bin"), ("escaping_data.onnx", "../weights.bin")]:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 2])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in [("location", location), ("offset", "0"), ("length", "16")]:
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    save(name, [dense], [tensor])
