using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Has the housekeeper at work after the start, and once a day.</summary>
internal static class DailyPruning
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="housekeeper">Who does it.</param>
    /// <param name="policies">Where the rules are.</param>
    /// <param name="first">How long after the start the first time is: starting must be quick.</param>
    /// <param name="end">Ends it.</param>
    public static async Task RunAsync(Housekeeper housekeeper, PolicySource policies, TimeSpan first, CancellationToken end)
    {
        for (var pause = first; ; pause = Day)
        {
            try
            {
                await Task.Delay(pause, end);
                housekeeper.Prune(policies.Policy().Keep, isTrial: false, by: null);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is EndpointException or RefusedException or IOException or UnauthorizedAccessException)
            {
                // A broken policy, or a folder that somebody changed: nothing is removed that may have to stay.
                await Console.Error.WriteLineAsync($"{DateTimeOffset.UtcNow:u} housekeeping: {e.Message}");
            }
        }
    }
}
