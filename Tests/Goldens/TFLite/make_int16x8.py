"""Makes int16x8.tflite with TensorFlow's own converter (16-bit activations, 8-bit weights, 64-bit biases) from a small network of
inverted residual blocks, and int16x8.npz: the input and, by tensor number, what each operator answers in LiteRT's reference
kernels.

Run: python make_int16x8.py (tensorflow-cpu, ai-edge-litert).
"""

import pathlib

import numpy as np
import tensorflow as tf
from ai_edge_litert import interpreter as litert

FOLDER = pathlib.Path(__file__).parent


def network():
    keras = tf.keras
    keras.utils.set_random_seed(5)

    def block(x, width, stride, expansion):
        y = keras.layers.Conv2D(x.shape[-1] * expansion, 1, use_bias=False)(x)
        y = keras.layers.BatchNormalization()(y)
        y = keras.layers.ReLU(6.0)(y)
        y = keras.layers.DepthwiseConv2D(3, stride, "same", use_bias=False)(y)
        y = keras.layers.BatchNormalization()(y)
        y = keras.layers.ReLU(6.0)(y)
        y = keras.layers.Conv2D(width, 1, use_bias=False)(y)
        y = keras.layers.BatchNormalization()(y)
        return keras.layers.Add()([x, y]) if stride == 1 and x.shape[-1] == width else y

    x = inputs = keras.Input((24, 24, 3), batch_size=1)
    x = keras.layers.Conv2D(8, 3, 2, "same")(x)
    x = keras.layers.ReLU(6.0)(x)
    x = block(x, 8, 1, 3)
    x = block(x, 12, 2, 3)
    x = block(x, 12, 1, 3)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10)(x)
    return keras.Model(inputs, keras.layers.Softmax()(x))


def main():
    random = np.random.default_rng(9)
    model = network()
    for layer in model.layers:
        if isinstance(layer, tf.keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights([
                random.uniform(0.5, 2, gamma.shape), random.normal(size=beta.shape), random.normal(size=mean.shape) / 4,
                random.uniform(0.3, 1.5, variance.shape)])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: (
        [random.normal(size=(1, 24, 24, 3)).astype(np.float32)] for _ in range(20))
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    converter.inference_input_type = tf.int16
    converter.inference_output_type = tf.int16
    path = FOLDER / "int16x8.tflite"
    path.write_bytes(converter.convert())

    runtime = litert.Interpreter(
        str(path), experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True)
    runtime.allocate_tensors()
    port = runtime.get_input_details()[0]
    scale = port["quantization_parameters"]["scales"][0]
    image = np.clip(np.round(random.normal(size=port["shape"]) / scale), -32768, 32767).astype(np.int16)
    runtime.set_tensor(port["index"], image)
    runtime.invoke()
    answers = {
        str(number): runtime.get_tensor(number)
        for operator in runtime._get_ops_details() for number in operator["outputs"]
    }
    np.savez_compressed(path.with_suffix(".npz"), input=image, **answers)
    print([operator["op_name"] for operator in runtime._get_ops_details()])


if __name__ == "__main__":
    main()
