"""Makes the image fixtures: small files of every kind, and what Pillow decodes and resizes them to.

Pillow 13 resizes the height first where that loses more than twice as many pixels as the width; earlier releases never do.

    python3 -m venv .venv && .venv/bin/pip install numpy pillow==13.0.0 && .venv/bin/python Tests/ImagesTests/Fixtures/make.py
"""

import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parent


def png16(path, array, colour_type):
    """A 16-bit PNG, which Pillow does not write in colour."""
    height, width = array.shape[:2]

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    rng = np.random.default_rng(7)
    smooth = np.stack([np.add.outer(np.arange(11) * 9, np.arange(17) * 5), np.add.outer(np.arange(11) * 3, np.arange(17) * 11),
                       255 - np.add.outer(np.arange(11) * 13, np.arange(17) * 2)], 2).astype(np.uint8)
    noise = rng.integers(0, 256, (11, 17, 3), dtype=np.uint8)
    rgb = Image.fromarray(noise)
    files = {}

    def keep(name, image, **options):
        image.save(FOLDER / name, **options)
        files[name] = ImageOps.exif_transpose(Image.open(FOLDER / name)).convert("RGB")

    keep("rgb.png", rgb)
    keep("grey.png", rgb.convert("L"))
    keep("bits.png", rgb.convert("1"))
    keep("palette.png", rgb.quantize(16))
    keep("palette-alpha.png", rgb.quantize(16), transparency=bytes(range(0, 256, 16)))
    keep("alpha.png", Image.fromarray(np.dstack([noise, rng.integers(0, 256, (11, 17), dtype=np.uint8)]), "RGBA"))
    keep("grey-alpha.png", Image.fromarray(noise[:, :, :2], "LA"))
    keep("smooth.jpg", Image.fromarray(smooth), quality=90)
    keep("subsampled.jpg", Image.fromarray(smooth), quality=75, subsampling=2)
    keep("progressive.jpg", Image.fromarray(smooth), quality=90, progressive=True)
    keep("grey.jpg", Image.fromarray(smooth).convert("L"), quality=90)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        keep(f"orientation-{orientation}.jpg", Image.fromarray(smooth), quality=95, exif=exif)
        if orientation in (6, 7):
            keep(f"orientation-{orientation}.png", Image.fromarray(smooth), exif=exif)
    deep = rng.integers(0, 65536, (11, 17, 3), dtype=np.uint16)
    png16(FOLDER / "deep.png", deep, 2)
    files["deep.png"] = Image.fromarray((deep >> 8).astype(np.uint8))
    png16(FOLDER / "deep-grey.png", deep[:, :, 0], 0)
    files["deep-grey.png"] = Image.fromarray((deep[:, :, 0] >> 8).astype(np.uint8)).convert("RGB")
    Image.fromarray(noise).convert("CMYK").save(FOLDER / "cmyk.jpg")
    expected = {name: np.asarray(image) for name, image in files.items()}
    for width, height in [(17, 11), (8, 5), (34, 22), (5, 29), (1, 1), (64, 3), (16, 12), (16, 5), (16, 9), (18, 10)]:
        expected[f"resized-{width}x{height}"] = np.asarray(rgb.resize((width, height), Image.BILINEAR))
    np.savez_compressed(FOLDER / "expected.npz", **expected)


main()
