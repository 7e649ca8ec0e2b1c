"""Runs single-operator ONNX models with random shapes, attributes and versions through `ferry` and through ONNX Runtime.

    python onnx_operators.py FERRY [--count N] [--seed S] [--engine]

FERRY is the command's executable. Each case is a model of one operator made with onnx.helper; `ferry run` answers with its
reference interpreter, or, with --engine, as it runs any model; ONNX Runtime answers without optimisations. Cases that ONNX
Runtime itself refuses are left out and counted. Needs numpy, onnx, onnxruntime. Exit code 0: everything agrees.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSETS = (7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21, 22)


class Maker:
    """Makes one random case after the other."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def pick(self, *values):
        return values[self.random.integers(len(values))]

    def extent(self, low=1, high=7):
        return int(self.random.integers(low, high + 1))

    def normal(self, *shape):
        return self.random.standard_normal(shape).astype(np.float32)

    def pads(self, kernel):
        return [int(self.random.integers(0, k)) for k in kernel * 2]

    def window(self, kernel):
        """kernel_shape, strides and one of the ways to pad."""
        attributes = {"kernel_shape": kernel, "strides": [self.extent(1, 3), self.extent(1, 3)]}
        padding = self.pick("", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
        if padding:
            attributes["auto_pad"] = padding
        if padding in ("", "NOTSET"):
            attributes["pads"] = self.pads(kernel)
        return attributes

    def image(self, channels=None):
        return self.normal(self.extent(1, 2), channels or self.extent(), self.extent(5, 11), self.extent(5, 11))

    def convolution(self, opset):
        groups = self.pick(1, 1, 2, 3)
        reads, writes = self.extent(1, 4), self.extent(1, 4)
        kernel = [self.extent(1, 3), self.extent(1, 3)]
        attributes = self.window(kernel)
        if attributes.get("auto_pad", "NOTSET") == "NOTSET":
            attributes["dilations"] = [self.extent(1, 2), self.extent(1, 2)]
        if self.pick(True, False):
            del attributes["kernel_shape"]
        constants = [self.normal(groups * writes, reads, *kernel)]
        if self.pick(True, False):
            constants.append(self.normal(groups * writes))
        return "Conv", [self.image(groups * reads)], constants, {**attributes, "group": groups}

    def transposed_convolution(self, opset):
        reads, writes, kernel = self.extent(1, 4), self.extent(1, 4), [self.extent(1, 4), self.extent(1, 4)]
        strides = [self.extent(1, 3), self.extent(1, 3)]
        attributes = {"strides": strides, "pads": [int(self.random.integers(0, k)) for k in kernel * 2]}
        attributes["output_padding"] = [int(self.random.integers(0, s)) for s in strides]
        return "ConvTranspose", [self.image(reads)], [self.normal(reads, writes, *kernel)], attributes

    def pool(self, opset):
        operator = self.pick("MaxPool", "AveragePool")
        attributes = self.window([self.extent(1, 3), self.extent(1, 3)])
        if opset >= 10 and attributes.get("auto_pad", "NOTSET") == "NOTSET":
            attributes["ceil_mode"] = self.pick(0, 1)
        if operator == "AveragePool":
            attributes["count_include_pad"] = self.pick(0, 1)
        return operator, [self.image()], [], attributes

    def normalization(self, opset):
        x = self.image()
        c = x.shape[1]
        constants = [self.normal(c), self.normal(c), self.normal(c), np.abs(self.normal(c)) + np.float32(0.1)]
        return "BatchNormalization", [x], constants, {"epsilon": float(self.pick(1e-5, 1e-3))}

    def activation(self, opset):
        operator, attributes, since = self.pick(
            ("Relu", {}, 7), ("LeakyRelu", {"alpha": 0.2}, 7), ("Elu", {}, 7), ("Sigmoid", {}, 7), ("Tanh", {}, 7),
            ("HardSigmoid", {}, 7), ("HardSwish", {}, 14), ("Selu", {}, 7), ("Softplus", {}, 7), ("Erf", {}, 9),
            ("Gelu", {"approximate": "tanh"}, 20), ("Mish", {}, 18), ("Exp", {}, 7), ("Abs", {}, 7))
        return operator if opset >= since else "Relu", [self.image()], [], attributes if opset >= since else {}

    def arithmetic(self, opset):
        shape = [self.extent(1, 4) for _ in range(self.extent(1, 4))]
        other = [n if self.pick(True, False) else 1 for n in shape][self.random.integers(0, len(shape)):]
        operands = [self.normal(*shape), self.normal(*other)]
        if self.pick(True, False):
            operands.reverse()
        operator = self.pick("Add", "Sub", "Mul", "Max", "Min", "Sum", "Mean")
        if operator in ("Max", "Min", "Sum", "Mean") and opset < 8:
            operator = "Add"
        return operator, operands[:1], operands[1:], {}

    def reduction(self, opset):
        x = self.normal(*[self.extent(1, 4) for _ in range(self.extent(2, 4))])
        axes = sorted(int(a) for a in self.random.choice(x.ndim, self.extent(1, x.ndim), replace=False))
        if self.pick(True, False) and opset >= 11:
            axes = [a - x.ndim for a in axes]
        operator = self.pick("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare")
        keep = {"keepdims": self.pick(0, 1)}
        if opset >= (13 if operator == "ReduceSum" else 18):
            return operator, [x], [np.array(axes, np.int64)], keep
        return operator, [x], [], {**keep, "axes": axes}

    def softmax(self, opset):
        x = self.normal(*[self.extent(1, 4) for _ in range(self.extent(2, 4))])
        return self.pick("Softmax", "LogSoftmax"), [x], [], {"axis": int(self.random.integers(0, x.ndim))}

    def slicing(self, opset):
        x = self.normal(*[self.extent(2, 5) for _ in range(3)])
        axes = sorted(int(a) for a in self.random.choice(3, 2, replace=False))
        starts = [int(self.random.integers(-2, 2)) for _ in axes]
        ends = [self.pick(2**63 - 1, 2, 9) for _ in axes]
        if opset < 10:
            return "Slice", [x], [], {"axes": axes, "starts": starts, "ends": ends}
        return "Slice", [x], [np.array(v, np.int64) for v in (starts, ends, axes, [self.pick(1, 2), 1])], {}

    def resize(self, opset):
        x = self.image()
        if opset < 13:
            return "Relu", [x], [], {}
        mode = self.pick("nearest", "linear", "cubic")
        coordinates = self.pick("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel")
        attributes = {"mode": mode, "coordinate_transformation_mode": coordinates}
        if mode == "nearest":
            attributes["nearest_mode"] = self.pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
        sizes = np.array([*x.shape[:2], self.extent(1, 15), self.extent(1, 15)], np.int64)
        return "Resize", [x], [None, None, sizes], attributes

    def matrix(self, opset):
        rows, inner, columns = self.extent(), self.extent(), self.extent()
        transposed = [self.pick(0, 1), self.pick(0, 1)]
        a = self.normal(*((inner, rows) if transposed[0] else (rows, inner)))
        b = self.normal(*((columns, inner) if transposed[1] else (inner, columns)))
        c = self.normal(*self.pick((columns,), (1, columns), (rows, 1), (rows, columns), (1,)))
        scale = {"alpha": float(self.pick(1, 0.5)), "beta": float(self.pick(1, 2))}
        return "Gemm", [a], [b, c], {"transA": transposed[0], "transB": transposed[1], **scale}

    def case(self):
        opset = int(self.pick(*OPSETS))
        group = self.pick(
            self.convolution, self.convolution, self.transposed_convolution, self.pool, self.pool, self.normalization,
            self.activation, self.arithmetic, self.reduction, self.softmax, self.slicing, self.resize, self.matrix)
        return opset, *group(opset)


def model(opset, operator, inputs, constants, attributes):
    """The file's bytes. Fed inputs are x0, x1, …; None among the constants is an absent input."""
    fed = [f"x{index}" for index in range(len(inputs))]
    names = fed + ["" if array is None else f"c{index}" for index, array in enumerate(constants)]
    stored = [numpy_helper.from_array(a, f"c{i}") for i, a in enumerate(constants) if a is not None]
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in zip(fed, inputs)]
    ir_version = 3 if opset <= 8 else 8 if opset <= 18 else 10
    if ir_version == 3:
        infos += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in stored]
    graph = helper.make_graph(
        [helper.make_node(operator, names, ["y"], operator, **attributes)], "case", infos,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], stored)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = ir_version
    return made.SerializeToString(deterministic=True)


