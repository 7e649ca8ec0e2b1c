"""Trains the sample network and saves it in every format that Ferry reads.

A MobileNetV2 of width 0.35 learns handwritten digits: scikit-learn's copy of the UCI optical recognition set, 1797 images of
8x8 pixels, enlarged to 64x64 RGB. Every fifth image of a seeded shuffle is held out and never trained on. The formats' own tools
write the files; the formats' own runtimes answer for the held-out sample images.

    python3 -m venv .venv && .venv/bin/pip install -r Samples/requirements.txt && .venv/bin/python Samples/train.py
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from sklearn.datasets import load_digits

FOLDER = pathlib.Path(__file__).resolve().parent
SIZE = 64
WIDTH = 0.35
SEED = 20261123
EPOCHS = int(os.environ.get("EPOCHS", "40"))
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def enlarged(image):
    """An 8x8 image with values 0...16 as 64x64x3 bytes."""
    grey = Image.fromarray(np.round(image * 255 / 16).astype(np.uint8), "L")
    return np.asarray(grey.resize((SIZE, SIZE), Image.BICUBIC).convert("RGB"))


def split():
    digits = load_digits()
    images = np.stack([enlarged(image) for image in digits.images])
    order = np.random.default_rng(SEED).permutation(len(images))
    held_out = order[::5]
    trained = np.setdiff1d(order, held_out)
    return (images[trained], digits.target[trained]), (images[held_out], digits.target[held_out])


def preprocessed(images):
    return (images.astype(np.float32) / 127.5) - 1


def network():
    base = keras.applications.MobileNetV2(
        input_shape=(SIZE, SIZE, 3), alpha=WIDTH, include_top=True, weights=None, classes=10)
    # Moving averages of few steps: a shorter memory than ImageNet's 0.999.
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9
    return keras.models.model_from_json(base.to_json())


def trained(model, images, targets):
    rng = np.random.default_rng(SEED)
    steps = EPOCHS * (len(images) // 64)
    schedule = keras.optimizers.schedules.CosineDecay(0.0, steps, warmup_target=3e-3, warmup_steps=steps // 10)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-3), "sparse_categorical_crossentropy")
    for epoch in range(EPOCHS):
        order = rng.permutation(len(images))[: len(images) // 64 * 64]
        losses = []
        for batch in order.reshape(-1, 64):
            x = preprocessed(images[batch])
            moved = np.empty_like(x)
            for index, image in enumerate(x):
                dy, dx = rng.integers(-5, 6, 2)
                moved[index] = np.roll(image, (dy, dx), (0, 1))
            moved += rng.normal(0, 0.05, moved.shape).astype(np.float32)
            losses.append(model.train_on_batch(moved, targets[batch]))
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {np.mean(losses):.4f}", flush=True)
    return model


def save_images(images, targets):
    """Twelve held-out images, every digit at least once, two as JPEG; returns them as a decoder sees them."""
    folder = FOLDER / "images"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    chosen = [int(np.flatnonzero(targets == digit)[0]) for digit in range(10)]
    chosen += [int(np.flatnonzero(targets == digit)[1]) for digit in (3, 7)]
    for position, index in enumerate(chosen):
        name = f"{position:02d}-{WORDS[targets[index]]}"
        image = Image.fromarray(images[index])
        if position < 10:
            image.convert("L").save(folder / f"{name}.png", optimize=True)
        else:
            image.save(folder / f"{name}.jpg", quality=95)
    return np.stack([np.asarray(Image.open(path).convert("RGB")) for path in sorted(folder.iterdir())])


def bare(model):
    """The network as it is run: without the optimizer, which a copy of a compiled model would bring along."""
    copy = network()
    copy.set_weights(model.get_weights())
    return copy


def convert(model):
    model.save(FOLDER / "digits.h5")
    model.save(FOLDER / "digits.keras")
    model.save_weights(FOLDER / "digits.weights.h5")
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    (FOLDER / "digits.tflite").write_bytes(converter.convert())
    import onnx
    import tf2onnx

    spec = (tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32, name="input"),)
    proto, _ = tf2onnx.convert.from_function(
        tf.function(lambda x: model(x, training=False), input_signature=spec), input_signature=spec, opset=15)
    onnx.save(proto, FOLDER / "digits.onnx")


def answers(model, inputs):
    """What each format's own runtime says of the images; the batch goes in one by one where the file fixes it."""
    results = {"keras": np.asarray(model(inputs, training=False))}
    import onnxruntime

    session = onnxruntime.InferenceSession(str(FOLDER / "digits.onnx"), providers=["CPUExecutionProvider"])
    results["onnxruntime"] = session.run(None, {session.get_inputs()[0].name: inputs})[0]
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(FOLDER / "digits.tflite"))
    interpreter.allocate_tensors()
    rows = []
    for image in inputs:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0])
    results["litert"] = np.stack(rows)
    return results


def main():
    keras.utils.set_random_seed(SEED)
    (images, targets), (held_images, held_targets) = split()
    model = trained(network(), images, targets)
    correct = np.argmax(model.predict(preprocessed(held_images), verbose=0), 1) == held_targets
    accuracy = float(correct.mean())
    print(f"held-out accuracy: {correct.sum()} of {len(correct)} ({accuracy:.2%}); trained on {len(images)}")
    if accuracy < 0.97:
        sys.exit("the network is not good enough to ship")
    model = bare(model)
    convert(model)
    sample = preprocessed(save_images(held_images, held_targets))
    (FOLDER / "labels.txt").write_text("\n".join(WORDS) + "\n")
    references = FOLDER / "references"
    references.mkdir(exist_ok=True)
    np.save(references / "input.npy", sample[:1])
    for runtime, output in answers(model, sample).items():
        # One image: what a file with a fixed batch of one can be fed.
        np.savez(references / f"{runtime}.npz", input=sample[:1], output=output[:1])
        np.savez_compressed(references / f"{runtime}-all.npz", input=sample, output=output)
    # Grey: the three channels are equal.
    np.savez_compressed(FOLDER / "held_out.npz", images=held_images[..., 0], labels=held_targets.astype(np.int64))
    facts = {
        "trained_on": len(images), "held_out": len(correct), "correct": int(correct.sum()),
        "parameters": model.count_params(), "keras": keras.__version__, "tensorflow": tf.__version__,
    }
    (FOLDER / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
