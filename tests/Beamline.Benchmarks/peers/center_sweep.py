"""Rotation axis of a Data Exchange file by reconstructing candidates with scikit-image and taking the sharpest; prints JSON.

Independent of Beamline: h5py reads, numpy normalizes, scipy moves the sinogram, iradon reconstructs. The sharpest slice
has the largest sum of squared gradients of the smoothed picture within the disc that every candidate sees.
"""
import json
import sys
import warnings

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter, shift
from skimage.transform import iradon

warnings.filterwarnings("ignore")
path, first, last, step = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
with h5py.File(path, "r") as f:
    row = f["/exchange/data"].shape[1] // 2
    data = f["/exchange/data"][:, row, :].astype(np.float64)
    flat = f["/exchange/data_white"][:, row, :].astype(np.float64).mean(axis=0)
    dark = f["/exchange/data_dark"][:, row, :].astype(np.float64).mean(axis=0)
    theta = f["/exchange/theta"][:]
sinogram = -np.log(np.clip((data - dark) / (flat - dark), 1e-4, None))
columns = sinogram.shape[1]
# iradon takes column N // 2 as the axis.
target = columns // 2
y, x = np.mgrid[:columns, :columns] - target
disc = np.hypot(x, y) < 0.35 * columns
best, scores = None, []
for column in np.arange(first, last + step / 2, step):
    moved = shift(sinogram, (0, target - column), order=1, mode="nearest")
    image = iradon(moved.T, theta=theta, filter_name="hann", interpolation="linear", circle=True)
    gy, gx = np.gradient(gaussian_filter(image, 1.0))
    scores.append((float(((gy**2 + gx**2) * disc).sum()), float(column)))
print(json.dumps({"column": max(scores)[1]}))
