"""Runs chains of random Keras layers through `ferry` and through Keras, read from both kinds of files.

    python keras_layers.py FERRY [--count N] [--seed S]

Each case is a functional model of one to five layers with random options and weights, saved as .h5 and as .keras; `ferry run`
answers with its reference interpreter and, where that has the kernels, with its engine. FERRY_KERAS=tf_keras: Keras 2. Options that
Keras itself refuses make no case, and neither do outputs that are zero but for rounding (the mean of what a layer normalized).
Exit code 0: everything agrees within 1e-5 of the largest output.
"""
import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

keras = importlib.import_module(os.environ.get("FERRY_KERAS", "keras"))
L = keras.layers
ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "softsign", "swish", "gelu",
               "hard_sigmoid", "exponential"]


class Maker:
    """Makes one random layer after the other."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def pick(self, *values):
        return values[self.random.integers(len(values))]

    def extent(self, low, high):
        return int(self.random.integers(low, high + 1))

    def window(self):
        return {"kernel_size": (self.extent(1, 4), self.extent(1, 4)), **self.steps()}

    def steps(self):
        padding = self.pick("same", "valid")
        # Keras takes either strides or dilation.
        if self.pick(True, False):
            return {"strides": self.extent(1, 3), "padding": padding}
        return {"dilation_rate": self.extent(1, 2), "padding": padding}

    def common(self):
        return {"activation": self.pick(*ACTIVATIONS), "use_bias": self.pick(True, False)}

    def map_layer(self, channels):
        """A layer that takes a map of so many channels."""
        groups = self.pick(*[g for g in (1, 1, 2, 3) if channels % g == 0])
        pool = {"pool_size": (self.extent(1, 3), self.extent(1, 3)), "strides": self.pick(None, 1, 2),
                "padding": self.pick("same", "valid")}
        edge = ((self.extent(0, 2), self.extent(0, 2)), (self.extent(0, 2), self.extent(0, 2)))
        return self.pick(
            lambda: L.Conv2D(groups * self.extent(1, 4), **self.window(), groups=groups, **self.common()),
            lambda: L.Conv2D(self.extent(1, 6), **self.window(), **self.common()),
            lambda: L.DepthwiseConv2D(
                kernel_size=self.extent(1, 4), strides=self.extent(1, 2), padding=self.pick("same", "valid"),
                depth_multiplier=self.extent(1, 3), **self.common()),
            lambda: L.SeparableConv2D(
                self.extent(1, 5), self.extent(1, 4), strides=self.extent(1, 2), padding=self.pick("same", "valid"),
                depth_multiplier=self.extent(1, 2), **self.common()),
            lambda: L.Conv2DTranspose(
                self.extent(1, 4), (self.extent(1, 4), self.extent(1, 4)), strides=self.extent(1, 3),
                padding=self.pick("same", "valid"), **self.common()),
            lambda: L.MaxPooling2D(**pool), lambda: L.AveragePooling2D(**pool),
            lambda: L.BatchNormalization(
                axis=self.pick(-1, 1, 2, 3), center=self.pick(True, False), scale=self.pick(True, False),
                epsilon=self.pick(1e-3, 1e-5)),
            lambda: L.LayerNormalization(
                axis=self.pick(-1, [1, 2, 3], [2, 3]), center=self.pick(True, False), scale=self.pick(True, False)),
            lambda: L.ReLU(
                max_value=self.pick(None, 6.0, 1.0), negative_slope=self.pick(0.0, 0.1), threshold=self.pick(0.0, 0.25)),
            lambda: L.PReLU(shared_axes=self.pick(None, [1, 2], [3])),
            lambda: L.LeakyReLU(0.2), lambda: L.ELU(self.pick(1.0, 0.5)), lambda: L.Softmax(axis=self.pick(-1, 1, 2)),
            lambda: L.Activation(self.pick(*ACTIVATIONS)),
            lambda: L.ZeroPadding2D(edge), lambda: L.Cropping2D(edge),
            lambda: L.UpSampling2D(
                (self.extent(1, 3), self.extent(1, 3)), interpolation=self.pick("nearest", "bilinear")),
            lambda: L.Resizing(self.extent(1, 12), self.extent(1, 12), interpolation=self.pick("nearest", "bilinear")),
            lambda: L.Rescaling(self.pick(1 / 255, 2.0), offset=self.pick(0.0, -1.0)),
            lambda: L.Permute(self.pick((2, 1, 3), (3, 1, 2))), lambda: L.Dense(self.extent(1, 5), **self.common()))()

    def sequence_layer(self):
        pool = {"pool_size": self.extent(1, 3), "strides": self.pick(None, 1, 2), "padding": self.pick("same", "valid")}
        return self.pick(
            lambda: L.Conv1D(
                self.extent(1, 5), self.extent(1, 4), padding=self.pick("same", "valid", "causal"),
                dilation_rate=self.extent(1, 2), **self.common()),
            lambda: L.MaxPooling1D(**pool), lambda: L.AveragePooling1D(**pool), lambda: L.ZeroPadding1D(self.extent(0, 2)),
            lambda: L.Cropping1D(self.extent(0, 1)), lambda: L.UpSampling1D(self.extent(1, 3)),
            lambda: L.BatchNormalization(axis=self.pick(-1, 1)), lambda: L.Dense(self.extent(1, 5), **self.common()))()

    def head(self):
        return self.pick(
            [L.GlobalAveragePooling2D(keepdims=self.pick(True, False))], [L.GlobalMaxPooling2D()], [L.Flatten(), L.Dense(3)],
            [L.Reshape((-1,))], [])

    def model(self):
        """A model, or None where Keras refuses the options."""
        is_map = self.pick(True, True, True, False)
        shape = [self.extent(5, 10) for _ in range(2 if is_map else 1)] + [self.extent(1, 6)]
        try:
            x = inputs = keras.Input(shape)
            for _ in range(self.extent(1, 3)):
                x = (self.map_layer(x.shape[-1]) if is_map else self.sequence_layer())(x)
            for layer in self.head() if is_map else []:
                x = layer(x)
            if 0 in x.shape:
                return None
            model = keras.Model(inputs, x)
        except (ValueError, TypeError):
            return None
        weights = []
        for w in model.weights:
            positive = "variance" in (getattr(w, "path", None) or w.name)
            shape = tuple(w.shape)
            fan = max(int(np.prod(shape[:-1])), 1)
            weights.append(
                self.random.uniform(0.5, 1.5, shape) if positive else self.random.normal(0.1, (1 / fan) ** 0.5, shape))
        model.set_weights(weights)
        return model


def ferry_answer(ferry, path, folder, options):
    command = [ferry, "run", path, "--input", folder / "x.npy", "-o", folder / "y.npy", "--force", "--quiet", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    return np.load(folder / "y.npy") if done.returncode == 0 else done.stderr.strip()


def told(model):
    """The layers with the options that matter."""
    unimportant = ("name", "trainable", "dtype", "_initializer", "_regularizer", "_constraint")
    return [
        (type(layer).__name__, {k: v for k, v in layer.get_config().items() if not k.endswith(unimportant)})
        for layer in model.layers[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ferry")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    maker = Maker(arguments.seed)
    compared, refused, without_kernel, wrong, worst = 0, 0, 0, 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(arguments.count):
            keras.backend.clear_session()
            model = maker.model()
            try:
                x = maker.random.uniform(-1, 1, [2, *model.inputs[0].shape[1:]]).astype(np.float32) if model else None
                expected = np.asarray(model(x, training=False)) if model else None
            except Exception:
                expected = None
            if expected is None or not expected.size or not 1e-3 <= np.max(np.abs(expected)) < np.inf:
                refused += 1
                continue
            np.save(folder / "x.npy", x)
            for extension in ("h5", "keras"):
                path = folder / f"case.{extension}"
                model.save(path)
                for options in ([], ["--reference-interpreter"]):
                    found = ferry_answer(arguments.ferry, path, folder, options)
                    if not options and isinstance(found, str) and "the engine has no kernel" in found:
                        without_kernel += 1
                        continue
                    compared += 1
                    if isinstance(found, str):
                        problem = found
                    elif found.shape != expected.shape:
                        problem = f"shape {found.shape}, expected {expected.shape}"
                    else:
                        difference = float(np.max(np.abs(found - expected)) / np.max(np.abs(expected)))
                        worst = max(worst, difference)
                        problem = None if difference <= 1e-5 else f"differs by {difference} of the largest"
                    if problem:
                        wrong += 1
                        print(f"case {number}, {extension} {options}: {problem}\n  {x.shape} {told(model)}")
    print(f"{compared} compared, {wrong} wrong, {worst:.1e} of the largest; {without_kernel} without a kernel in the "
          f"engine, {refused} cases that Keras refused or that are zero")
    return 0 if compared and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
