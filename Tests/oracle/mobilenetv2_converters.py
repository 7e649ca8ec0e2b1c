"""Carries MobileNetV2 of every published width through TensorFlow's converter and tf2onnx, and lets `ferry` judge the files.

    python mobilenetv2_converters.py FERRY

Each file must pass `ferry check`, with its width found, and hold exactly the folded parameters and multiply-accumulates that the
architecture has. Needs tensorflow-cpu, keras, tf2onnx, onnx (requirements.txt). Exit code 0: everything agrees.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import onnx
import tensorflow as tf
import tf2onnx

SIZE = 96
# Parameters with batch norms folded, and millions of multiply-accumulates at 96x96, 1000 classes.
EXPECTED = {
    0.35: (1_670_088, 11.93), 0.5: (1_959_408, 18.89), 0.75: (2_623_104, 39.45),
    1.0: (3_487_816, 56.29), 1.3: (5_364_664, 94.92), 1.4: (6_084_808, 108.40),
}


def randomized(width):
    """The network with batch norms and a bias that do something: converters drop what is zero."""
    model = keras.applications.MobileNetV2((SIZE, SIZE, 3), alpha=width, weights=None)
    rng = tf.random.Generator.from_seed(7)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(weight.shape, 0.5, 1.5).numpy() for weight in layer.get_weights()])
        elif isinstance(layer, keras.layers.Dense):
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel, rng.uniform(bias.shape, 0.5, 1.5).numpy()])
    return model


def files(model, folder):
    tflite = folder / "model.tflite"
    tflite.write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    spec = (tf.TensorSpec((1, SIZE, SIZE, 3), tf.float32, name="input"),)
    function = tf.function(lambda x: model(x, training=False), input_signature=spec)
    proto, _ = tf2onnx.convert.from_function(function, input_signature=spec, opset=15)
    onnx.save(proto, folder / "model.onnx")
    return [tflite, folder / "model.onnx"]


def ferry_json(ferry, *arguments):
    process = subprocess.run([ferry, *arguments, "--format", "json", "--quiet"], capture_output=True, text=True)
    if not process.stdout:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {process.stderr}")
    return process.returncode, json.loads(process.stdout)


def main():
    ferry = sys.argv[1]
    wrong = 0
    for width, (parameters, millions) in EXPECTED.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path in files(randomized(width), folder):
                code, report = ferry_json(ferry, "check", path)
                native = folder / "native.safetensors"
                subprocess.run([ferry, "convert", path, "-o", native, "--force", "--quiet"], check=True)
                _, summary = ferry_json(ferry, "summary", native)
                totals = summary["totals"]
                agrees = (
                    code == 0 and report["width"]["nominal"] == width and report["classes"] == 1000
                    and totals["parameters"] == parameters
                    and abs(totals["multiplyAccumulates"] / 1e6 - millions) <= 0.00501)
                wrong += not agrees
                print(f"{width} {path.suffix}: {'agrees' if agrees else 'DIFFERS'}: {report['verdict']}, "
                      f"{totals['parameters']} parameters, {totals['multiplyAccumulates']} MACs", flush=True)
    print(f"{2 * len(EXPECTED) - wrong} of {2 * len(EXPECTED)} files agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
