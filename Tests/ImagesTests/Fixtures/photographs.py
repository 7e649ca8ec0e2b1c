"""Makes photographs.json: what Pillow makes of the shared models' photographs for a network of 224x224 pixels, as SHA-256 of
the pixels [224, 224, 3], and the five likeliest classes that ONNX Runtime gives for them.

`stretch` is Keras's pipeline (resize to the network's size), `crop` torchvision's (the shorter side to 256, the centre).

    python3 -m venv .venv && .venv/bin/pip install numpy pillow==13.0.0 onnxruntime==1.32.0
    .venv/bin/python Tests/ImagesTests/Fixtures/photographs.py ../shared/models
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import PIL
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parent
MODELS = pathlib.Path(sys.argv[1])
MEANS = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATIONS = np.array([0.229, 0.224, 0.225], np.float32)


def cropped(image):
    width, height = image.size
    if width <= height:
        size = 256, int(256 * height / width)
    else:
        size = int(256 * width / height), 256
    image = image.resize(size, Image.BILINEAR)
    left, top = int(round((size[0] - 224) / 2.0)), int(round((size[1] - 224) / 2.0))
    return image.crop((left, top, left + 224, top + 224))


def top_five(session, pixels):
    tensor = ((pixels.astype(np.float32) / 255 - MEANS) / DEVIATIONS).transpose(2, 0, 1)[None]
    scores = session.run(None, {session.get_inputs()[0].name: tensor})[0][0]
    return [int(index) for index in np.argsort(-scores, kind="stable")[:5]]


def main():
    onnxruntime.set_default_logger_severity(3)
    sessions = {
        path.name: onnxruntime.InferenceSession(str(path)) for path in sorted((MODELS / "imagenet").glob("*.onnx"))
    }
    photographs = {}
    for name in ("burger.jpg", "cat.png", "grace_hopper.png", "parrot.jpg"):
        image = ImageOps.exif_transpose(Image.open(MODELS / "images" / name)).convert("RGB")
        stretch = np.asarray(image.resize((224, 224), Image.BILINEAR))
        crop = np.asarray(cropped(image))
        photographs[name] = {
            "stretch": hashlib.sha256(stretch.tobytes()).hexdigest(),
            "crop": hashlib.sha256(crop.tobytes()).hexdigest(),
            "top": {model: top_five(session, crop) for model, session in sessions.items()},
        }
    text = json.dumps({"pillow": PIL.__version__, "photographs": photographs}, indent=2, sort_keys=True)
    (FOLDER / "photographs.json").write_text(text + "\n")


main()
