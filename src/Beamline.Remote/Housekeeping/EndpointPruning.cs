namespace Beamline.Remote;

/// <summary>What housekeeping removed from an endpoint, or would remove.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="IsTrial">True when nothing was removed: it is what would be.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Arrays">Number of arrays of the store, which no job that is left names.</param>
/// <param name="Bytes">Bytes of both.</param>
/// <param name="BytesLeft">Bytes of the jobs and arrays that stay.</param>
public sealed record EndpointPruning(string Endpoint, bool IsTrial, int Jobs, int Arrays, long Bytes, long BytesLeft)
{
    /// <summary>All of it in a sentence.</summary>
    public override string ToString() =>
        $"{Endpoint}: {(Jobs == 1 ? "1 job" : $"{Jobs} jobs")} and {(Arrays == 1 ? "1 array" : $"{Arrays} arrays")} ({ByteText.Of(Bytes)}) {(IsTrial ? "would be removed" : "removed")}; {ByteText.Of(BytesLeft)} stay";
}
