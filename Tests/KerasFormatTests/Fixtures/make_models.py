"""Writes small Keras models that use each layer, with an input and Keras's own output: the oracle of the importer.

    python make_models.py FOLDER layers            # every layer in a small network
    python make_models.py FOLDER applications      # keras.applications with random weights
    python make_models.py FOLDER mobilenetv2       # six widths, with and without top, in every layout of weights
    python make_models.py FOLDER golden            # the few that are kept in the repository (golden/)

Each model NAME becomes NAME.h5, NAME.keras and, for `mobilenetv2`, NAME.weights.h5, beside NAME.npz with input.0,
output.0, … and counts (total, trainable, non-trainable). Works with Keras 3 (KERAS_BACKEND=jax) and with TensorFlow's
Keras 2.x: NAME ends in the first number of the version.
"""
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np

import keras

L = keras.layers
MAJOR = keras.__version__.split(".")[0]
FOLDER = sys.argv[1]
os.makedirs(FOLDER, exist_ok=True)


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
        if isinstance(layer, L.Normalization):
            layer.finalize_state()  # Keras 3 computes with copies of its weights


def count(ws):
    return int(sum(np.prod(tuple(w.shape)) for w in ws))


def save(name, model, seed=1, inputs=None, formats=("h5", "keras")):
    randomize(model, seed)
    rng = np.random.default_rng(seed + 100)
    if inputs is None:
        inputs = [
            rng.uniform(-1, 1, [2 if d is None and i == 0 else (8 if d is None else d) for i, d in enumerate(x.shape)])
            .astype(np.float32)
            for x in model.inputs
        ]
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    data = {f"input.{i}": x for i, x in enumerate(inputs)}
    data |= {f"output.{i}": np.asarray(y).astype(np.float32) for i, y in enumerate(outputs)}
    data["counts"] = np.array(
        [count(model.weights), count(model.trainable_weights), count(model.non_trainable_weights)], np.int64)
    path = os.path.join(FOLDER, f"{name}_k{MAJOR}")
    np.savez_compressed(path + ".npz", **data)
    for extension in formats:
        if extension == "weights.h5":
            model.save_weights(path + ".weights.h5")
            if MAJOR == "2":
                model.save_weights(path + ".old_weights.h5", save_format="h5")
        else:
            model.save(path + "." + extension)
    print(name, model.count_params(), flush=True)


def chain(shape, *layers):
    x = i = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(i, x)


