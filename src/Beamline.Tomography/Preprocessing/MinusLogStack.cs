using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Minus the natural logarithm of a stack of transmissions, computed when read.</summary>
internal sealed class MinusLogStack : ProjectionStack, IDerivedStack
{
    private readonly ProjectionStack _transmission;
    private readonly float _floor;
    private int _warned;

    internal MinusLogStack(ProjectionStack transmission, MinusLogOptions options)
        : base(transmission.AnglesDegrees, transmission.RowCount, transmission.ColumnCount)
    {
        _transmission = transmission;
        _floor = (float)options.Floor;
        PixelSize = transmission.PixelSize;
        Quantity = Quantity.LineIntegral;
        Provenance = transmission.Provenance.Then("minus-log", ("floor", options.Floor.ToString("g3")));
    }

    public ProjectionStack Source => _transmission;

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        _transmission.Read(region, destination);
        var clipped = Apply(destination, _floor);
        if (clipped > 0 && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            RunContext.Current.Warning?.Invoke(
                $"Some transmissions are below {_floor:g3} (also zero or negative) and were taken as {_floor:g3}; " +
                "dark frames that are too bright do that, and so do dead pixels and opaque parts.");
        }
    }

    /// <summary>In place; says how many values were below the floor.</summary>
    internal static long Apply(Span<float> values, float floor)
    {
        long clipped = 0;
        var low = Vector256.Create(floor);
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        foreach (ref var v in vectors)
        {
            v = Of(v, low, ref clipped);
        }

        // The rest by the same vector code: which values are the rest depends on the block that is read, and MathF.Log may round
        // otherwise.
        var rest = values[(vectors.Length * Vector256<float>.Count)..];
        if (rest.Length > 0)
        {
            Span<float> last = stackalloc float[Vector256<float>.Count];
            last.Fill(1);
            rest.CopyTo(last);
            Of(Vector256.Create<float>(last), low, ref clipped).CopyTo(last);
            last[..rest.Length].CopyTo(rest);
        }

        return clipped;
    }

    private static Vector256<float> Of(Vector256<float> v, Vector256<float> low, ref long clipped)
    {
        // NaN compares as not below and stays NaN: it is reported where it matters, not hidden here.
        var below = Vector256.LessThan(v, low);
        if (below != Vector256<float>.Zero)
        {
            clipped++;
        }

        return -Vector256.Log(Vector256.ConditionalSelect(below, low, v));
    }
}
