"""The methods of Vo, Atwood and Drakopoulos, Optics Express 26 (2018) 28396, as described there, in numpy and scipy.

Usage: vo_stripes.py SINOGRAM ANGLES COLUMNS SMALL LARGE SIGMA: reads float32 [angle, column], writes SINOGRAM.METHOD for each method.
"""
import sys

import numpy as np
from scipy import ndimage

path, (angles, columns, small, large), sigma = sys.argv[1], (int(a) for a in sys.argv[2:6]), float(sys.argv[6])
RATIO, DROP = 3.0, 0.1


def sort(x):
    order = np.argsort(x, axis=0, kind="stable")
    return np.take_along_axis(x, order, 0), order


def unsort(x, order):
    back = np.empty_like(x)
    np.put_along_axis(back, order, x, 0)
    return back


def over_columns(x, size):
    return ndimage.median_filter(x, size=(1, size), mode="reflect")


def sorting(x):  # algorithm 3
    ranked, order = sort(x)
    return unsort(over_columns(ranked, small), order)


def filtering(x):  # algorithm 2
    pad = angles // 2
    padded = np.pad(x.astype(float), ((pad, pad), (0, 0)), "reflect")
    n = len(padded)
    k = np.minimum(np.arange(n), n - np.arange(n)) * angles / n
    low = np.fft.ifft(np.fft.fft(padded, axis=0) * np.exp(-k**2 / (2 * sigma**2))[:, None], axis=0).real[pad:pad + angles]
    return x + over_columns(low, small) - low


def stripes(factors):  # algorithm 4
    n = len(factors)
    ranked = np.sort(factors)
    drop = n // 4
    x = np.arange(drop, n - drop - 1)
    slope, start = np.polyfit(x, ranked[drop:n - drop - 1], 1)
    end = start + slope * (n - 1)
    noise = max(abs(end - start), 1e-6)
    mask = np.zeros(n, bool)
    if abs(ranked[-1] - end) / noise >= RATIO:
        mask |= factors > end + noise * RATIO / 2
    if abs(start - ranked[0]) / noise >= RATIO:
        mask |= factors <= start - noise * RATIO / 2
    return ndimage.binary_dilation(mask)


def interpolated(x, mask):
    mask[:2] = mask[-2:] = False
    good = np.flatnonzero(~mask)
    result = x.copy()
    for row in result:
        row[mask] = np.interp(np.flatnonzero(mask), good, row[good])
    return result


def normalized(x, replace):  # algorithm 5
    ranked, order = sort(x)
    smooth = over_columns(ranked, large)
    cut = int(DROP / 2 * angles)
    mean = ranked[cut:angles - cut].mean(0)
    wanted = smooth[cut:angles - cut].mean(0)
    factors = np.divide(mean, wanted, out=np.ones_like(mean), where=wanted != 0)
    mask = stripes(factors)
    # As Beamline: a factor of columns that see next to nothing is noise over noise.
    result = x / np.where((factors > 0.2) & (factors < 5), factors, 1)
    if not replace:
        return interpolated(result, mask)
    result[:, mask] = unsort(smooth, order)[:, mask]
    return result


def dead(x):  # algorithm 6
    change = np.abs(x - ndimage.uniform_filter1d(x, 10, axis=0, mode="reflect")).sum(0)
    background = ndimage.median_filter(change, large, mode="reflect")
    return interpolated(x, stripes(np.divide(change, background, out=np.ones_like(change), where=background != 0)))


sinogram = np.fromfile(path, np.float32).reshape(angles, columns).astype(float)
results = {
    "Sorting": sorting(sinogram), "Filtering": filtering(sinogram), "Large": normalized(sinogram, True), "Dead": dead(sinogram),
    "Interpolation": normalized(sinogram, False), "All": sorting(normalized(dead(sinogram), True)),
}
for name, result in results.items():
    result.astype(np.float32).tofile(f"{path}.{name}")