def layer_models():
    m = {}
    c = (9, 11, 6)
    for pad in ("same", "valid"):
        for s in (1, 2):
            m[f"conv2d_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                c, L.Conv2D(8, (3, 2), strides=s, padding=pad, activation="relu"))
            m[f"depthwise_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                c, L.DepthwiseConv2D(3, strides=s, padding=pad, depth_multiplier=2, activation="tanh"))
            m[f"separable_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                c, L.SeparableConv2D(5, 3, strides=s, padding=pad, depth_multiplier=2, use_bias=s == 1))
            m[f"conv1d_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                (13, 4), L.Conv1D(5, 3, strides=s, padding=pad, activation="sigmoid"))
            m[f"transpose_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                c, L.Conv2DTranspose(5, 3, strides=s, padding=pad, activation="relu"))
            m[f"pool_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                c, L.MaxPooling2D((3, 2), strides=s, padding=pad), L.AveragePooling2D(2, strides=s, padding=pad))
            m[f"pool1d_{pad}_{s}"] = lambda pad=pad, s=s: chain(
                (13, 4), L.MaxPooling1D(3, strides=s, padding=pad), L.AveragePooling1D(2, strides=s, padding=pad))
    m["transpose_small_kernel"] = lambda: chain(c, L.Conv2DTranspose(4, 2, strides=3, padding="same"))
    m["transpose_small_kernel_valid"] = lambda: chain(c, L.Conv2DTranspose(4, 2, strides=3, padding="valid"))
    m["transpose_even"] = lambda: chain(c, L.Conv2DTranspose(4, 4, strides=2, padding="same", use_bias=False))
    m["transpose_output_padding"] = lambda: chain(
        c, L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1))
    m["conv_dilated"] = lambda: chain(c, L.Conv2D(4, 3, dilation_rate=2, padding="same"))
    m["conv_groups"] = lambda: chain(c, L.Conv2D(9, 3, groups=3))
    m["depthwise_dilated"] = lambda: chain(c, L.DepthwiseConv2D(3, dilation_rate=2, padding="same"))
    m["conv1d_causal"] = lambda: chain((13, 4), L.Conv1D(5, 3, dilation_rate=2, padding="causal"))
    m["conv1d_dilated"] = lambda: chain((13, 4), L.Conv1D(5, 3, dilation_rate=2, padding="same"))
    m["dense_rank3"] = lambda: chain((5, 4), L.Dense(3, activation="softmax"), L.Flatten(), L.Dense(2))
    m["batchnorm"] = lambda: chain(
        c, L.BatchNormalization(), L.BatchNormalization(scale=False), L.BatchNormalization(center=False, epsilon=0.01))
    m["batchnorm_axis"] = lambda: chain(c, L.BatchNormalization(axis=1), L.BatchNormalization(axis=[2]))
    m["layernorm"] = lambda: chain(
        c, L.LayerNormalization(), L.LayerNormalization(axis=[2, 3]), L.LayerNormalization(center=False, scale=False))
    m["relu"] = lambda: chain(
        c, L.ReLU(6), L.ReLU(negative_slope=0.1), L.ReLU(max_value=2, negative_slope=0.2, threshold=0.1),
        L.ReLU(threshold=0.2))
    m["leaky"] = lambda: chain(c, L.LeakyReLU(0.25), L.LeakyReLU(), L.ELU(0.7))
    m["prelu"] = lambda: chain(c, L.PReLU(), L.PReLU(shared_axes=[1, 2]))
    m["softmax"] = lambda: chain(c, L.Softmax(axis=1), L.Softmax())
    for a in ("relu", "relu6", "sigmoid", "tanh", "softmax", "log_softmax", "softplus", "softsign", "exponential", "elu",
              "selu", "swish", "silu", "hard_sigmoid", "gelu", "leaky_relu", "mish", "linear", "hard_silu", "hard_swish",
              "celu", "log_sigmoid", "hard_tanh"):
        def activation(a=a):
            if MAJOR == "2" and a == "hard_swish":
                raise ValueError("no such name")
                name = a
            if a == "relu6" and MAJOR == "2":
                name = keras.activations.get("relu")
                return chain(c, L.ReLU(6.0), L.Conv2D(3, 1))
            return chain(c, L.Activation(name), L.Conv2D(3, 1, activation=name), L.Dense(4, activation=name))
        m[f"activation_{a}"] = activation
    m["global"] = lambda: keras.Model(
        i := keras.Input(c),
        [L.GlobalAveragePooling2D()(i), L.GlobalMaxPooling2D()(i), L.GlobalAveragePooling2D(keepdims=True)(i),
         L.GlobalMaxPooling2D(keepdims=True)(i)])
    m["global1d"] = lambda: keras.Model(
        i := keras.Input((7, 5)),
        [L.GlobalAveragePooling1D()(i), L.GlobalMaxPooling1D()(i), L.GlobalAveragePooling1D(keepdims=True)(i)])
    m["padding"] = lambda: chain(
        c, L.ZeroPadding2D(), L.ZeroPadding2D((1, 2)), L.ZeroPadding2D(((0, 1), (2, 3))), L.Cropping2D(1),
        L.Cropping2D(((1, 0), (0, 2))), L.Conv2D(2, 1))
    m["padding1d"] = lambda: chain((9, 3), L.ZeroPadding1D((1, 2)), L.Cropping1D((2, 1)), L.UpSampling1D(2))
    m["upsampling"] = lambda: chain(
        (4, 5, 2), L.UpSampling2D((2, 3)), L.UpSampling2D(2, interpolation="bilinear"), L.Conv2D(2, 1))
    m["resizing"] = lambda: keras.Model(
        i := keras.Input(c),
        [L.Resizing(14, 5)(i), L.Resizing(5, 14, interpolation="nearest")(i)])
    m["rescaling"] = lambda: chain(c, L.Rescaling(1 / 127.5, offset=-1))
    m["rescaling_list"] = lambda: chain((4, 4, 3), L.Rescaling([0.5, 0.25, 2.0], offset=[-1.0, 0.0, 1.0]), L.Conv2D(2, 1))
    m["normalization"] = lambda: chain(c, L.Normalization(axis=-1), L.Conv2D(2, 1))
    m["normalization_given"] = lambda: chain((4, 4, 3), L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 4.0]))
    m["normalization_axes"] = lambda: chain((4, 3), L.Normalization(axis=(1, 2)))
    m["dropouts"] = lambda: chain(
        c, L.Dropout(0.3), L.SpatialDropout2D(0.2), L.GaussianNoise(0.1), L.GaussianDropout(0.1), L.AlphaDropout(0.1),
        L.ActivityRegularization(0.1), L.Conv2D(2, 1))
    m["augmentation"] = lambda: chain(c, L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.1), L.Conv2D(2, 1))
    m["reshape"] = lambda: chain((4, 6), L.Reshape((3, -1)), L.Permute((2, 1)), L.Reshape((2, 2, 6)), L.Flatten(), L.Dense(2))
    m["repeat"] = lambda: chain((4,), L.RepeatVector(3), L.Dense(2))
    m["flatten_vector"] = lambda: chain((4,), L.Flatten(), L.Dense(2))

    def merges():
        a = keras.Input((3, 4, 6))
        b = keras.Input((3, 4, 6))
        d = L.Conv2D(6, 1)(a)
        return keras.Model([a, b], [
            L.Add()([a, b, d]), L.Subtract()([a, b]), L.Multiply()([a, b]), L.Average()([a, b, d]),
            L.Maximum()([a, b]), L.Minimum()([a, b]), L.Concatenate()([a, b]), L.Concatenate(axis=1)([a, b, d])])
    m["merges"] = merges

    def broadcast():
        a = keras.Input((4, 5, 3))
        g = L.Dense(3, activation="sigmoid")(L.GlobalAveragePooling2D(keepdims=True)(a))
        return keras.Model(a, L.Multiply()([a, g]))
    m["squeeze_excite"] = broadcast

    def ranks():
        a = keras.Input((4, 3))
        b = keras.Input((3,))
        return keras.Model([a, b], L.Add()([a, b]))
    m["merge_ranks"] = ranks
    m["time_distributed"] = lambda: chain(
        (3, 6, 6, 2), L.TimeDistributed(L.Conv2D(4, 3, activation="relu")), L.TimeDistributed(L.MaxPooling2D(2)),
        L.TimeDistributed(L.BatchNormalization()), L.TimeDistributed(L.Flatten()), L.TimeDistributed(L.Dense(3)))
    m["time_distributed_model"] = lambda: chain(
        (3, 6, 6, 2), L.TimeDistributed(chain((6, 6, 2), L.Conv2D(4, 3), L.GlobalAveragePooling2D())), L.Dense(2))
    m["channels_first"] = lambda: chain(
        (6, 9, 11), L.ZeroPadding2D(1, data_format="channels_first"), L.BatchNormalization(axis=1),
        L.AveragePooling2D(2, data_format="channels_first"), L.GlobalAveragePooling2D(data_format="channels_first"))
    m["flatten_channels_first"] = lambda: chain((3, 4, 5), L.Flatten(data_format="channels_first"), L.Dense(2))

    def sequential():
        return keras.Sequential([
            keras.Input((8, 8, 3)), L.Conv2D(4, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dense(3)])
    m["sequential"] = sequential

    def sequential_late():
        s = keras.Sequential([L.Conv2D(4, 3), L.GlobalAveragePooling2D(), L.Dense(3)])
        s.build((None, 8, 8, 3))
        s(np.zeros((1, 8, 8, 3), np.float32))
        if MAJOR == "2":
            s(keras.Input((8, 8, 3)))
        return s
    m["sequential_late"] = sequential_late

    def nested():
        inner = chain((6, 6, 4), L.Conv2D(4, 3, padding="same", name="conv"), L.BatchNormalization(name="norm"))
        s = keras.Sequential([keras.Input((6, 6, 4)), L.Conv2D(4, 1, name="stem"), L.ReLU()])
        x = i = keras.Input((6, 6, 4))
        x = s(x)
        x = L.Add()([inner(x), inner(i)])
        x = s(x)
        return keras.Model(i, L.Dense(3)(L.GlobalAveragePooling2D()(x)))
    m["nested_shared"] = nested

    def shared():
        a = keras.Input((4,), name="left")
        b = keras.Input((4,), name="right")
        dense = L.Dense(5, activation="relu", name="shared")
        x = L.Concatenate()([dense(a), dense(b)])
        return keras.Model([a, b], [L.Dense(2, name="first")(x), L.Dense(3, name="second", activation="softmax")(x)])
    m["shared_layer"] = shared

    def deep():
        model = chain((4,), L.Dense(4, name="core"))
        for depth in range(6):
            model = keras.Sequential([keras.Input((4,)), model, L.Dense(4, name="core" if MAJOR == "3" else f"core{depth}")], name=f"level{depth}")
        return model
    m["deep"] = deep

    def two_outputs():
        i = keras.Input((6, 6, 3))
        a = L.Conv2D(4, 3)(i)
        inner = keras.Model(i, [a, L.GlobalAveragePooling2D()(a)])
        j = keras.Input((6, 6, 3))
        p, q = inner(j)
        return keras.Model(j, [L.Dense(2)(q), L.ReLU()(p)])
    m["inner_two_outputs"] = two_outputs

    def operators():
        i = keras.Input((4, 4, 3))
        x = L.Conv2D(3, 1)(i)
        y = (x + 3.0) * (1.0 / 6.0)
        y = y - x
        y = 2.0 * y / 4.0
        y = 1.0 - y
        y = -y
        return keras.Model(i, y)
    m["operators"] = operators

    def frozen():
        model = chain(c, L.Conv2D(4, 3, name="a"), L.BatchNormalization(name="b"), L.Dense(3))
        model.get_layer("a").trainable = False
        model.get_layer("b").trainable = False
        return model
    m["frozen"] = frozen

    def dynamic():
        i = keras.Input((None, None, 3))
        return keras.Model(i, L.Dense(2)(L.GlobalAveragePooling2D()(L.Conv2D(4, 3, strides=2, padding="same")(i))))
    m["dynamic_size"] = dynamic
    return m


def applications():
    A = keras.applications
    size = dict(input_shape=(96, 96, 3), weights=None, classes=17)
    m = {
        "MobileNet": lambda: A.MobileNet(**size),
        "MobileNetV3Small": lambda: A.MobileNetV3Small(**size),
        "MobileNetV3Large": lambda: A.MobileNetV3Large(**size),
        "MobileNetV3SmallMinimal": lambda: A.MobileNetV3Small(minimalistic=True, **size),
        "EfficientNetB0": lambda: A.EfficientNetB0(**size),
        "ResNet50": lambda: A.ResNet50(**{**size, "input_shape": (64, 64, 3)}),
        "Xception": lambda: A.Xception(**size),
        "NASNetMobile": lambda: A.NASNetMobile(**size),
        "DenseNet121": lambda: A.DenseNet121(**{**size, "input_shape": (64, 64, 3)}),
    }
    for alpha in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        m[f"MobileNetV2_{alpha}"] = lambda alpha=alpha: A.MobileNetV2(alpha=alpha, **size)
    return m


def mobilenets():
    m = {}
    for alpha in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        for top in (None, 7, 1000):
            def make(alpha=alpha, top=top):
                return keras.applications.MobileNetV2(
                    input_shape=(96, 96, 3), alpha=alpha, weights=None, include_top=top is not None, classes=top or 1000)
            m[f"mnv2_{alpha}_{'notop' if top is None else top}"] = make
    return m


GOLDEN = ["conv1d_causal", "separable_same_2", "transpose_same_2", "merges", "time_distributed", "nested_shared",
          "shared_layer", "operators", "rescaling_list", "normalization", "inner_two_outputs", "frozen", "channels_first"]

which = sys.argv[2]
models = {"layers": layer_models, "golden": layer_models, "applications": applications, "mobilenetv2": mobilenets}[which]()
only = sys.argv[3:]
for index, (name, make) in enumerate(models.items()):
    if (which == "golden" and name not in GOLDEN) or (only and name not in only):
        continue
    try:
        keras.backend.clear_session()
        if which == "mobilenetv2":
            save(name, make(), seed=index, formats=("weights.h5", "h5"))
        else:
            save(name, make(), seed=index)
    except Exception as error:
        print("-", name, type(error).__name__, str(error).split("\n")[0][:150], flush=True)
