using Beamline.Arrays;
using Beamline.Display;
using SkiaSharp;

namespace Beamline.Browser.Tests;

/// <summary>Pixels of slices and of the maximum projection, against values computed here from the volume and the geometry in docs/viewers.md.</summary>
public sealed class ViewerReferenceTests(Chromium browser)
{
    private const int Edge = Outputs.Edge;

    [Fact]
    public async Task A_saved_slice_has_the_values_of_the_volume_and_a_scale_bar_and_no_crosshair()
    {
        using var volume = Blobs();
        await using var open = await browser.OpenAsync(volume.View(new() { Window = ValueWindow.Values(0, 1), SliceZ = 20 }).Html);
        using var pixels = await open.DownloadAsync("Save xy slice as PNG");
        var scale = pixels.Width / (double)Edge;
        Assert.Equal(pixels.Width, pixels.Height);
        var (wrong, seen) = (0, 0);
        for (var y = 0; y < pixels.Height - 40; y++)
        {
            for (var x = 0; x < pixels.Width; x++, seen++)
            {
                var value = volume[20, (int)((y + 0.5) / scale), (int)((x + 0.5) / scale)];
                wrong += Math.Abs(pixels.GetPixel(x, y).Red - (255 * Math.Clamp(value, 0, 1))) > 1.6 ? 1 : 0;
            }
        }

        // 8 bits saved and 8 bits shown: one and a half levels off at most.
        Assert.True(wrong == 0, $"{wrong} of {seen} pixels");
        // 128 µm across: the bar is 20 µm long, white, and in its place.
        var bar = Enumerable.Range(0, pixels.Width / 2).Where(x => pixels.GetPixel(x, pixels.Height - 13) == SKColors.White).ToArray();
        Assert.InRange(bar.Length, (20 / 128.0 * pixels.Width) - 1.5, (20 / 128.0 * pixels.Width) + 1.5);
        Assert.Equal((12, bar.Length), (bar[0], bar[^1] - bar[0] + 1));
        // What is saved is no longer what is shown: there the crosshair is.
        using var shown = await open.PixelsAsync(open.Pictures.First);
        var column = (int)(32.5 * scale);
        Assert.NotEqual(pixels.GetPixel(column, 20), shown.GetPixel(column, 20));
    }

    [Fact]
    public async Task The_maximum_projection_is_the_largest_value_on_each_ray()
    {
        using var volume = Blobs();
        await using var open = await browser.OpenAsync(volume.View(new() { Window = ValueWindow.Values(0, 1) }).Html, height: 1400);
        await open.Page.GetByLabel("Show as").SelectOptionAsync("0");
        using var pixels = await open.PixelsAsync(open.Pictures.Nth(3));
        var camera = new Camera(-0.55, 0.42);
        var errors = new List<double>();
        for (var y = 2; y < pixels.Height; y += 5)
        {
            for (var x = 2; x < pixels.Width; x += 5)
            {
                var (u, v) = ((((x + 0.5) / pixels.Width) - 0.5) * 1.8, (0.5 - ((y + 0.5) / pixels.Height)) * 1.8);
                if (camera.Maximum(volume, u, v) is { } maximum)
                {
                    errors.Add(Math.Abs(pixels.GetPixel(x, y).Red - (255 * Math.Clamp(maximum, 0, 1))));
                }
            }
        }

        errors.Sort();
        Assert.True(errors.Count > 1000, $"{errors.Count} rays");
        // Edges of the box are drawn over some of them.
        Assert.True(errors[errors.Count / 2] <= 1.5 && errors[(int)(errors.Count * 0.9)] <= 4, $"median {errors[errors.Count / 2]}, 90 % {errors[(int)(errors.Count * 0.9)]}");
    }

    /// <summary>Smooth, without any symmetry, from 0 to about 1.</summary>
    private static Volume Blobs()
    {
        (double Z, double Y, double X, double Height)[] blobs = [(20, 14, 44, 0.95), (44, 40, 18, 0.7), (18, 48, 24, 0.45), (50, 50, 52, 0.3)];
        var volume = new Volume(Edge, Edge, Edge) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(2)) };
        for (var z = 0; z < Edge; z++)
        {
            for (var y = 0; y < Edge; y++)
            {
                for (var x = 0; x < Edge; x++)
                {
                    volume[z, y, x] = (float)blobs.Sum(b => b.Height * Math.Exp(-(((z - b.Z) * (z - b.Z)) + ((y - b.Y) * (y - b.Y)) + ((x - b.X) * (x - b.X))) / 90));
                }
            }
        }

        return volume;
    }

    /// <summary>Parallel rays from an eye that is turned about z and looks down; z points down, the view is right-handed.</summary>
    private sealed class Camera
    {
        private readonly double[] _right, _up, _toward;

        public Camera(double yaw, double pitch)
        {
            _toward = [-Math.Sin(yaw) * Math.Cos(pitch), Math.Cos(yaw) * Math.Cos(pitch), -Math.Sin(pitch)];
            _right = [Math.Cos(yaw), Math.Sin(yaw), 0];
            _up =
            [
                (_toward[1] * _right[2]) - (_toward[2] * _right[1]), (_toward[2] * _right[0]) - (_toward[0] * _right[2]), (_toward[0] * _right[1]) - (_toward[1] * _right[0]),
            ];
        }

        /// <summary>The largest value on the ray through a place of the picture, whose unit is the edge of the volume; null beside it.</summary>
        public double? Maximum(Volume volume, double u, double v)
        {
            double? most = null;
            for (var t = -1.0; t <= 1; t += 0.25 / Edge)
            {
                var p = Enumerable.Range(0, 3).Select(i => (u * _right[i]) + (v * _up[i]) + (t * _toward[i]) + 0.5).ToArray();
                if (p.All(c => c is > 0 and < 1))
                {
                    most = Math.Max(most ?? 0, Between(volume, (p[2] * Edge) - 0.5, (p[1] * Edge) - 0.5, (p[0] * Edge) - 0.5));
                }
            }

            return most;
        }

        private static double Between(Volume volume, double z, double y, double x)
        {
            double At(int k, int j, int i) => volume[Math.Clamp(k, 0, Edge - 1), Math.Clamp(j, 0, Edge - 1), Math.Clamp(i, 0, Edge - 1)];
            var (k, j, i) = ((int)Math.Floor(z), (int)Math.Floor(y), (int)Math.Floor(x));
            double Line(int a, int b) => At(a, b, i) + ((x - i) * (At(a, b, i + 1) - At(a, b, i)));
            double Face(int a) => Line(a, j) + ((y - j) * (Line(a, j + 1) - Line(a, j)));
            return Face(k) + ((z - k) * (Face(k + 1) - Face(k)));
        }
    }
}
