"""Writes hdf5/*.h5: small HDF5 files that a reader of Keras models meets, and hostile ones that it must refuse.

Run with any Python that has h5py and numpy:  python make_hdf5.py
"""
import os
import h5py
import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hdf5")
os.makedirs(here, exist_ok=True)


def file(name, **options):
    return h5py.File(os.path.join(here, name + ".h5"), "w", **options)


ramp = np.arange(24, dtype=np.float32).reshape(2, 3, 4)

with file("kinds") as f:
    f.attrs["text"] = "variable, ü"
    f.attrs.create("fixed", np.array([b"ab", b"cde"], dtype="S5"))
    f.attrs["texts"] = np.array(["one", "two"], dtype=h5py.string_dtype())
    f.attrs["number"] = 7
    f.attrs["numbers"] = np.array([[1.5, -2.0]])
    f.attrs["nothing"] = h5py.Empty("f")
    f.attrs["truth"] = np.bool_(True)
    g = f.create_group("a").create_group("b")
    g.create_dataset("float32", data=ramp)
    g.create_dataset("float16", data=ramp.astype(np.float16))
    g.create_dataset("float64", data=ramp.astype(np.float64))
    g.create_dataset("big_endian", data=ramp.astype(">f4"))
    g.create_dataset("int8", data=np.array([-1, 2], np.int8))
    g.create_dataset("int32", data=np.array([-1, 2], np.int32))
    g.create_dataset("int64", data=np.int64(5))
    g.create_dataset("uint8", data=np.array([1, 255], np.uint8))
    g.create_dataset("bool", data=np.array([True, False]))
    g.create_dataset("empty", data=np.zeros((0, 3), np.float32))
    g.create_dataset("gzip", data=ramp, chunks=(1, 2, 4), compression="gzip", shuffle=True, fletcher32=True)
    g.create_dataset("chunked", data=ramp, chunks=(2, 2, 2))
    g.create_dataset("text", data="words")
    bf = g.create_dataset("bfloat16", data=np.array([0x3F80, 0xC000], np.uint16).view("V2"))
    bf.attrs["dtype"] = "bfloat16"
    g.create_dataset("never_written", shape=(3,), dtype=np.float32, fillvalue=1.5)

with file("external_link") as f:
    f["elsewhere"] = h5py.ExternalLink("kinds.h5", "/a/b/float32")
with file("soft_link") as f:
    f["x"] = ramp
    f["y"] = h5py.SoftLink("/x")
with file("cycle") as f:
    g = f.create_group("g")
    g["again"] = f["/"]
with file("external_storage") as f:
    f.create_dataset("x", shape=(4,), dtype=np.float32, external=[("/etc/passwd", 0, 16)])
with file("virtual", libver="latest") as f:
    layout = h5py.VirtualLayout(shape=(24,), dtype=np.float32)
    layout[:] = h5py.VirtualSource("kinds.h5", "a/b/float32", shape=(24,))
    f.create_virtual_dataset("x", layout)
with file("lzf") as f:
    f.create_dataset("x", data=np.zeros(1000, np.float32), compression="lzf")
with file("deep") as f:
    g = f
    for _ in range(80):
        g = g.create_group("d")
with file("huge") as f:
    f.create_dataset("x", shape=(1 << 40,), dtype=np.float32, chunks=(1 << 20,), compression="gzip")
