"""Writes odd/*.h5 and odd/*.keras: Keras models in HDF5 and in archives that are broken, or unusual, in one way each.

Run with any Python that has h5py and numpy:  python make_odd.py
"""
import io
import json
import os
import zipfile
import h5py
import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "odd")
os.makedirs(here, exist_ok=True)


def dense(name, source, units=3, **more):
    config = {"name": name, "trainable": True, "dtype": "float32", "units": units, "activation": "linear", "use_bias": True}
    return {"class_name": "Dense", "config": config | more, "name": name, "inbound_nodes": [[[source, 0, 0, {}]]]}


def layer(class_name, name, source, **config):
    return {"class_name": class_name, "config": {"name": name, "trainable": True, "dtype": "float32"} | config,
            "name": name, "inbound_nodes": [[[source, 0, 0, {}]]]}


IN = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "in"},
      "name": "in", "inbound_nodes": []}


def functional(layers, output):
    return {"class_name": "Functional", "config": {
        "name": "m", "layers": [IN] + layers, "input_layers": [["in", 0, 0]], "output_layers": [[output, 0, 0]]}}


def weights(name, inputs=4, units=3):
    return {name: {"kernel:0": np.ones((inputs, units), np.float32), "bias:0": np.zeros(units, np.float32)}}


def write(name, config, groups):
    with h5py.File(os.path.join(here, name + ".h5"), "w") as f:
        f.attrs["keras_version"] = "2.15.0"
        f.attrs["backend"] = "tensorflow"
        f.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
        w = f.create_group("model_weights")
        w.attrs["layer_names"] = np.array([n.encode() for n in groups] or [b""])[: len(groups)]
        for group, values in groups.items():
            g = w.create_group(group)
            names = [f"{group}/{n}" for n in values]
            g.attrs["weight_names"] = np.array([n.encode() for n in names] or [b""])[: len(names)]
            for n, v in zip(names, values.values()):
                g[n] = v


good = functional([dense("d", "in")], "d")
write("good", good, weights("d"))
write("not_json", "{", weights("d"))
write("no_model", [1, 2], weights("d"))
write("python_class", {"class_name": "MyModel", "config": {"units": 3}}, weights("d"))
write("cyclic", functional([dense("d", "e", units=4), dense("e", "d", units=4)], "e"), weights("d", 4, 4) | weights("e", 4, 4))
write("twice", functional([dense("d", "in"), dense("d", "in")], "d"), weights("d"))
write("no_such_layer", functional([dense("d", "nowhere")], "d"), weights("d"))
write("missing_weight", good, {"d": {"kernel:0": np.ones((4, 3), np.float32)}})
write("missing_layer", good, {})
write("surplus_weight", good, {"d": weights("d")["d"] | {"extra:0": np.ones(3, np.float32)}})
write("surplus_layer", good, weights("d") | weights("gone"))
write("wrong_shape", good, weights("d", units=5))
write("wrong_input", good, weights("d", inputs=7))
write("unknown_attribute", functional([dense("d", "in", gate="on")], "d"), weights("d"))
write("lambda", functional([dense("d", "in"), layer("Lambda", "f", "d", function=["4wEAAA==\n", None, None])], "f"), weights("d"))
write("unknown_class", functional([layer("Custom>Gate", "g", "in", strength=2)], "g"), {"g": {"w:0": np.ones((4,), np.float32)}})
for odd, number in (("unknown_outputs", 2), ("unknown_output_too_many", 10**9)):
    reader = layer("Activation", "a", "g", activation="relu")
    reader["inbound_nodes"][0][0][2] = number
    model = functional([layer("Custom>Gate", "g", "in", strength=2), reader], "g")
    model["config"]["output_layers"].append(["a", 0, 0])
    write(odd, model, {})
