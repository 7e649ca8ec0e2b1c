"""Makes ONNX files whose signatures differ in order and names only. Needs onnx; run it in this folder."""

from onnx import TensorProto, helper


def save(name, nodes, inputs, outputs):
    def values(names):
        return [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in names]

    graph = helper.make_graph(nodes, "main", values(inputs), values(outputs))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    model.producer_name = "ferry-tests"
    with open(name, "wb") as file:
        file.write(model.SerializeToString())


def heads(relu, sigmoid):
    return [helper.make_node("Relu", ["x"], [relu]), helper.make_node("Sigmoid", ["x"], [sigmoid])]


save("heads.onnx", heads("boxes", "scores"), ["x"], ["boxes", "scores"])
save("heads_reordered.onnx", heads("boxes", "scores"), ["x"], ["scores", "boxes"])
save("heads_exchanged.onnx", heads("scores", "boxes"), ["x"], ["scores", "boxes"])
save("heads_renamed.onnx", heads("a", "b"), ["x"], ["a", "b"])
for name, inputs in [("difference.onnx", ["p", "q"]), ("difference_reordered.onnx", ["q", "p"])]:
    save(name, [helper.make_node("Sub", ["p", "q"], ["y"])], inputs, ["y"])
