namespace Beamline.Tomography.Preprocessing;

/// <summary>The offsets of a stripe of some columns, and the angles at which it is there.</summary>
internal sealed class StripeSegment
{
    /// <summary>A stripe is there at this part of the angles at least: traces of the sample stand in a column for less.</summary>
    private const double Shortest = 0.12;

    /// <summary>Where fewer angles than this are free of the stripe, they say nothing of the sample.</summary>
    private const double FewestFree = 0.1;

    /// <summary>A change of state must spare this part of the angles from having the wrong one.</summary>
    private const double Change = 0.035;

    private readonly ColumnSteps _steps;
    private readonly StripeProfile _profile;
    private readonly bool[] _on;
    private readonly double[] _sample;

    private StripeSegment(ColumnSteps steps, int first, int end, double least)
    {
        _steps = steps;
        _profile = new StripeProfile(steps, first, end, least);
        _on = new bool[steps.Angles];
        _sample = new double[_profile.Edges];
    }

    /// <summary>Fits a stripe that was seen in a window of angles; null when it is none.</summary>
    /// <param name="steps">The sinogram.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="window">Angles at which it was seen.</param>
    /// <param name="least">Smallest height.</param>
    internal static StripeSegment? Fit(ColumnSteps steps, int first, int end, Range window, double least)
    {
        var segment = new StripeSegment(steps, first, end, least);
        segment._on.AsSpan(window).Fill(true);
        return segment.Measure() && segment.Measure(again: true) && segment.Measure(again: true) ? segment : null;
    }

    internal void Remove()
    {
        double level = 0;
        for (var i = 0; i < _profile.Edges - 1; i++)
        {
            level += _profile.Offsets[i];
            _steps.Lower(_profile.First + i, (float)level, _on);
        }
    }

    /// <summary>The profile at the angles where the stripe is there; before that, from the second time on, those angles by the profile.</summary>
    private bool Measure(bool again = false)
    {
        if (again)
        {
            FindAngles();
        }

        var free = _on.Count(on => !on);
        if (_on.Length - free < Shortest * _on.Length)
        {
            return false;
        }

        // What stands at the free angles as well is an edge of the sample, unless next to all of it does: a full stripe.
        var compare = free >= FewestFree * _on.Length;
        _profile.Read(_on, compare, _sample);
        if (!compare || (!again && _profile.IsFull(_sample)))
        {
            if (compare)
            {
                Array.Clear(_sample);
                _profile.Read(_on, compare: false, _sample);
            }
            else if (again)
            {
                Array.Fill(_on, true);
            }
        }

        return _profile.Fit(_on, _sample);
    }

    private void FindAngles()
    {
        var (left, right) = (new float[_on.Length], new float[_on.Length]);
        Presence(0, left);
        Presence(_profile.Edges - _profile.Blur, right);
        TwoStates.Find(left, right, Change * _on.Length, _on);
    }

    /// <summary>How much of an edge is there at each angle, by a running median that keeps the ends.</summary>
    private void Presence(int from, float[] presence)
    {
        double power = 0;
        for (var i = from; i < from + _profile.Blur; i++)
        {
            power += _profile.Offsets[i] * _profile.Offsets[i];
        }

        if (power == 0)
        {
            return;
        }

        var raw = new float[presence.Length];
        for (var a = 0; a < raw.Length; a++)
        {
            double sum = 0;
            for (var i = from; i < from + _profile.Blur; i++)
            {
                sum += _profile.Offsets[i] * (_steps.At(_profile.First - 1 + i, a) - _sample[i]);
            }

            raw[a] = (float)(sum / power);
        }

        new RunningMedian((raw.Length / 40) | 1).Apply(raw, presence);
    }
}
