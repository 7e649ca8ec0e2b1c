"""Reads a native file with readers that are not Ferry's: Python's safetensors, jsonschema, and the format's description.

    python native_file.py MODEL.safetensors [EXPECTED.npz]
    python native_file.py --nodes NODES.json

With EXPECTED.npz, the tensors must equal its arrays, name by name. NODES.json is a list of {"operator", "attributes"};
each must satisfy the schema, and must no longer do so with a field more or a field less. Needs the packages safetensors,
jsonschema, numpy; compares checksums where xxhash is there. Exit code 0: everything agrees.
"""
import json
import struct
import sys
from pathlib import Path

import jsonschema
import numpy as np
from safetensors import safe_open

SCHEMA = json.loads((Path(__file__).parents[2] / "Schemas" / "native-graph.schema.json").read_text())
KEYS = {"ferry.format_version", "ferry.graph", "ferry.header_xxh3"}


def validator(definition=None):
    schema = SCHEMA if definition is None else {**SCHEMA, "$ref": f"#/$defs/{definition}"}
    cls = jsonschema.validators.validator_for(schema)
    cls.check_schema(SCHEMA)
    return cls(schema)


def check_nodes(path):
    node = validator("node")
    entries = json.loads(Path(path).read_text())
    for entry in entries:
        base = {"name": "n", "inputs": ["x", None], "outputs": ["y"], "origin": [], **entry}
        node.validate(base)
        attributes = entry["attributes"]
        wrong = [{**attributes, "unheardOf": 1}]
        wrong += [{k: v for k, v in attributes.items() if k != missing} for missing in attributes]
        for changed in wrong:
            assert not node.is_valid({**base, "attributes": changed}), (entry["operator"], changed)
        assert not node.is_valid({**base, "unheardOf": 1})
        assert not node.is_valid({**base, "operator": "unheardOf"})
    print(f"{len(entries)} operators agree with the schema")


def check_file(path, expected_path):
    raw = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    assert length % 8 == 0
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__")
    assert set(metadata) == KEYS, set(metadata)
    assert metadata["ferry.format_version"] == "1.0"
    graph = json.loads(metadata["ferry.graph"])
    validator().validate(graph)
    assert set(graph["tensors"]) == set(header)

    try:
        import xxhash
    except ImportError:
        xxhash = None
        print("xxhash is missing: checksums are not compared")
    if xxhash:
        label = b'"ferry.header_xxh3":"'
        at = raw.index(label, 0, 8 + length) + len(label)
        zeroed = raw[:at] + b"0" * 16 + raw[at + 16 : 8 + length]
        assert xxhash.xxh3_64_hexdigest(zeroed) == metadata["ferry.header_xxh3"]
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            content = raw[8 + length + begin : 8 + length + end]
            assert xxhash.xxh3_64_hexdigest(content) == graph["tensors"][name]["xxh3"], name

    with safe_open(path, framework="numpy") as file:
        assert file.metadata() == metadata
        names = set(file.keys())
        assert names == set(header)
        if expected_path:
            expected = np.load(expected_path)
            assert names == set(expected.files), names ^ set(expected.files)
            for name in names:
                dtype = header[name]["dtype"]
                if dtype == "BF16":
                    begin, end = header[name]["data_offsets"]
                    bits = np.frombuffer(raw[8 + length + begin : 8 + length + end], "<u2").astype("<u4") << 16
                    array = bits.view("<f4").reshape(header[name]["shape"])
                else:
                    array = file.get_tensor(name)
                other = expected[name]
                assert array.dtype == other.dtype and array.shape == other.shape, (name, array.dtype, other.dtype)
                assert array.tobytes() == other.tobytes(), name
    print(f"{path}: {len(names)} tensors agree")


if sys.argv[1] == "--nodes":
    check_nodes(sys.argv[2])
else:
    check_file(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
