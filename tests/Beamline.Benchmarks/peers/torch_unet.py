"""Times the default U-Net in PyTorch with the weights of a safetensors file: torch_unet.py FILE THREADS. Prints JSON."""
import json, struct, sys, time
import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[2]))
data = open(sys.argv[1], "rb").read()
size = struct.unpack("<q", data[:8])[0]
header = json.loads(data[8:8 + size])
w = {}
for name, entry in header.items():
    if name != "__metadata__":
        a, b = entry["data_offsets"]
        w[name] = torch.from_numpy(np.frombuffer(data[8 + size + a:8 + size + b], "<f4").reshape(entry["shape"]).copy())


def double(x, name):
    for part in ("first", "second"):
        x = F.relu(F.conv2d(x, w[f"{name}.{part}.weight"], w[f"{name}.{part}.bias"], padding=1))
    return x


def net(x):
    kept = []
    y = x
    for i in range(3):
        y = double(y if i == 0 else F.max_pool2d(y, 2), f"down{i}")
        kept.append(y)
    for i in (1, 0):
        y = double(torch.cat([kept[i], F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)], 1), f"up{i}")
    return x + F.conv2d(y, w["last.weight"], w["last.bias"])


def least(x):
    net(x)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        net(x)
        times.append(time.perf_counter() - start)
    return min(times)


with torch.no_grad():
    x = torch.rand(1, 1, 1024, 1024)
    plain = least(x)
    # The other order of memory, as its users would try it.
    for name in w:
        if w[name].dim() == 4:
            w[name] = w[name].contiguous(memory_format=torch.channels_last)
    last = least(x.contiguous(memory_format=torch.channels_last))
print(json.dumps({"seconds": min(plain, last), "plain": plain, "channels_last": last, "version": torch.__version__}))
