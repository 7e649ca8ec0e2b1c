"""Makes the MobileNetV2s of other widths and sizes, seeded random weights, each as .tflite and .onnx by its own converter."""

import os
import subprocess
import sys

import numpy

VARIANTS = [(0.35, 224), (0.5, 224), (1.4, 224), (1.0, 96), (1.0, 160)]


def make(folder, width, size):
    stem = os.path.join(folder, f"mobilenetv2_{width}_{size}")
    if os.path.exists(stem + ".tflite") and os.path.exists(stem + ".onnx"):
        return
    import keras
    import tensorflow

    keras.utils.set_random_seed(7)
    network = keras.applications.MobileNetV2(
        input_shape=(size, size, 3), alpha=width, weights=None, classes=1000, classifier_activation=None)
    generator = numpy.random.default_rng(7)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights([
                generator.uniform(0.8, 1.2, gamma.shape), generator.uniform(-0.1, 0.4, beta.shape),
                generator.uniform(-0.1, 0.1, mean.shape), generator.uniform(0.8, 1.2, variance.shape)])

    @tensorflow.function(input_signature=[tensorflow.TensorSpec((1, size, size, 3), tensorflow.float32)])
    def serve(x):
        return network(x, training=False)

    converter = tensorflow.lite.TFLiteConverter.from_concrete_functions([serve.get_concrete_function()])
    with open(stem + ".tflite", "wb") as file:
        file.write(converter.convert())
    subprocess.run(
        [sys.executable, "-m", "tf2onnx.convert", "--tflite", stem + ".tflite", "--output", stem + ".onnx",
         "--opset", "17"], check=True, capture_output=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.makedirs(sys.argv[1], exist_ok=True)
    for width, size in VARIANTS:
        make(sys.argv[1], width, size)