write("quantized", functional([dense("d", "in", dtype={"class_name": "QuantizedDTypePolicy", "config": {"name": "int8_from_float32"}})], "d"), weights("d"))
write("mixed_precision", functional([dense("d", "in", dtype={"class_name": "Policy", "config": {"name": "mixed_float16"}})], "d"), weights("d"))
write("half_weights", functional([dense("d", "in", dtype="float16")], "d"), {"d": {k: v.astype(np.float16) for k, v in weights("d")["d"].items()}})
write("suffix", {"class_name": "Sequential", "config": {"name": "s", "layers": [functional([dense("d", "in"), dense("d_1", "d")], "d_1")]}},
      {"m": {f"{k}_1/{n}": v for k in ("d", "d_1") for n, v in weights(k, 4 if k == "d" else 3)[k].items()}})
bomb = good
for depth in range(70):
    bomb = {"class_name": "Sequential", "config": {"name": f"s{depth}", "layers": [bomb]}}
write("nested_too_deep", bomb, weights("d"))

write("external_weights", good, {"d": {"kernel:0": h5py.ExternalLink("elsewhere.h5", "/kernel"), "bias:0": np.zeros(3, np.float32)}})


def archive(name, config, groups, leave_out=()):
    """Keras 3's layout; `groups` gives each group's variables in order. The times in the archive are fixed."""
    content = io.BytesIO()
    with h5py.File(content, "w") as f:
        for group, values in groups.items():
            v = f.create_group(f"layers/{group}/vars")
            for index, value in enumerate(values):
                v[str(index)] = value
    entries = {"metadata.json": json.dumps({"keras_version": "3.15.1"}), "config.json": config if isinstance(config, str) else json.dumps(config),
               "model.weights.h5": content.getvalue()}
    with zipfile.ZipFile(os.path.join(here, name + ".keras"), "w") as z:
        for entry, data in entries.items():
            if entry not in leave_out:
                z.writestr(zipfile.ZipInfo(entry), data)


kernel, bias = np.ones((4, 3), np.float32), np.zeros(3, np.float32)
archive("good", good, {"dense": [kernel, bias]})
archive("not_json", "{", {"dense": [kernel, bias]})
archive("cyclic", functional([dense("d", "e", units=4), dense("e", "d", units=4)], "e"), {})
archive("twice", functional([dense("d", "in"), dense("d", "in")], "d"), {"dense": [kernel, bias]})
archive("missing_weight", good, {"dense": [kernel]})
archive("missing_layer", good, {})
archive("surplus_weight", good, {"dense": [kernel, bias, bias]})
archive("surplus_layer", good, {"dense": [kernel, bias], "dense_1": [kernel, bias]})
archive("wrong_shape", good, {"dense": [np.ones((4, 5), np.float32), bias]})
archive("no_config", good, {"dense": [kernel, bias]}, leave_out=["config.json"])
archive("no_weights", good, {"dense": [kernel, bias]}, leave_out=["model.weights.h5"])


def sequential(name):
    """A model of its own that holds a layer 'd'."""
    return {"class_name": "Sequential", "config": {"name": name, "layers": [IN, dense("d", "in")]}, "name": name,
            "inbound_nodes": [[["in", 0, 0, {}]]]}


def joined(*layers):
    model = functional(list(layers), "")
    model["config"]["output_layers"] = [[layer["name"], 0, 0] for layer in layers]
    return model


# The layer 'd' stands in the model and in one or two others, and the file holds no group for the model's own.
archive("shared", joined(sequential("a"), dense("d", "in")), {"sequential/layers/dense": [kernel, bias]})
archive("shared_with_either", joined(sequential("a"), sequential("b"), dense("d", "in")),
        {"sequential/layers/dense": [kernel, bias], "sequential_1/layers/dense": [kernel, bias + 1]})
named = dense("d", "in") | {"shared_object_id": 7}
second = sequential("b")
second["config"]["layers"][1] = named
archive("shared_by_identifier", joined(sequential("a"), second, named),
        {"sequential/layers/dense": [kernel, bias], "sequential_1/layers/dense": [kernel, bias + 1]})
