"""Holds a quantized ONNX network against ONNX's definitions, operator by operator.

    python onnx_quantized.py FERRY MODEL.onnx INPUT.npy FLOAT_OUTPUT.npy

The definitions are evaluated here, in numpy and float64: QuantizeLinear, DequantizeLinear and what stands between them for QDQ
files; QLinearConv, QLinearAdd, QLinearGlobalAveragePool and QGemm for QOperator files. Not by ONNX Runtime, which adds products
in saturating 16 bits on machines without VNNI. Every operator is fed what the definitions give before it: the network is cut
into a model in which each operator reads inputs of its own, which Ferry converts (folding pairs) and runs in its reference
interpreter and in its engine, which must agree in every bit. At most one count may differ from the definitions. The whole network
must then rank the same class first as the definitions and as the float network, whose output FLOAT_OUTPUT is; the signal-to-noise ratio against it is
printed. Needs numpy and onnx. Exit code 0: everything agrees.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

COUNTS = {"QuantizeLinear", "QLinearConv", "QLinearAdd", "QLinearGlobalAveragePool", "QGemm"}


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def along(values, axis, rank):
    return values.reshape([-1 if i == axis else 1 for i in range(rank)]) if values.ndim else values


def convolved(x, w, strides, pads, dilations, group):
    """Σ x · w in float64; x already holds what padding stands for as 0."""
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    height = (x.shape[2] - (w.shape[2] - 1) * dilations[0] - 1) // strides[0] + 1
    width = (x.shape[3] - (w.shape[3] - 1) * dilations[1] - 1) // strides[1] + 1
    y = np.zeros((x.shape[0], w.shape[0], height, width))
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            top, left = i * dilations[0], j * dilations[1]
            tap = x[:, :, top:top + (height - 1) * strides[0] + 1:strides[0], left:left + (width - 1) * strides[1] + 1:strides[1]]
            if group == 1:
                y += np.tensordot(w[:, :, i, j], tap, (1, 1)).transpose(1, 0, 2, 3)
            elif w.shape[1] == 1 and w.shape[0] == group:
                y += tap * w[:, 0, i, j][None, :, None, None]
            else:
                raise NotImplementedError("a grouped convolution that is not depthwise")
    return y


def window(node):
    known = attributes(node)
    if known.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise NotImplementedError("auto_pad")
    return (known.get("strides", [1, 1]), known.get("pads", [0] * 4), known.get("dilations", [1, 1]), known.get("group", 1))


def quantized(real, zero, dtype):
    info = np.iinfo(dtype)
    return np.clip(np.rint(real) + np.float64(zero), info.min, info.max).astype(dtype)


class Definitions:
    """Evaluates the nodes of a graph one after the other."""

    def __init__(self, graph, values):
        self.values = dict(values)
        for tensor in graph.initializer:
            self.values[tensor.name] = numpy_helper.to_array(tensor)

    def run(self, node):
        operands = [self.values[name] if name else None for name in node.input]
        result = getattr(self, node.op_type)(node, *operands)
        self.values[node.output[0]] = result
        return result

    def Constant(self, node):
        return numpy_helper.to_array(attributes(node)["value"])

    def QuantizeLinear(self, node, x, scale, zero):
        # The quotient is a float32, as both operands are.
        return quantized(x.astype(np.float32) / scale, zero, zero.dtype)

    def DequantizeLinear(self, node, x, scale, zero=None):
        axis = attributes(node).get("axis", 1)
        centred = x.astype(np.int64) - (0 if zero is None else along(zero.astype(np.int64), axis, x.ndim))
        return (centred * along(scale.astype(np.float64), axis, x.ndim)).astype(np.float32)

    def Conv(self, node, x, w, b=None):
        y = convolved(x.astype(np.float64), w.astype(np.float64), *window(node))
        return (y if b is None else y + b.astype(np.float64)[:, None, None]).astype(np.float32)

    def Add(self, node, a, b):
        return a + b

    def GlobalAveragePool(self, node, x):
        return x.astype(np.float64).mean((2, 3), keepdims=True).astype(np.float32)

    def Flatten(self, node, x):
        return x.reshape(x.shape[0], -1)

    def Gemm(self, node, a, b, c):
        known = attributes(node)
        assert known.get("alpha", 1) == 1 and known.get("beta", 1) == 1 and not known.get("transA", 0)
        return (a.astype(np.float64) @ (b.T if known.get("transB", 0) else b) + c).astype(np.float32)

    def QLinearConv(self, node, x, xs, xz, w, ws, wz, ys, yz, b=None):
        acc = convolved(x.astype(np.float64) - xz, w.astype(np.float64) - along(wz.astype(np.float64), 0, 4), *window(node))
        if b is not None:
            acc += b[:, None, None]
        return quantized(acc * (np.float64(xs) * along(ws.astype(np.float64), 1, 4)) / np.float64(ys), yz, yz.dtype)

    def QLinearAdd(self, node, a, sa, za, b, sb, zb, sc, zc):
        real = (a.astype(np.float64) - za) * np.float64(sa) + (b.astype(np.float64) - zb) * np.float64(sb)
        return quantized(real / np.float64(sc), zc, zc.dtype)

    def QLinearGlobalAveragePool(self, node, x, xs, xz, ys, yz):
        assert not attributes(node).get("channels_last", 0)
        mean = (x.astype(np.float64) - xz).mean((2, 3), keepdims=True)
        return quantized(mean * np.float64(xs) / np.float64(ys), yz, yz.dtype)

    def QGemm(self, node, a, sa, za, b, sb, zb, c, sy, zy):
        known = attributes(node)
        assert known.get("alpha", 1) == 1 and not known.get("transA", 0)
        wide = b.astype(np.float64) - along(zb.astype(np.float64), 0 if known.get("transB", 0) else 1, 2)
        acc = (a.astype(np.float64) - za) @ (wide.T if known.get("transB", 0) else wide) + c
        return quantized(acc * (np.float64(sa) * sb) / np.float64(sy), zy, zy.dtype)


def cut(model, values):
    """A model in which every operator on counts reads inputs of its own; with what to feed and what to expect."""
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    stored = {tensor.name for tensor in graph.initializer}
    nodes, infos, results, feeds, expected, kinds = [], [], [], {}, {}, {}
    renamed = {}

    def feed(name):
        fed = "fed:" + name
        if fed not in feeds:
            feeds[fed] = values[name]
            infos.append(helper.make_tensor_value_info(fed, helper.np_dtype_to_tensor_dtype(values[name].dtype), values[name].shape))
        return fed

    for node in graph.node:
        if node.op_type not in COUNTS:
            continue
        parts = [node]
        if node.op_type == "QuantizeLinear" and node.input[0] in makers:
            parts.insert(0, makers[node.input[0]])
            parts = [makers[name] for name in parts[0].input if name in makers] + parts
        local = {}
        for part in parts:
            copy = onnx.NodeProto()
            copy.CopyFrom(part)
            copy.name = f"{node.name}/{part.name}"
            for position, name in enumerate(part.input):
                if name and name not in stored:
                    copy.input[position] = local[name] if name in local else feed(name)
            copy.output[0] = local[part.output[0]] = node.output[0] if part is node else f"{node.output[0]}/{part.output[0]}"
            nodes.append(copy)
        results.append(helper.make_empty_tensor_value_info(node.output[0]))
        expected[node.output[0]] = values[node.output[0]]
        kinds[node.output[0]] = next((p.op_type for p in reversed(parts[:-1]) if "Linear" not in p.op_type), node.op_type)
    parts = helper.make_graph(nodes, "parts", infos, results, list(graph.initializer))
    made = helper.make_model(parts, opset_imports=list(model.opset_import))
    made.ir_version = model.ir_version
    return made, feeds, expected, kinds


def ferry(command, *arguments):
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"ferry {' '.join(map(str, arguments))}: exit code {done.returncode}: {done.stderr}")
    return done.stdout


def answered(command, folder, model, feeds):
    """What the reference interpreter answers, and the engine too."""
    answers = []
    for options in (["--reference-interpreter"], []):
        ferry(command, "run", model, *options, "--input", feeds, "-o", folder / "answers.npz", "--force", "--quiet")
        answers.append(dict(np.load(folder / "answers.npz")))
    reference, engine = answers
    assert set(reference) == set(engine), set(reference) ^ set(engine)
    for name, values in reference.items():
        assert values.tobytes() == engine[name].tobytes(), f"the engine differs in {name}"
    return reference


def main():
    command, path, input_path, float_path = sys.argv[1:5]
    model = onnx.load(path)
    image = np.load(input_path)
    definitions = Definitions(model.graph, {model.graph.input[0].name: image})
    for node in model.graph.node:
        definitions.run(node)
    whole = definitions.values[model.graph.output[0].name]
    parts, feeds, expected, kinds = cut(model, definitions.values)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        onnx.save(parts, folder / "parts.onnx")
        np.savez(folder / "feeds.npz", **feeds)
        ferry(command, "convert", folder / "parts.onnx", "-o", folder / "parts.safetensors", "--quiet")
        answers = answered(command, folder, folder / "parts.safetensors", folder / "feeds.npz")
        assert set(answers) == set(expected), set(answers) ^ set(expected)
        tallies, failed = {}, False
        for name, counts in expected.items():
            difference = np.abs(answers[name].astype(int) - counts.astype(int))
            operators, elements, different, largest = tallies.get(kinds[name], (0, 0, 0, 0))
            tallies[kinds[name]] = (operators + 1, elements + difference.size, different + int((difference > 0).sum()),
                                    max(largest, int(difference.max())))
            if difference.max() > 1:
                failed = True
                print(f"{name}: {difference.max()} counts")
        for kind, (operators, elements, different, largest) in sorted(tallies.items()):
            print(f"{kind}: {operators} operators, {different} of {elements} elements differ, by {largest} at most")
        ferry(command, "convert", path, "-o", folder / "whole.safetensors", "--quiet")
        (answer,) = answered(command, folder, folder / "whole.safetensors", input_path).values()
    real = np.load(float_path)

    def ratio(y):
        return 10 * np.log10((real.astype(np.float64) ** 2).sum() / ((y.astype(np.float64) - real) ** 2).sum())

    ranks = [int(y.argmax()) for y in (answer, whole, real)]
    if len(set(ranks)) > 1:
        failed = True
    print(f"operators within {max(t[3] for t in tallies.values())} counts, {sum(t[2] for t in tallies.values())} of "
          f"{sum(t[1] for t in tallies.values())} elements differ; top-1 {ranks[0]}, definitions {ranks[1]}, float {ranks[2]}; "
          f"SNR against float {ratio(answer):.1f} dB, of the definitions {ratio(whole):.1f} dB")
    return 1 if failed else 0


sys.exit(main())
