using System.Diagnostics;
using System.Globalization;

namespace Beamline.Kernel.TestHost;

/// <summary>
/// Repeats all cases of the interrupt matrix. Each round is a process with one session that all cases pass through, in an
/// order of its own; what follows a case that went wrong gets a new process.
/// </summary>
/// <remarks>The tests give each case a process of its own. A session that is interrupted again and again is the harder test.</remarks>
internal sealed class InterruptRounds
{
    private readonly Dictionary<string, List<string[]>> _results = InterruptCases.All.Keys.ToDictionary(n => n, _ => new List<string[]>());
    private readonly string? _path;

    /// <summary>Goes on with the results that <paramref name="path"/> holds and adds new ones to it.</summary>
    private InterruptRounds(string? path)
    {
        _path = path;
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (line.Split('\t') is [var name, .. { Length: > 0 } result] && _results.TryGetValue(name, out var results))
            {
                results.Add(result);
            }
        }
    }

    /// <summary>Runs until each case has this number of results, and prints what the bar asks for.</summary>
    public static async Task<int> RunAsync(int repeats, string? path)
    {
        var rounds = new InterruptRounds(path);
        for (var round = rounds._results.Values.Min(r => r.Count); round < repeats; round++)
        {
            string[] names = [.. InterruptCases.All.Keys.Where(n => rounds._results[n].Count <= round)];
            new Random(round).Shuffle(names);
            for (var done = 0; done < names.Length;)
            {
                done += await rounds.ChildAsync(names[done..]).ConfigureAwait(false);
            }
        }

        return rounds.Print();
    }

    // Returns the number of cases that have a result now: all, or those up to the one that went wrong.
    private async Task<int> ChildAsync(string[] names)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InterruptRounds).Assembly.Location, "interrupt", .. names])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var done = 0;
        var rest = "";
        while (await child.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (done < names.Length && line.Split(' ') is ["answered", var ms, var end])
            {
                Add(names[done++], ms, end);
            }
            else
            {
                rest += line + " ";
            }
        }

        await child.WaitForExitAsync().ConfigureAwait(false);
        if (done == names.Length && child.ExitCode == 0)
        {
            return done;
        }

        var text = $"exit code {child.ExitCode}: {rest}{await error.ConfigureAwait(false)}";
        Add(names[Math.Min(done, names.Length - 1)], string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return done + 1;
    }

    private void Add(string name, params string[] result)
    {
        _results[name].Add(result);
        if (_path is not null)
        {
            File.AppendAllText(_path, $"{name}\t{string.Join('\t', result)}\n");
        }
    }

    private int Print()
    {
        foreach (var (name, results) in _results)
        {
            var sorted = Answered(results).Select(a => a.Ms).Order().ToArray();
            if (sorted.Length > 0)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-34} {sorted.Length,4} of {results.Count}  median {sorted[sorted.Length / 2],7:0.0} ms  worst {sorted[^1],7:0.0} ms  thread left behind {Answered(results).Count(a => a.Left)}"));
            }
        }

        var all = _results.SelectMany(r => r.Value).ToArray();
        var answered = Answered(all).ToArray();
        var failures = _results.SelectMany(r => r.Value.Where(v => v.Length == 1).Select(v => $"{r.Key}: {v[0]}")).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"answered {answered.Length} of {all.Length}; worst of those that ended {Worst(false):0.0} ms; worst of all {Worst(true):0.0} ms; crashes and other failures {failures.Length}"));
        Array.ForEach(failures, Console.WriteLine);
        return failures.Length == 0 ? 0 : 1;

        double Worst(bool withLeft) => answered.Where(a => withLeft || !a.Left).Select(a => a.Ms).DefaultIfEmpty().Max();
    }

    private static IEnumerable<(double Ms, bool Left)> Answered(IEnumerable<string[]> results) => results
        .Where(r => r.Length == 2).Select(r => (double.Parse(r[0], CultureInfo.InvariantCulture), r[1] == "left"));
}
