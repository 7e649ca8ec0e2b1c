"""Builds small .tflite files, odd ones included, with the official schema's Python classes."""

import pathlib

import flatbuffers
import numpy as np
from ai_edge_litert import interpreter as litert
from ai_edge_litert import schema_py_generated as schema

CODES = {name: code for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)}
TYPES = {name: code for name, code in vars(schema.TensorType).items() if isinstance(code, int)}
OPTIONS = {name: code for name, code in vars(schema.BuiltinOptions).items() if isinstance(code, int) and code}
NUMPY_TYPES = {
    "float32": "FLOAT32", "float16": "FLOAT16", "int32": "INT32", "uint8": "UINT8", "int64": "INT64", "bool": "BOOL",
    "int16": "INT16", "int8": "INT8", "float64": "FLOAT64",
}


def fill(table, **fields):
    """Sets fields of a table object by their Python names, refusing names that it does not have."""
    for name, value in fields.items():
        if not hasattr(table, name):
            raise AttributeError(f"{type(table).__name__} has no {name}")
        setattr(table, name, value)
    return table


class Graph:
    """One subgraph under construction."""

    def __init__(self, model, name):
        self.model = model
        self.table = fill(schema.SubGraphT(), tensors=[], inputs=[], outputs=[], operators=[], name=name)

    def tensor(self, shape, type="FLOAT32", name=None, buffer=0, scale=None, zero=None, axis=0, **fields):
        row = fill(schema.TensorT(), shape=shape, type=TYPES[type], buffer=buffer, name=name, **fields)
        if scale is not None:
            row.quantization = fill(
                schema.QuantizationParametersT(), scale=np.atleast_1d(np.asarray(scale, np.float32)),
                zeroPoint=np.atleast_1d(np.asarray(zero, np.int64)), quantizedDimension=axis)
        self.table.tensors.append(row)
        return len(self.table.tensors) - 1

    def input(self, shape, type="FLOAT32", name=None, **fields):
        number = self.tensor(shape, type, name or f"input{len(self.table.inputs)}", **fields)
        self.table.inputs.append(number)
        return number

    def constant(self, array, name=None, **fields):
        array = np.asarray(array, order="C")
        return self.tensor(
            list(array.shape), NUMPY_TYPES[str(array.dtype)], name or f"constant{len(self.table.tensors)}",
            self.model.buffer(array.tobytes()), **fields)

    def operator(self, name, inputs, outputs, options=None, version=1, custom=None, **fields):
        row = fill(
            schema.OperatorT(), opcodeIndex=self.model.code(name, version, custom), inputs=inputs, outputs=outputs)
        if options is not None:
            row.builtinOptionsType = OPTIONS[type(options).__name__[:-1]]
            row.builtinOptions = options
        fill(row, **fields)
        self.table.operators.append(row)

    def outputs(self, *numbers):
        self.table.outputs = list(numbers)


class Model:
    """A model under construction; buffer 0 is the empty one."""

    def __init__(self, description="golden"):
        self.table = fill(
            schema.ModelT(), version=3, description=description, operatorCodes=[], subgraphs=[],
            buffers=[schema.BufferT()], metadata=[], signatureDefs=[])
        self.codes = {}

    def buffer(self, data):
        self.table.buffers.append(fill(schema.BufferT(), data=np.frombuffer(data, np.uint8)))
        return len(self.table.buffers) - 1

    def code(self, name, version, custom=None):
        key = (name, version, custom)
        if key not in self.codes:
            number = CODES[name] if isinstance(name, str) else name
            self.codes[key] = len(self.table.operatorCodes)
            self.table.operatorCodes.append(fill(
                schema.OperatorCodeT(), deprecatedBuiltinCode=min(number, 127), builtinCode=number, version=version,
                customCode=custom))
        return self.codes[key]

    def graph(self, name="main"):
        graph = Graph(self, name)
        self.table.subgraphs.append(graph.table)
        return graph

    def signature(self, key, graph):
        """Names every input and output of a graph by its tensor's name."""
        def entries(numbers):
            return [
                fill(schema.TensorMapT(), name=graph.table.tensors[number].name, tensorIndex=number)
                for number in numbers
            ]
        self.table.signatureDefs.append(fill(
            schema.SignatureDefT(), signatureKey=key, subgraphIndex=self.table.subgraphs.index(graph.table),
            inputs=entries(graph.table.inputs), outputs=entries(graph.table.outputs)))

    def bytes(self):
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.table.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())

    def write_with_answers(self, name, inputs, resolver):
        """Writes NAME.tflite beside this script, and NAME.npz: for each signature what it was fed and what LiteRT answered."""
        path = pathlib.Path(__file__).parent / f"{name}.tflite"
        path.write_bytes(self.bytes())
        runtime = litert.Interpreter(str(path), experimental_op_resolver_type=resolver)
        archive = {}
        for key, arrays in inputs.items():
            runner = runtime.get_signature_runner(key)
            try:
                results = runner(**{f"input{index}": array for index, array in enumerate(arrays)})
            except Exception as error:
                raise RuntimeError(key) from error
            for index, array in enumerate(arrays):
                archive[f"{key}.input{index}"] = array
            for output, array in results.items():
                archive[f"{key}.{output}"] = array
        np.savez_compressed(path.with_suffix(".npz"), **archive)
        print(len(inputs), "cases")
