"""Runs every operator of quantized TFLite models by itself, in Ferry's reference interpreter and in LiteRT's reference kernels, both
fed the same tensors.

    python litert_operators.py FERRY MODEL... [--seed N] [--tolerance X]

LiteRT runs a whole model on a random input and keeps every tensor. Each operator then becomes a model of its own (the official
schema writes it), which `ferry run --reference-interpreter` answers from LiteRT's own tensors. Counts must be identical. Real
numbers may differ by --tolerance (1e-5) of the largest; where they come from integer weights, the integer sums that they stand
for must be identical as well. Prints a line a model; exit code 0: all agree.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import interpreter as litert
from ai_edge_litert import schema_py_generated as schema

HYBRID = {schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.DEPTHWISE_CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED}


def read(path):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(Path(path).read_bytes(), 0))
    # Offsets of buffers behind the flatbuffer do not survive a copy; nothing here has them.
    assert not any(buffer.offset for buffer in model.buffers), f"{path}: buffers behind the flatbuffer"
    return model


def whole_run(path, seed):
    """The content of every tensor, by its number, after a run on random input."""
    runtime = litert.Interpreter(
        str(path), experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True)
    runtime.allocate_tensors()
    random = np.random.default_rng(seed)
    for port in runtime.get_input_details():
        dtype = np.dtype(port["dtype"])
        if dtype.kind == "f":
            array = random.uniform(-1, 1, port["shape"]).astype(dtype)
        else:
            info = np.iinfo(dtype)
            array = random.integers(info.min, info.max, port["shape"], dtype=dtype, endpoint=True)
        runtime.set_tensor(port["index"], array)
    runtime.invoke()
    return runtime


def alone(model, operator):
    """A model of one operator: its constants stay, its other inputs become the model's inputs."""
    graph = model.subgraphs[0]
    numbers = sorted({number for number in [*operator.inputs, *operator.outputs] if number >= 0})
    place = {number: index for index, number in enumerate(numbers)}
    small = schema.ModelT()
    small.version, small.description = 3, "one operator"
    small.buffers = [schema.BufferT()]
    small.metadata, small.signatureDefs = [], []
    small.operatorCodes = [model.operatorCodes[operator.opcodeIndex]]
    subgraph = schema.SubGraphT()
    subgraph.tensors, subgraph.inputs, subgraph.outputs = [], [], []
    fed = []
    for number in numbers:
        tensor = schema.TensorT()
        tensor.__dict__.update(graph.tensors[number].__dict__)
        data = model.buffers[tensor.buffer].data
        tensor.name = f"tensor{number}"
        tensor.buffer = 0
        tensor.shapeSignature = None
        if data is not None and len(data):
            tensor.buffer = len(small.buffers)
            buffer = schema.BufferT()
            buffer.data = data
            small.buffers.append(buffer)
        elif number in operator.inputs:
            subgraph.inputs.append(place[number])
            fed.append(number)
        subgraph.tensors.append(tensor)
    copy = schema.OperatorT()
    copy.__dict__.update(operator.__dict__)
    copy.opcodeIndex = 0
    copy.inputs = [place.get(number, -1) for number in operator.inputs]
    copy.outputs = [place[number] for number in operator.outputs]
    subgraph.outputs = copy.outputs
    subgraph.operators = [copy]
    small.subgraphs = [subgraph]
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(small.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output()), fed


