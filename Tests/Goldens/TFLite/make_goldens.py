"""Makes the .tflite files beside this script. Run: python make_goldens.py (flatbuffers, numpy, ai-edge-litert)."""

import pathlib

import numpy as np
from tflite_builder import CODES, OPTIONS, Model, fill, schema

FOLDER = pathlib.Path(__file__).parent


def every_options_table():
    """One operator for each table of BuiltinOptions, every field away from its default; and every table of a tensor."""
    model = Model("every options table")
    graph = model.graph("tables")
    value = graph.input([1, 2, 2, 1])
    codes = sorted(code for code in CODES.values() if code not in (CODES["CUSTOM"], 127))
    for position, (name, _) in enumerate(sorted(OPTIONS.items(), key=lambda item: item[1])):
        table = getattr(schema, name + "T")()
        for field, default in vars(table).items():
            if name == "ResizeBilinearOptions" and field in ("newHeight", "newWidth"):
                continue
            setattr(table, field, changed(name, field, default))
        output = graph.tensor([1, 2, 2, 1], name=f"{name}/output")
        code = codes[(position + 40) % len(codes)]
        graph.operator(code, [value, -1], [output], table, version=position % 5 + 1)
    extra = graph.operator
    extra("CUSTOM", [value], [value], custom="Own:Operator", customOptions=[1, 2, 3, 4, 5])
    # What tensors can carry.
    sparsity = fill(
        schema.SparsityParametersT(), traversalOrder=[0, 1], blockMap=[1],
        dimMetadata=[
            fill(schema.DimensionMetadataT(), format=0, denseSize=4),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=2,
                arraySegments=fill(schema.Uint16VectorT(), values=[0, 1, 2]), arrayIndicesType=3,
                arrayIndices=fill(schema.Uint8VectorT(), values=[2, 1])),
            fill(
                schema.DimensionMetadataT(), format=1, arraySegmentsType=1,
                arraySegments=fill(schema.Int32VectorT(), values=[0, 70000])),
        ])
    graph.tensor([4, 4], name="sparse", sparsity=sparsity)
    graph.tensor([-1, 4], name="open", shapeSignature=[-1, 4], hasRank=True, isVariable=True)
    graph.tensor([2, 3], "INT8", "per axis", scale=[0.5, 0.25], zero=[0, -3], axis=0)
    for kind, details in (
        (1, fill(schema.CustomQuantizationT(), custom=[7, 8, 9])),
        (2, fill(schema.BlockwiseQuantizationT(), scales=3, zeroPoints=4, blockSize=32, blockShape=[1, 32])),
        (3, fill(
            schema.MultiAxisQuantizationT(), scales=3, zeroPoints=4, blockSize=32, quantizedDimensions=[0, 1])),
    ):
        graph.tensor([2, 3], "INT4", f"details {kind}", quantization=fill(
            schema.QuantizationParametersT(), min=[-1.5], max=[1.5], detailsType=kind, details=details))
    graph.tensor([], "VARIANT", "variant", variantTensors=[
        fill(schema.VariantSubTypeT(), shape=[2, 3], type=7, hasRank=True)])
    graph.outputs(*[row for row in range(1, 4)])
    model.signature("serving", graph)
    other = model.graph("second")
    other.outputs(other.input([2], "INT64"))
    model.signature("second", other)
    model.table.metadata.append(fill(schema.MetadataT(), name="note", buffer=model.buffer(b"hello")))
    model.table.metadataBuffer = [1]
    return model.bytes()


def changed(table, field, default):
    """A value that a reader cannot mistake for the default."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, float):
        return 0.375
    if isinstance(default, int):
        enumerations = (
            "padding", "fusedActivationFunction", "mode", "weightsFormat", "combiner", "kernelType", "type")
        if field in enumerations:
            return 1
        if field.lower().endswith(("type", "dtype")):
            return 9
        return default + 3
    if field in ("container", "sharedName"):
        return f"{table}.{field}"
    if field == "boundaries":
        return [0.5, -2.25]
    return [3, 1, 2]


def main():
    for make in (every_options_table,):
        (FOLDER / f"{make.__name__}.tflite").write_bytes(make())


if __name__ == "__main__":
    main()
