namespace Beamline.Kernel;

/// <summary>
/// The light answers, and what Roslyn's editor features know beyond them. That tier is started in the background by
/// the first completion; until it is ready, and when it fails or takes too long, the light answer is given.
/// </summary>
internal sealed class FullAssistant(NotebookKernel kernel, LightAssistant light, TimeSpan budget) : ICodeAssistant, IDisposable
{
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromMilliseconds(300);

    private const int MostFailures = 3;

    private readonly Lock _gate = new();
    private Task<FeaturesTier>? _tier;
    private int _failures;

    /// <summary>Completes when the second tier can answer; faulted when it could not be started.</summary>
    public Task Ready => Tier();

    /// <summary>The last thing that went wrong in the second tier.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Makes the second tier; tests put a failing one in its place.</summary>
    public Func<NotebookKernel, FeaturesTier> Make { get; init; } = static k => new FeaturesTier(k.Session);

    public CompletionList Complete(string code, int place)
    {
        place = Math.Clamp(place, 0, code.Length);
        if (light.CompleteText(code, place) is { } text)
        {
            return text;
        }

        var tier = Tier();
        var fuller = tier.IsCompletedSuccessfully && _failures < MostFailures
            ? Within(cancel => tier.Result.CompleteAsync(SessionProbe.CSharpOf(code), place, cancel))
            : null;
        var answer = light.Complete(code, place);
        if (fuller is not null)
        {
            answer = Merge(answer, fuller);
        }

        return Snippets.For(SessionProbe.CSharpOf(code), place) is { Count: > 0 } frames
            ? new CompletionList([.. answer.Items, .. frames], answer.Start, answer.End)
            : answer;
    }

    public Inspection? Inspect(string code, int place, int detail = 0) => light.Inspect(code, place, detail);

    public void Dispose()
    {
        if (_tier is { IsCompletedSuccessfully: true } made)
        {
            made.Result.Dispose();
        }
    }

    /// <summary>What the second tier has at the same place and the first does not, behind it.</summary>
    private static CompletionList Merge(CompletionList answer, CompletionList fuller)
    {
        if (answer.Start != fuller.Start && answer.Items.Count > 0)
        {
            return answer;
        }

        var known = answer.Items.Select(i => i.Text).ToHashSet(StringComparer.Ordinal);
        return new CompletionList([.. answer.Items, .. fuller.Items.Where(i => known.Add(i.Text))], fuller.Start, fuller.End);
    }

    private Task<FeaturesTier> Tier()
    {
        lock (_gate)
        {
            if (_tier is not null)
            {
                return _tier;
            }

            _tier = Task.Run(async () =>
            {
                try
                {
                    var tier = Make(kernel);

                    // The first answer takes two seconds, most of it for finding and compiling the features.
                    await tier.CompleteAsync("Console.", "Console.".Length, CancellationToken.None).ConfigureAwait(false);
                    return tier;
                }
                catch (Exception exception)
                {
                    LastFailure = exception;
                    throw;
                }
            });

            // The failure is kept above; it must not be told to the user as a task that nobody awaited.
            _ = _tier.ContinueWith(
                static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return _tier;
        }
    }

    private CompletionList? Within(Func<CancellationToken, Task<CompletionList?>> ask)
    {
        using var limit = new CancellationTokenSource(budget);
        var token = limit.Token;
        try
        {
            var answer = Task.Run(() => ask(token), token);
            if (Task.WhenAny(answer, Task.Delay(budget, CancellationToken.None)).GetAwaiter().GetResult() != answer)
            {
                // It notices the token and ends by itself; nobody waits for it.
                _ = answer.ContinueWith(static t => t.Exception, TaskScheduler.Default);
                limit.Cancel();
                return null;
            }

            var found = answer.GetAwaiter().GetResult();
            _failures = 0;
            return found;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Whatever the features throw at half-written code, the light answer stands.
            LastFailure = exception;
            _failures++;
            return null;
        }
    }
}
