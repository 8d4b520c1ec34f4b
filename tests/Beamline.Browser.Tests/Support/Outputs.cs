using Beamline.Arrays;
using Beamline.Display;

namespace Beamline.Browser.Tests;

/// <summary>Small arrays with known contents, and their outputs.</summary>
internal static class Outputs
{
    public const int Edge = 64;
    public const double Radius = 22;

    /// <summary>Value 1 in a ball in the middle, 0 around it, and 2 in a small ball at large x, so that sides can be told.</summary>
    public static Volume Ball(int edge = Edge, string unit = "1/cm")
    {
        var volume = new Volume(edge, edge, edge) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(2)), Quantity = new("attenuation", unit) };
        double middle = (edge - 1) / 2.0, scale = edge / (double)Edge;
        for (var z = 0; z < edge; z++)
        {
            for (var y = 0; y < edge; y++)
            {
                var row = volume.Row(z, y);
                for (var x = 0; x < edge; x++)
                {
                    double dz = (z - middle) / scale, dy = (y - middle) / scale, dx = (x - middle) / scale;
                    row[x] = (dx - 27) * (dx - 27) + dy * dy + dz * dz < 9 ? 2 : dx * dx + dy * dy + dz * dz < Radius * Radius ? 1 : 0;
                }
            }
        }

        return volume;
    }

    public static Image Ramp(int rows = 40, int columns = 60)
    {
        var image = new Image(rows, columns) { PixelSizeX = Length.FromMicrometers(1.5), PixelSizeY = Length.FromMicrometers(1.5) };
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                image[y, x] = x + (0.01f * y);
            }
        }

        return image;
    }

    public static string Html(PictureView view) => view.Html;
}
