"""The networks of keras.applications, small inputs, random weights."""


def applications(keras):
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


def mobilenets(keras):
    m = {}
    for alpha in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        for top in (None, 7, 1000):
            def make(alpha=alpha, top=top):
                return keras.applications.MobileNetV2(
                    input_shape=(96, 96, 3), alpha=alpha, weights=None, include_top=top is not None, classes=top or 1000)
            m[f"mnv2_{alpha}_{'notop' if top is None else top}"] = make
    return m
