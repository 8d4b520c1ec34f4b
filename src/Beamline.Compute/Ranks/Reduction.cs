namespace Beamline.Compute;

/// <summary>How values of several ranks become one.</summary>
public enum Reduction
{
    /// <summary>Their sum. Whole numbers that grow too large wrap around.</summary>
    Sum,

    /// <summary>The least; NaN when one is NaN.</summary>
    Min,

    /// <summary>The greatest; NaN when one is NaN.</summary>
    Max,

    /// <summary>Their product. Whole numbers that grow too large wrap around.</summary>
    Product,
}
