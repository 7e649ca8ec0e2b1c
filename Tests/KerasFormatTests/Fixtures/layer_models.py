"""Small networks, each around one kind of layer or one way of putting models together."""
import numpy as np


def layer_models(keras):
    """A function for each model, by name; `keras` is Keras 3 or tf_keras."""
    L = keras.layers
    MAJOR = keras.__version__.split(".")[0]

    def chain(shape, *layers):
        x = i = keras.Input(shape)
        for layer in layers:
            x = layer(x)
        return keras.Model(i, x)

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
    m["batchnorm_axis"] = lambda: chain(c, L.BatchNormalization(axis=1), L.BatchNormalization(axis=[2] if MAJOR == "2" else 2))
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
            if a == "relu6" and MAJOR == "2":
                return chain(c, L.ReLU(6.0), L.Conv2D(3, 1))
            return chain(c, L.Activation(a), L.Conv2D(3, 1, activation=a), L.Dense(4, activation=a))
        m[f"activation_{a}"] = activation
    m["global"] = lambda: keras.Model(
        i := keras.Input(c),
        [L.GlobalAveragePooling2D()(i), L.GlobalMaxPooling2D()(i), L.GlobalAveragePooling2D(keepdims=True)(i),
         L.GlobalMaxPooling2D(keepdims=True)(i)])
    m["global1d"] = lambda: keras.Model(
        i := keras.Input((7, 5)),
        [L.GlobalAveragePooling1D()(i), L.GlobalMaxPooling1D()(i), L.GlobalAveragePooling1D(keepdims=True)(i),
         L.GlobalMaxPooling1D(keepdims=True)(i)])
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
    m["dropouts1d"] = lambda: chain((7, 5), L.SpatialDropout1D(0.2), L.Dropout(0.2), L.Conv1D(2, 1))
    m["inputs"] = lambda: keras.Model(
        [a := L.Input((4,), name="a"), b := L.Input((4,), name="b", dtype="float32")], L.Subtract()([b, a]))
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
    return (m | custom_activations(keras, chain) | shared_models(keras, chain) | compiled_models(keras, chain)
            | output_models(keras, chain) | integer_models(keras, chain))


def custom_activations(keras, chain):
    """Functions that are no part of Keras and known by their names, as models of every age have them."""
    L = keras.layers

    def relu6(x):
        return keras.activations.relu(x, max_value=6)

    def hard_swish(x):
        return x * keras.activations.relu(x + 3, max_value=6) / 6

    def h_swish(x):
        return x * keras.activations.relu(x + 3, max_value=6) / 6

    def h_sigmoid(x):
        return keras.activations.relu(x + 3, max_value=6) / 6

    return {
        f"custom_{f.__name__}": lambda f=f: chain(
            (5, 6, 3), L.Conv2D(4, 3, activation=f), L.Activation(f), L.Dense(3, activation=f))
        for f in (relu6, hard_swish, h_swish, h_sigmoid)}


def shared_models(keras, chain):
    """One layer or model in several places, one of them in a Sequential. Keras saves these, and cannot load the .keras file; of
    shared_deep it cannot load the .h5 file either.
    """
    L = keras.layers

    def inner():
        return chain((6, 6, 4), L.Conv2D(4, 3, padding="same", name="conv"), L.BatchNormalization(name="norm"))

    def sequential(*layers, shape=(6, 6, 4)):
        return keras.Sequential([keras.Input(shape), *layers])

    def joined(first, second, shape=(6, 6, 4)):
        i = keras.Input(shape)
        return keras.Model(i, L.Add()([first(i), second(i)]))

    def directly_first():
        model = inner()
        return joined(model, sequential(model, L.Conv2D(4, 1)))

    def sequential_first():
        model = inner()
        return joined(sequential(model, L.Conv2D(4, 1)), model)

    def two_sequentials():
        model = inner()
        return joined(sequential(model, L.Conv2D(4, 1)), sequential(L.Conv2D(4, 1), model))

    def layer():
        dense = L.Dense(4)
        return joined(dense, sequential(dense, L.ReLU(), shape=(4,)), shape=(4,))

    def twins():
        # Two models alike in everything but their weights are not one.
        return joined(sequential(inner(), L.Conv2D(4, 1)), sequential(inner(), L.ReLU()))

    def deep():
        conv = L.Conv2D(4, 1, name="conv")
        first, second = sequential(conv, L.ReLU()), sequential(L.ReLU(), conv)
        return joined(sequential(first, L.Conv2D(4, 1)), sequential(second, first))

    return {f"shared_{f.__name__}": f for f in (directly_first, sequential_first, two_sequentials, layer, twins, deep)}


