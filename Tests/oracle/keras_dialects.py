"""Says the same models in the dialects that versions of Keras have had, and expects the same answers of `ferry`.

    python keras_dialects.py FERRY FOLDER

FOLDER holds what make_models.py wrote (`layers`). Each dialect is a change of the configuration in an HDF5 file that leaves its
meaning alone: other spellings of a value, keys that older versions did not write, other names of a class. Exit code 0: every
answer lies within 1e-5 of Keras's.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np


def each(class_name, change):
    """A change of the configuration of every layer of a class."""
    def apply(model):
        for layer in model["config"]["layers"]:
            if layer["class_name"] == class_name:
                change(layer["config"])
    return apply


def sets(**values):
    return lambda config: config.update(values)


def lacks(*keys):
    return lambda config: [config.pop(key, None) for key in keys]


def integers(*keys):
    return lambda config: config.update({key: int(config[key]) for key in keys})


def has_class(name):
    return lambda model: model.update(class_name=name)


def nothing(model):
    pass


RELU = {"class_name": "ReLU", "config": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}}
POLICY = {"class_name": "Policy", "config": {"name": "float32"}}
DTYPE_POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
OLD_KEYS = ("groups", "dilation_rate", "data_format", "use_bias", "trainable", "dtype", "kernel_regularizer", "bias_constraint")

DIALECTS = [
    ("batchnorm", "scale and center as numbers", each("BatchNormalization", integers("scale", "center"))),
    ("batchnorm", "axis as a positive number", each("BatchNormalization", sets(axis=3))),
    ("batchnorm", "axis as a list", each("BatchNormalization", sets(axis=[3]))),
    ("batchnorm", "keys of later versions absent", each("BatchNormalization", lacks("axis", "momentum", "synchronized"))),
    ("conv2d_same_2", "keys of later versions absent", each("Conv2D", lacks(*OLD_KEYS))),
    ("conv2d_same_2", "a policy as an object", each("Conv2D", sets(dtype=POLICY))),
    ("conv2d_same_2", "a policy as an object of Keras 3", each("Conv2D", sets(dtype=DTYPE_POLICY))),
    ("conv2d_same_2", "an activation as a layer", each("Conv2D", sets(activation=RELU))),
    ("conv2d_same_2", "an activation as a function", each("Conv2D", sets(activation={"class_name": "function", "config": "relu"}))),
    ("conv2d_same_2", "strides as one number", each("Conv2D", sets(strides=2))),
    ("conv2d_same_2", "an input without a type", each("InputLayer", lacks("dtype", "sparse", "ragged", "optional"))),
    ("conv2d_same_2", "class Model", has_class("Model")),
    ("conv2d_same_2", "class Functional", has_class("Functional")),
    ("nested_shared", "class Model", has_class("Model")),
    ("custom_relu6", "relu6 by its name", nothing),
    ("custom_relu6", "a registered relu6", each("Conv2D", sets(activation="Custom>relu6"))),
    ("custom_h_swish", "hard_swish by another name", each("Conv2D", sets(activation="hard_swish"))),
]


def largest_difference(ferry, model, arrays):
    """Of the first output, as a share of its largest element; or what ferry said."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "x.npy", arrays["input.0"])
        done = subprocess.run(
            [ferry, "run", model, "--input", folder / "x.npy", "-o", folder / "y.npy", "--reference-interpreter", "--quiet"],
            capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip()
        expected = arrays["output.0"]
        return float(np.max(np.abs(np.load(folder / "y.npy") - expected)) / np.max(np.abs(expected)))


def main():
    ferry, source = sys.argv[1], Path(sys.argv[2])
    compared, wrong, worst = 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, dialect, change in DIALECTS:
            for version in ("k2", "k3"):
                path = Path(folder) / "model.h5"
                shutil.copy(source / f"{name}_{version}.h5", path)
                with h5py.File(path, "r+") as file:
                    model = json.loads(file.attrs["model_config"])
                    change(model)
                    del file.attrs["model_config"]
                    file.attrs["model_config"] = json.dumps(model)
                found = largest_difference(ferry, path, np.load(source / f"{name}_{version}.npz"))
                compared += 1
                if isinstance(found, str) or not found <= 1e-5:
                    wrong += 1
                    print(f"{name}_{version}: {dialect}: {found}")
                else:
                    worst = max(worst, found)
    print(f"{compared} compared, {wrong} wrong, {worst:.1e} of the largest")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
