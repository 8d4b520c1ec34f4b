namespace Beamline.Remote;

/// <summary>What housekeeping must know of a job.</summary>
/// <param name="Id">The job.</param>
/// <param name="IsFinal">Whether it has ended.</param>
/// <param name="Ended">When; for one that has not, when it was last heard of.</param>
/// <param name="Bytes">Of all its files.</param>
internal sealed record JobFacts(string Id, bool IsFinal, DateTimeOffset Ended, long Bytes)
{
    /// <summary>Hashes of the arrays that its inputs and results name.</summary>
    public IReadOnlyCollection<string> Arrays { get; init; } = [];

    /// <summary>Jobs whose folders or ends it needs: it waits for them, or reads their results where they lie.</summary>
    public IReadOnlyCollection<string> Needs { get; init; } = [];
}

/// <summary>What housekeeping must know of an array in the store.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Length of its file.</param>
/// <param name="Used">When it was last used.</param>
internal sealed record ArrayFacts(string Sha256, long Bytes, DateTimeOffset Used);

/// <summary>
/// What is to go. Jobs that wait or run stay, and all that a job which stays names: its arrays, and the jobs that it needs.
/// By age all goes that is too old; for room the arrays that no job names first, then the jobs that ended first.
/// </summary>
/// <param name="Jobs">Jobs to remove, and whether only for room.</param>
/// <param name="Arrays">Arrays to remove.</param>
/// <param name="BytesLeft">Bytes of what stays.</param>
internal sealed record PrunePlan(IReadOnlyList<(JobFacts Job, bool IsForRoom)> Jobs, IReadOnlyList<ArrayFacts> Arrays, long BytesLeft)
{
    /// <summary>Bytes of what goes.</summary>
    public long Bytes => Jobs.Sum(j => j.Job.Bytes) + Arrays.Sum(a => a.Bytes);

    public static PrunePlan Make(IEnumerable<JobFacts> jobs, IEnumerable<ArrayFacts> arrays, KeepRules rules, DateTimeOffset now) =>
        new Maker(jobs, arrays, rules, now).Make();

    private sealed class Maker
    {
        private readonly KeepRules _rules;
        private readonly DateTimeOffset _now;
        private readonly List<JobFacts> _jobs;
        private readonly List<ArrayFacts> _arrays;
        private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _needed = new(StringComparer.Ordinal);
        private readonly List<(JobFacts Job, bool IsForRoom)> _gone = [];
        private readonly List<ArrayFacts> _goneArrays = [];
        private long _left;

        public Maker(IEnumerable<JobFacts> jobs, IEnumerable<ArrayFacts> arrays, KeepRules rules, DateTimeOffset now)
        {
            (_rules, _now) = (rules, now);
            _jobs = [.. jobs.OrderBy(j => j.Ended).ThenBy(j => j.Id, StringComparer.Ordinal)];
            _arrays = [.. arrays.OrderBy(a => a.Used).ThenBy(a => a.Sha256, StringComparer.Ordinal)];
            _left = _jobs.Sum(j => j.Bytes) + _arrays.Sum(a => a.Bytes);
            foreach (var job in _jobs)
            {
                Count(job, 1);
            }
        }

        public PrunePlan Make()
        {
            if (_rules.Age is { } age)
            {
                while (TakeJob(age, isForRoom: false))
                {
                }
            }

            if (_rules.ArrayAge is { } unused)
            {
                while (TakeArray(unused))
                {
                }
            }

            if (_rules.Bytes > 0)
            {
                while (_left > _rules.Bytes && (TakeArray(_rules.ArrayAgeForRoom) || TakeJob(_rules.JobAgeForRoom, isForRoom: true)))
                {
                }
            }

            return new PrunePlan(_gone, _goneArrays, _left);
        }

        private bool TakeJob(TimeSpan age, bool isForRoom)
        {
            var place = _jobs.FindIndex(j => j.IsFinal && _now - j.Ended >= age && _needed.GetValueOrDefault(j.Id) == 0);
            if (place < 0)
            {
                return false;
            }

            var job = _jobs[place];
            _jobs.RemoveAt(place);
            Count(job, -1);
            _gone.Add((job, isForRoom));
            _left -= job.Bytes;
            return true;
        }

        private bool TakeArray(TimeSpan age)
        {
            var place = _arrays.FindIndex(a => _now - a.Used >= age && _named.GetValueOrDefault(a.Sha256) == 0);
            if (place < 0)
            {
                return false;
            }

            _left -= _arrays[place].Bytes;
            _goneArrays.Add(_arrays[place]);
            _arrays.RemoveAt(place);
            return true;
        }

        private void Count(JobFacts job, int by)
        {
            foreach (var hash in job.Arrays.Distinct())
            {
                _named[hash] = _named.GetValueOrDefault(hash) + by;
            }

            foreach (var id in job.Needs.Distinct().Where(id => id != job.Id))
            {
                _needed[id] = _needed.GetValueOrDefault(id) + by;
            }
        }
    }
}