def runtime_answer(content, inputs):
    """What ONNX Runtime answers; None where it refuses the model."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        return session.run(["y"], {f"x{index}": array for index, array in enumerate(inputs)})[0]
    except Exception:
        return None


def ferry_answer(ferry, folder, content, inputs, engine):
    """What ferry answers, or its message; None for what the engine has no kernel for."""
    (folder / "case.onnx").write_bytes(content)
    command = [ferry, "run", str(folder / "case.onnx"), "-o", str(folder / "y.npy"), "--force", "-q"]
    command += [] if engine else ["--reference-interpreter"]
    for index, array in enumerate(inputs):
        np.save(folder / f"x{index}.npy", array)
        command += ["--input", f"x{index}={folder}/x{index}.npy"]
    done = subprocess.run(command, capture_output=True, text=True)
    if engine and done.returncode == 69:
        return None
    return np.load(folder / "y.npy") if done.returncode == 0 else done.stderr.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ferry")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", action="store_true")
    arguments = parser.parse_args()
    maker = Maker(arguments.seed)
    compared, refused, without_kernel, wrong = 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(arguments.count):
            opset, operator, inputs, constants, attributes = maker.case()
            content = model(opset, operator, inputs, constants, attributes)
            expected = runtime_answer(content, inputs)
            if expected is None or expected.size == 0:
                refused += 1
                continue
            found = ferry_answer(arguments.ferry, Path(name), content, inputs, arguments.engine)
            if found is None:
                without_kernel += 1
                continue
            compared += 1
            problem = None
            if isinstance(found, str):
                problem = found
            elif found.shape != expected.shape:
                problem = f"shape {found.shape}, expected {expected.shape}"
            else:
                distance = float(np.max(np.abs(found - expected)))
                if not distance <= 1e-5 * max(1.0, float(np.max(np.abs(expected)))):
                    problem = f"differs by {distance}"
            if problem:
                wrong += 1
                shapes = [list(array.shape) for array in inputs]
                print(f"case {number}: {operator} of opset {opset}, inputs {shapes}, {attributes}: {problem}")
    print(
        f"{compared} compared, {wrong} wrong, {refused} refused by ONNX Runtime, "
        f"{without_kernel} without a kernel in the engine")
    return 0 if compared and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
