"""Writes the TorchScript files of TorchScriptTests with Debian's python3-torch (1.13): python3 make.py. Their bytes are committed."""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))


class UNet(nn.Module):
    """One image, two levels of pooling: edges must be multiples of 4."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)
        self.d, self.e = nn.Conv2d(16, 4, 3, padding=1), nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        a = F.relu(self.a(x))
        b = F.relu(self.b(F.max_pool2d(a, 2)))
        c = F.relu(self.c(F.max_pool2d(b, 2)))
        d = F.relu(self.d(torch.cat([b, F.interpolate(c, scale_factor=2.0)], 1)))
        return x + self.e(torch.cat([a, F.interpolate(d, scale_factor=2.0)], 1))


class Box(nn.Module):
    """Three images: the mean of 5 x 5 pixels of the middle one, so that a pixel is felt 2 pixels away."""

    def forward(self, x):
        return F.avg_pool2d(x[:, 1:2], 5, stride=1, padding=2)


class Level(nn.Module):
    """Takes off the mean of the whole image: every pixel is felt everywhere."""

    def forward(self, x):
        return x - x.mean()


class Half(nn.Module):
    """Makes an image of half the size: no denoiser."""

    def forward(self, x):
        return F.avg_pool2d(x, 2)


torch.manual_seed(1)
unet = UNet().eval()
for name, module in (("unet", unet), ("box", Box()), ("level", Level()), ("half", Half())):
    torch.jit.save(torch.jit.script(module), os.path.join(here, name + ".pt"))
x = torch.sin(torch.arange(24 * 20, dtype=torch.float32)).reshape(1, 1, 24, 20)
with torch.no_grad():
    unet(x).numpy().astype("<f4").tofile(os.path.join(here, "unet.f32"))