def ferry_answers(ferry, folder, content, fed, outputs, runtime):
    path = folder / "operator.tflite"
    path.write_bytes(content)
    np.savez(folder / "inputs.npz", **{f"tensor{number}": runtime.get_tensor(number) for number in fed})
    command = [ferry, "run", str(path), "--input", str(folder / "inputs.npz"), "-o", str(folder / "outputs.npz"), "--force",
               "-q", "--reference-interpreter"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    archive = np.load(folder / "outputs.npz")
    return {number: archive[f"tensor{number}"] for number in outputs}


def integer_sums(model, operator, runtime, result):
    """The sums of products that a real result stands for, and which of them a clamp or the number's own digits hide."""
    graph = model.subgraphs[0]
    code = model.operatorCodes[operator.opcodeIndex].builtinCode
    weights, options = graph.tensors[operator.inputs[1]], operator.builtinOptions
    scales = np.asarray(weights.quantization.scale, np.float64)
    x = runtime.get_tensor(operator.inputs[0]).astype(np.float32)
    if code == schema.BuiltinOperator.FULLY_CONNECTED:
        rows, asymmetric = x.reshape(-1, weights.shape[1]), options.asymmetricQuantizeInputs
    else:
        rows = x.reshape(x.shape[0], -1)
        asymmetric = (code == schema.BuiltinOperator.DEPTHWISE_CONV_2D or len(set(scales)) > 1
                      or x.shape[3] != weights.shape[3])
    low, high = np.minimum(rows.min(1), 0), np.maximum(rows.max(1), 0)
    row_scales = (high - low).astype(np.float64) / 255 if asymmetric else np.abs(rows).max(1).astype(np.float64) / 127
    bias = 0 if len(operator.inputs) < 3 or operator.inputs[2] < 0 else runtime.get_tensor(operator.inputs[2]).astype(np.float64)
    flat = result.reshape(len(rows), -1, len(scales) if len(scales) > 1 else result.shape[-1]).astype(np.float64)
    unit = scales * row_scales[:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = (flat - bias) / unit
    clamped = options.fusedActivationFunction != schema.ActivationFunctionType.NONE
    hidden = ~np.isfinite(sums) | (np.abs(flat) + np.abs(bias) > np.abs(unit) * 2.0**21)
    if clamped:
        hidden |= (flat <= 0) | (flat >= 6)
    return sums, hidden


def compare(ferry, path, seed, tolerance):
    model = read(path)
    runtime = whole_run(path, seed)
    graph = model.subgraphs[0]
    worst, sums_compared, operators = 0.0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        for position, operator in enumerate(graph.operators):
            label = f"operator {position}"
            content, fed = alone(model, operator)
            if not fed:
                continue
            found = ferry_answers(ferry, Path(name), content, fed, operator.outputs, runtime)
            operators += 1
            for number, result in found.items():
                expected = runtime.get_tensor(number)
                if result.shape != expected.shape or result.dtype != expected.dtype:
                    raise RuntimeError(f"{label}: {result.dtype}{result.shape}, expected {expected.dtype}{expected.shape}")
                if expected.dtype.kind != "f":
                    if not np.array_equal(result, expected):
                        raise RuntimeError(f"{label}: {np.count_nonzero(result != expected)} of {result.size} counts differ")
                    continue
                largest = np.abs(expected).max() or 1
                distance = float(np.abs(result - expected).max() / largest)
                worst = max(worst, distance)
                if not distance <= tolerance:
                    raise RuntimeError(f"{label}: differs by {distance:.2g} of the largest")
                is_hybrid = (model.operatorCodes[operator.opcodeIndex].builtinCode in HYBRID
                             and graph.tensors[operator.inputs[1]].type == schema.TensorType.INT8)
                if is_hybrid:
                    a, hidden = integer_sums(model, operator, runtime, result)
                    b, _ = integer_sums(model, operator, runtime, expected)
                    a, b = a[~hidden], b[~hidden]
                    # A quarter of a step would mean that the scales here are not those of the runtime.
                    if a.size and np.abs(b - np.round(b)).max() > 0.25:
                        raise RuntimeError(f"{label}: the sums are no whole numbers")
                    if not np.array_equal(np.round(a), np.round(b)):
                        raise RuntimeError(f"{label}: {np.count_nonzero(np.round(a) != np.round(b))} integer sums differ")
                    sums_compared += a.size
    return operators, worst, sums_compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ferry")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    failed = 0
    for path in arguments.models:
        try:
            operators, worst, sums = compare(arguments.ferry, path, arguments.seed, arguments.tolerance)
            exact = f", {sums} integer sums identical" if sums else ""
            print(f"{Path(path).name}: {operators} operators, real numbers within {worst:.1e} of the largest{exact}")
        except RuntimeError as error:
            failed += 1
            print(f"{Path(path).name}: {error}")
    print(f"{len(arguments.models) - failed} of {len(arguments.models)} models")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
