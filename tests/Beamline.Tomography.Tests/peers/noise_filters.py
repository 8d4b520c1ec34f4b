"""What scipy and scikit-image make of a picture: noise_filters.py PATH ROWS COLUMNS SIGMA. Writes PATH.<name> as float32 and PATH.json."""
import json
import sys

import numpy as np
from scipy import ndimage
from skimage import metrics, restoration

path, rows, columns, sigma = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
image = np.fromfile(path, np.float32).reshape(rows, columns).astype(np.float64)
truth = np.fromfile(path + ".truth", np.float32).reshape(rows, columns).astype(np.float64)


def non_local_means(u, patch, search, h, narrower=0):
    """The definition, shift by shift; no integral images. Narrower by 1, the patches are those of scikit-image's fast mode."""
    half = patch // 2
    margin = half + search
    padded = np.pad(u, margin, mode="reflect")
    inner = padded[search:-search, search:-search]
    values, weights = np.zeros_like(u), np.zeros_like(u)
    for dy in range(-search, search + 1):
        for dx in range(-search, search + 1):
            moved = padded[search + dy:search + dy + inner.shape[0], search + dx:search + dx + inner.shape[1]]
            squares = (inner - moved) ** 2
            part = range(narrower, patch)
            excess = sum(squares[i:i + rows, j:j + columns] - 2 * sigma ** 2 for i in part for j in part) / patch ** 2
            weight = np.exp(-np.maximum(excess, 0) / h ** 2)
            weights += weight
            values += weight * padded[margin + dy:margin + dy + rows, margin + dx:margin + dx + columns]
    return values / weights


made = {f"gaussian{s}": ndimage.gaussian_filter(image, s) for s in (0.6, 1.3, 4.0)}
made |= {f"median{n}": ndimage.median_filter(image, n) for n in (3, 5, 9)}
made["nlm"] = non_local_means(image, 5, 6, 0.8 * sigma)
made["nlm-skimage"] = restoration.denoise_nl_means(image, 5, 6, h=0.8 * sigma, sigma=sigma, fast_mode=True)
made["tv"] = restoration.denoise_tv_chambolle(image, weight=0.15, eps=1e-9, max_num_iter=4000)
for name, values in made.items():
    values.astype(np.float32).tofile(f"{path}.{name}")

laplacian = ndimage.convolve(image, np.outer([1, -2, 1], [1, -2, 1]))[1:-1, 1:-1]
with open(path + ".json", "w") as file:
    json.dump({
        "immerkaer": np.sqrt(np.pi / 2) / 6 * np.abs(laplacian).mean(),
        "median": np.median(np.abs(laplacian)) / 0.6744897501960817 / 6,
        "nlm-narrower": float(np.abs(non_local_means(image, 5, 6, 0.8 * sigma, narrower=1) - made["nlm-skimage"]).max()),
        "psnr": metrics.peak_signal_noise_ratio(truth, image, data_range=2.5),
        "psnr-own-range": metrics.peak_signal_noise_ratio(truth, image, data_range=truth.max() - truth.min()),
        "ssim": metrics.structural_similarity(truth, image, data_range=2.5),
        "gaussian-ssim": metrics.structural_similarity(truth, image, data_range=2.5, gaussian_weights=True, sigma=1.5, use_sample_covariance=False),
        "range": float(np.diff(np.percentile(truth, [2, 99]))[0]),
    }, file)