def compiled_models(keras, chain):
    """Models with the state of an optimizer beside their weights."""
    L = keras.layers
    O = keras.optimizers
    optimizers = {
        "sgd": lambda: O.SGD(0.01), "momentum": lambda: O.SGD(0.01, momentum=0.9), "adam": lambda: O.Adam(),
        "rmsprop": lambda: O.RMSprop(centered=True)}

    def compiled(make):
        model = chain((5, 6, 3), L.Conv2D(4, 3), L.BatchNormalization(), L.Flatten(), L.Dense(3))
        model.compile(make(), loss="mse")
        model.train_on_batch(np.ones((2, 5, 6, 3), np.float32), np.ones((2, 3), np.float32))
        return model

    return {f"compiled_{name}": lambda make=make: compiled(make) for name, make in optimizers.items()}


def output_models(keras, chain):
    """Models that give out calls of a model or layer, which they read themselves too: versions of Keras number these calls
    differently.
    """
    L = keras.layers

    def of_two_calls(backbone):
        i, j = keras.Input((6,)), keras.Input((6,))
        first, second = backbone(i), backbone(j)
        return keras.Model([i, j], [first, L.Subtract()([first, second])])

    def of_the_second_call(backbone):
        i, j = keras.Input((6,)), keras.Input((6,))
        first, second = backbone(i), backbone(j)
        return keras.Model([i, j], [L.Dense(2)(second), second, L.Subtract()([first, second])])

    def of_one_call(backbone):
        i = keras.Input((6,))
        features = backbone(i)
        return keras.Model(i, [features, L.Dense(2)(features)])

    backbones = {
        "functional": lambda: chain((6,), L.Dense(6, activation="tanh")),
        "sequential": lambda: keras.Sequential([keras.Input((6,)), L.Dense(6, activation="tanh")]),
        "layer": lambda: L.Dense(6, activation="tanh")}
    return {
        f"outputs_{make.__name__}_{kind}": lambda make=make, backbone=backbone: make(backbone())
        for make in (of_two_calls, of_the_second_call, of_one_call) for kind, backbone in backbones.items()}


def integer_models(keras, chain):
    """Models that take integers, which a layer of theirs makes real numbers."""
    L = keras.layers

    def model(dtype, *layers):
        x = i = keras.Input((8, 9, 3), dtype=dtype)
        for layer in layers:
            x = layer(x)
        return keras.Model(i, x)

    return {
        "integers_rescaling": lambda: model("uint8", L.Rescaling(1 / 127.5, offset=-1), L.Conv2D(2, 1)),
        "integers_rescaling_wide": lambda: model("int32", L.Rescaling([0.5, 0.25, 2.0])),
        "integers_normalization": lambda: model("uint8", L.Normalization(axis=-1)),
        "integers_normalization_given": lambda: model(
            "int32", L.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0])),
        "integers_resizing": lambda: model("uint8", L.Resizing(5, 14), L.Rescaling(1 / 255)),
        "integers_resizing_nearest": lambda: model(
            "uint8", L.Resizing(5, 14, interpolation="nearest"), L.Rescaling(1 / 255))}
