"""Writes one stack of frames in every format, and prints the CPU seconds that Python's packages need to read it as float32; prints JSON."""
import json
import os
import sys
import time

import h5py
import numpy as np

folder, frames, rows, columns = sys.argv[1], *(int(a) for a in sys.argv[2:5])
random = np.random.default_rng(5)
profile = 9000 + 6000 * np.cos(np.linspace(-3, 3, columns))
stack = np.empty((frames, rows, columns), np.uint16)
for i in range(frames):
    stack[i] = random.normal(profile + 40 * i, 60, (rows, columns))
seconds, reasons = {}, {}


def least(read):
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        total = 0.0
        for first in range(0, frames, 8):
            total += float(read(first, min(first + 8, frames)).astype(np.float32)[0, 0, 0])
        best = min(best, time.process_time() - start)
    return best


def measure(name, write, opened):
    try:
        path = os.path.join(folder, name)
        write(path)
        seconds[name] = least(opened(path))
    except Exception as e:  # a package or plug-in that is not here
        reasons[name] = f"{type(e).__name__}: {e}"


def hdf5(**options):
    def write(path):
        with h5py.File(path, "w") as f:
            f.create_dataset("exchange/data", data=stack, **options)
            f["exchange/theta"] = np.arange(frames) * 180.0 / frames
    return write


def open_hdf5(path):
    data = h5py.File(path)["exchange/data"]
    return lambda a, b: data[a:b]


frame = (1, rows, columns)
for name, options in {
    "contiguous.h5": {},
    "chunked.h5": dict(chunks=frame),
    "deflate.h5": dict(chunks=frame, compression="gzip", compression_opts=1, shuffle=True),
    "lzf.h5": dict(chunks=frame, compression="lzf"),
    "bitshuffle-lz4.h5": dict(chunks=frame, compression=32008, compression_opts=(0, 2)),
    "blosc-lz4.h5": dict(chunks=frame, compression=32001, compression_opts=(0, 0, 0, 0, 5, 1, 1)),
    "szip.h5": dict(chunks=frame, compression="szip"),
}.items():
    measure(name, hdf5(**options), open_hdf5)


def write_folder(path):
    import tifffile
    os.makedirs(path)
    for i in range(frames):
        tifffile.imwrite(os.path.join(path, f"p_{i:04}.tif"), stack[i], photometric="minisblack")


def open_folder(path):
    import tifffile
    return lambda a, b: np.stack([tifffile.imread(os.path.join(path, f"p_{i:04}.tif")) for i in range(a, b)])


def write_pages(**options):
    def write(path):
        import tifffile
        with tifffile.TiffWriter(path) as f:
            for i in range(frames):
                f.write(stack[i], photometric="minisblack", contiguous=False, metadata=None, **options)
    return write


def open_pages(path):
    import tifffile
    return lambda a, b: tifffile.imread(path, key=range(a, b))


measure("folder-tif", write_folder, open_folder)
measure("pages.tif", write_pages(), open_pages)
measure("deflate.tif", write_pages(compression="zlib"), open_pages)


def zarr_store(compressor):
    def write(path):
        import numcodecs
        import zarr
        z = zarr.open(path, "w", shape=stack.shape, chunks=frame, dtype="u2", compressor=eval(compressor))
        z[:] = stack
    return write


def open_zarr(path):
    import zarr
    z = zarr.open(path, "r")
    return lambda a, b: z[a:b]


measure("zstd.zarr", zarr_store("numcodecs.Zstd(1)"), open_zarr)
measure("blosc-zstd.zarr", zarr_store("numcodecs.Blosc('zstd', 3, numcodecs.Blosc.SHUFFLE)"), open_zarr)
measure("stack.npy", lambda path: np.save(path, stack), lambda path: (lambda m: lambda a, b: m[a:b])(np.load(path, mmap_mode="r")))
print(json.dumps({"seconds": seconds, "reasons": reasons, "h5py": h5py.__version__}))
