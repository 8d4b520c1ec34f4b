namespace Beamline.Display;

/// <summary>The residuals that a job has reported, thinned to a bounded number. A smaller iteration number begins anew.</summary>
internal sealed class ResidualHistory
{
    private const int Most = 2000;
    private readonly List<double> _values = [];
    private int _last = -1;
    private int _every = 1;
    private int _skipped;

    public IReadOnlyList<double> Values => _values;

    public void Add(int? iteration, double residual)
    {
        if (iteration is { } i && i <= _last)
        {
            // The next slab iterates from its own start.
            Clear();
        }

        _last = iteration ?? _last;
        if (++_skipped < _every && _values.Count > 0)
        {
            // The newest is always the last one.
            _values[^1] = residual;
            return;
        }

        _skipped = 0;
        _values.Add(residual);
        if (_values.Count >= Most)
        {
            for (var k = 0; k < Most / 2; k++)
            {
                _values[k] = _values[(2 * k) + 1];
            }

            _values.RemoveRange(Most / 2, _values.Count - (Most / 2));
            _every *= 2;
        }
    }

    public void Clear()
    {
        _values.Clear();
        (_last, _every, _skipped) = (-1, 1, 0);
    }
}
