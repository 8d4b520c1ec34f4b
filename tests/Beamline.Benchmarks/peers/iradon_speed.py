"""Least wall seconds of scikit-image's iradon (linear) for one slice; prints JSON."""
import json
import sys
import time
import warnings

import numpy as np
import skimage
from skimage.transform import iradon

warnings.filterwarnings("ignore")
size, angles, runs = (int(a) for a in sys.argv[1:4])
sinogram = np.random.default_rng(1).random((size, angles)).astype(np.float32)
theta = np.arange(angles) * 180.0 / angles
iradon(sinogram, theta=theta, filter_name="shepp-logan", interpolation="linear", circle=True)
best = float("inf")
for _ in range(runs):
    start = time.perf_counter()
    iradon(sinogram, theta=theta, filter_name="shepp-logan", interpolation="linear", circle=True)
    best = min(best, time.perf_counter() - start)
print(json.dumps({"seconds": best, "version": skimage.__version__}))
