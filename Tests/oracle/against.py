"""Runs models in Ferry and in the runtime that their format belongs to, on the same random input, and compares the outputs.

    python against.py FERRY RUNTIME MODEL... [--input FILE.npy]... [--seed N] [--tolerance X] [--counts N] [--only WHAT]

RUNTIME is one of:
    onnxruntime        ONNX Runtime, without optimisations
    litert             LiteRT's default kernels
    litert-reference   LiteRT's reference kernels
    keras, tf_keras    Keras 3 or Keras 2; the numbers of parameters are compared too
Ferry answers twice: with its engine, and with its reference interpreter, which takes the file without passes.
Floating-point outputs may differ by --tolerance (1e-5) of an output's largest magnitude, integer outputs by --counts (0).
Prints a line a model, with the largest difference; exit code 0: all of them agree.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


class Disagreement(Exception):
    """What is different, where no number tells it."""


def random_input(rng, shape, dtype):
    """Numbers from −1 to 1, or every value of an integer type."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.uniform(-1, 1, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)


class ONNXRuntime:
    def __init__(self, path):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        types = {"float": np.float32, "uint8": np.uint8, "int8": np.int8, "int64": np.int64, "int32": np.int32}
        self.inputs = [
            (i.name, [d if isinstance(d, int) and d > 0 else 1 for d in i.shape], types[i.type[len("tensor("):-1]])
            for i in self.session.get_inputs()]

    def run(self, arrays):
        return self.session.run(None, {name: array for (name, _, _), array in zip(self.inputs, arrays)})


class LiteRT:
    def __init__(self, path, reference=False):
        from ai_edge_litert.interpreter import Interpreter, OpResolverType
        kind = OpResolverType.BUILTIN_REF if reference else OpResolverType.AUTO
        self.interpreter = Interpreter(model_path=path, experimental_op_resolver_type=kind, num_threads=1)
        self.interpreter.allocate_tensors()
        self.inputs = [(d["name"], list(d["shape"]), d["dtype"]) for d in self.interpreter.get_input_details()]

    def run(self, arrays):
        for detail, array in zip(self.interpreter.get_input_details(), arrays):
            self.interpreter.set_tensor(detail["index"], array)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(d["index"]) for d in self.interpreter.get_output_details()]


class Keras:
    def __init__(self, path, package):
        import importlib
        self.model = importlib.import_module(package).models.load_model(path, compile=False)
        self.inputs = [
            (x.name.split(":")[0], [1 if d is None else d for d in x.shape], np.float32) for x in self.model.inputs]

    def run(self, arrays):
        outputs = self.model(arrays if len(arrays) > 1 else arrays[0], training=False)
        return [np.asarray(y) for y in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]

    def counts(self):
        def count(weights):
            return int(sum(np.prod(tuple(w.shape)) for w in weights))
        return {
            "parameters": self.model.count_params(), "trainable": count(self.model.trainable_weights),
            "nonTrainable": count(self.model.non_trainable_weights)}


RUNTIMES = {
    "onnxruntime": ONNXRuntime,
    "litert": LiteRT,
    "litert-reference": lambda path: LiteRT(path, reference=True),
    "keras": lambda path: Keras(path, "keras"),
    "tf_keras": lambda path: Keras(path, "tf_keras"),
}


class Ferry:
    def __init__(self, command, path):
        self.command, self.path = command, path

    def call(self, *arguments):
        done = subprocess.run([self.command, *arguments], capture_output=True, text=True)
        if done.returncode:
            raise Disagreement(f"ferry {' '.join(map(str, arguments))}: exit code {done.returncode}: {done.stderr}")
        return done.stdout

    def summary(self):
        return json.loads(self.call("summary", self.path, "--format", "json", "--quiet"))

    def run(self, inputs, folder, options):
        """The outputs in the file's order. `inputs` are pairs of a name and an array."""
        arguments = []
        for index, (name, array) in enumerate(inputs):
            np.save(folder / f"{index}.npy", array)
            arguments += ["--input", f"{name}={folder / f'{index}.npy'}"]
        self.call("run", self.path, *arguments, "-o", folder / "outputs.npz", "--force", "--quiet", *options)
        with np.load(folder / "outputs.npz") as outputs:
            return {name: outputs[name] for name in outputs.files}


def difference(found, expected):
    """The largest difference: of floats relative to the largest expected magnitude, of integers in counts."""
    if found.shape != expected.shape or found.dtype != expected.dtype:
        raise Disagreement(f"an output is {found.dtype} {found.shape}, the runtime's {expected.dtype} {expected.shape}")
    if not np.array_equal(np.isnan(found), np.isnan(expected)):
        raise Disagreement("NaN on one side only")
    distance = np.nan_to_num(np.abs(found.astype(np.float64) - expected.astype(np.float64))).max(initial=0)
    if expected.dtype.kind != "f":
        return float(distance)
    largest = np.nan_to_num(np.abs(expected)).max(initial=0)
    return float(distance / largest) if distance else 0.0


def compare(runtime, ferry, arguments):
    """What was measured, in words, and whether it is within the tolerances."""
    rng = np.random.default_rng(arguments.seed)
    arrays = [np.load(path) for path in arguments.input] or [random_input(rng, s, t) for _, s, t in runtime.inputs]
    expected = [np.asarray(array) for array in runtime.run(arrays)]
    summary = ferry.summary()
    if hasattr(runtime, "counts"):
        for name, count in runtime.counts().items():
            if summary["totals"][name] != count:
                raise Disagreement(f"{name}: {summary['totals'][name]}, the runtime says {count}")
    # Inputs stand in the same order on both sides; their names are the runtime's own affair.
    names = [port["name"] for port in summary["inputs"]]
    if len(names) != len(arrays):
        raise Disagreement(f"{len(names)} inputs, the runtime has {len(arrays)}")
    said, agrees = [], True
    with tempfile.TemporaryDirectory() as folder:
        for what, options in (("engine", []), ("interpreter", ["--reference-interpreter"])):
            if arguments.only not in (None, what):
                continue
            found = ferry.run(list(zip(names, arrays)), Path(folder), options)
            outputs = [found[port["name"]] for port in summary["outputs"]]
            if len(outputs) != len(expected):
                raise Disagreement(f"{len(outputs)} outputs, the runtime has {len(expected)}")
            floats = [difference(a, b) for a, b in zip(outputs, expected) if b.dtype.kind == "f"]
            integers = [difference(a, b) for a, b in zip(outputs, expected) if b.dtype.kind != "f"]
            agrees &= all(d <= arguments.tolerance for d in floats) and all(d <= arguments.counts for d in integers)
            said += [f"{what} {max(floats):.1e} of the largest"] if floats else []
            said += [f"{what} {max(integers):.0f} counts"] if integers else []
    return ", ".join(said), agrees


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ferry")
    parser.add_argument("runtime", choices=RUNTIMES)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--input", action="append", default=[], help="instead of random numbers, in the model's order")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    parser.add_argument("--counts", type=int, default=0)
    parser.add_argument("--only", choices=["engine", "interpreter"])
    arguments = parser.parse_args()
    wrong = 0
    for model in arguments.models:
        start = time.monotonic()
        try:
            runtime = RUNTIMES[arguments.runtime](model)
            said, agrees = compare(runtime, Ferry(arguments.ferry, model), arguments)
        except Exception as error:
            said, agrees = f"{type(error).__name__}: {error}", False
        wrong += not agrees
        seconds = time.monotonic() - start
        print(f"{'agrees' if agrees else 'DIFFERS'}: {Path(model).name} beside {arguments.runtime} ({said}; {seconds:.0f} s)", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
