"""Makes the golden array files beside this script, with NumPy as the other reader and writer.

    python make.py
"""
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

here = Path(__file__).parent

# Each file holds 0, 1, 2 … in shape (2, 3), row-major order, whatever its element type and byte order.
for code in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "|u1", "<u2",
             ">u2", "<u4", ">u4", "<u8", ">u8", "|b1"]:
    array = (np.arange(6) % (2 if code == "|b1" else 6)).reshape(2, 3).astype(code)
    name = code.replace("<", "little_").replace(">", "big_").replace("|", "")
    with open(here / f"{name}.npy", "wb") as file:
        npy.write_array(file, array, version=(1, 0))

with open(here / "fortran_f4.npy", "wb") as file:
    npy.write_array(file, np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("<f4")), version=(1, 0))
with open(here / "fortran_big_i2.npy", "wb") as file:
    npy.write_array(file, np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">i2")), version=(1, 0))
for version in [2, 3]:
    with open(here / f"version{version}.npy", "wb") as file:
        npy.write_array(file, np.arange(3).astype("<f4"), version=(version, 0))
np.save(here / "scalar.npy", np.float32(7))
np.save(here / "empty.npy", np.zeros((0, 3), "<f4"))
np.save(here / "complex.npy", np.zeros(2, "<c8"))
np.save(here / "text.npy", np.array(["a"]))
np.save(here / "records.npy", np.zeros(2, [("a", "<f4")]))
np.save(here / "objects.npy", np.array([None]), allow_pickle=True)

arrays = {"input": np.arange(6, dtype="<f4").reshape(2, 3), "deep/label": np.array([3], "<i8")}
np.savez(here / "stored.npz", **arrays)
np.savez_compressed(here / "deflated.npz", **arrays)
