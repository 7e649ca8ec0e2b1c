"""Writes small Keras models with an input and Keras's own output: the oracle of the importer.

    python make_models.py FOLDER SET [MODEL...]

SET is one of
    layers         every layer in a small network; nested, shared, several inputs and outputs; with an optimizer's state
    applications   keras.applications with random weights
    mobilenetv2    six widths, with and without top, in every layout of weights
    golden         the few that are kept in the repository (golden/)
    all            layers, applications and mobilenetv2
FERRY_KERAS=tf_keras makes them with Keras 2, otherwise it is Keras 3; Tests/oracle/requirements.txt names versions. Exit code 1
where a model could not be made.

Each model NAME becomes NAME.h5, NAME.keras and, for some sets, NAME.weights.h5 (from Keras 2 also in its own layout,
NAME.old_weights.h5), beside NAME.npz with input.0, output.0, … and counts: total, trainable, non-trainable, optimizer, as Keras
counts them. Where Keras itself counts otherwise after loading NAME.h5 (it takes a shared model for two), counts.h5 says so.
NAME ends in the first number of Keras's version.
"""
import importlib
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np

from application_models import applications, mobilenets
from layer_models import layer_models

keras = importlib.import_module(os.environ.get("FERRY_KERAS", "keras"))
MAJOR = keras.__version__.split(".")[0]

GOLDEN = ["conv1d_causal", "separable_same_2", "transpose_same_2", "merges", "time_distributed", "nested_shared",
          "shared_layer", "operators", "rescaling_list", "normalization", "inner_two_outputs", "frozen", "channels_first",
          "shared_sequential_first", "shared_twins", "compiled_adam", "outputs_of_two_calls_functional",
          "outputs_of_two_calls_sequential", "outputs_of_two_calls_layer", "outputs_of_the_second_call_functional",
          "outputs_of_one_call_functional", "outputs_of_one_call_sequential", "integers_rescaling",
          "integers_rescaling_wide", "integers_normalization", "integers_normalization_given", "integers_resizing",
          "integers_resizing_nearest"]
# What a version of Keras cannot say, or Ferry refuses by name: Keras 3 rounds what it has interpolated between integers.
MISSING = {"3": ["integers_resizing"],
           "2": ["activation_celu", "activation_hard_silu", "activation_hard_swish", "activation_hard_tanh",
                 "activation_log_sigmoid"]}


def randomize(model, seed):
    """Makes every weight count: fresh statistics are 0 and 1, fresh biases are 0."""
    rng = np.random.default_rng(seed)
    values = []
    for w in model.weights:
        name = (getattr(w, "path", None) or w.name).split("/")[-1].split(":")[0]
        shape = tuple(w.shape)
        if name in ("gamma",):
            v = rng.uniform(0.8, 1.2, shape)
        elif name in ("moving_variance", "variance"):
            v = rng.uniform(0.5, 1.5, shape)
        elif name in ("beta", "bias", "moving_mean", "mean"):
            v = rng.normal(0, 0.1, shape)
        elif name == "alpha":
            v = rng.uniform(0.05, 0.4, shape)
        elif name == "count":
            v = np.zeros(shape)
        else:
            fan = max(int(np.prod(shape[:-1])), 1)
            v = rng.normal(0, (1.5 / fan) ** 0.5, shape)
        values.append(v.astype(str(np.dtype(np.asarray(w).dtype)) if "float" in str(np.asarray(w).dtype) else "int64"))
    model.set_weights(values)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # Keras 3 computes with copies of its weights


def count(ws):
    return int(sum(np.prod(tuple(w.shape)) for w in ws))


def counts(model):
    optimizer = getattr(model, "optimizer", None)
    return np.array(
        [model.count_params(), count(model.trainable_weights), count(model.non_trainable_weights),
         count(optimizer.variables) if optimizer else 0], np.int64)


def save(folder, name, model, seed, formats, is_shared):
    randomize(model, seed)
    rng = np.random.default_rng(seed + 100)
    shapes = [[2 if d is None and i == 0 else (8 if d is None else d) for i, d in enumerate(x.shape)] for x in model.inputs]
    types = [np.dtype(x.dtype if isinstance(x.dtype, str) else x.dtype.as_numpy_dtype) for x in model.inputs]
    inputs = [
        (rng.uniform(-1, 1, shape) if t.kind == "f" else rng.integers(0, 256, shape)).astype(t)
        for shape, t in zip(shapes, types)
    ]
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    data = {f"input.{i}": x for i, x in enumerate(inputs)}
    data |= {f"output.{i}": np.asarray(y).astype(np.float32) for i, y in enumerate(outputs)}
    data["counts"] = counts(model)
    path = os.path.join(folder, f"{name}_k{MAJOR}")
    for extension in formats:
        if extension == "weights.h5":
            model.save_weights(path + ".weights.h5")
            if MAJOR == "2":
                model.save_weights(path + ".old_weights.h5", save_format="h5")
        else:
            model.save(path + "." + extension)
    if is_shared:
        data["counts.h5"] = counts(keras.models.load_model(path + ".h5", compile=False))
    np.savez_compressed(path + ".npz", **data)
    print(name, model.count_params(), flush=True)


def main():
    folder, which, *only = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    whole, both = ("h5", "keras"), ("h5", "weights.h5")
    sets = {
        "layers": [(layer_models, whole + ("weights.h5",))], "golden": [(layer_models, whole)],
        "applications": [(applications, whole)], "mobilenetv2": [(mobilenets, both)]}
    sets["all"] = sets["layers"] + sets["applications"] + sets["mobilenetv2"]
    failures = 0
    for make, formats in sets[which]:
        for index, (name, model) in enumerate(make(keras).items()):
            if (which == "golden" and name not in GOLDEN) or (only and name not in only):
                continue
            if name in MISSING.get(MAJOR, []):
                continue
            try:
                keras.backend.clear_session()
                ours = ("keras",) if name == "shared_deep" else formats
                save(folder, name, model(), index, ours, is_shared="h5" in ours and name.startswith("shared_"))
            except Exception as error:
                failures += 1
                print("failed:", name, type(error).__name__, str(error).split("\n")[0][:150], flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
