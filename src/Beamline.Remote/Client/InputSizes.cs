namespace Beamline.Remote;

/// <summary>Says what the inputs of a cell weigh, and asks before much is sent.</summary>
internal static class InputSizes
{
    /// <summary>Bytes that are sent without a question.</summary>
    public const long AskAbove = 64L << 20;

    /// <summary>One line for each input, the largest first.</summary>
    public static string Table(IReadOnlyList<(string Name, string Type, long Bytes)> inputs)
    {
        var sorted = inputs.OrderByDescending(i => i.Bytes).ToArray();
        var width = sorted.Max(i => ByteText.Of(i.Bytes).Length);
        return string.Join('\n', sorted.Select(i => $"  {ByteText.Of(i.Bytes).PadLeft(width)}  {i.Name} ({i.Type})"));
    }

    /// <summary>Lets inputs go: small ones as they are, large ones when the user says so.</summary>
    /// <param name="endpoint">Where they go.</param>
    /// <param name="inputs">Name, type and size of each.</param>
    /// <param name="limit">Bytes that need no question.</param>
    /// <param name="ask">Asks for a line; gives null when nobody can answer. Null itself where there is no notebook.</param>
    /// <param name="how">How to say yes beforehand, for instance "--yes".</param>
    /// <exception cref="EndpointException">They do not go.</exception>
    public static void Check(string endpoint, IReadOnlyList<(string Name, string Type, long Bytes)> inputs, long limit, Func<string, string?>? ask, string how)
    {
        var all = inputs.Sum(i => i.Bytes);
        if (all <= limit)
        {
            return;
        }

        var said = $"The inputs of this cell have {ByteText.Of(all)}, more than the {ByteText.Of(limit)} that go to {endpoint} without a question:\n{Table(inputs)}\n";
        var answer = ask?.Invoke(said + $"Send them to {endpoint}? [y/n] ");
        if (answer is null)
        {
            throw new EndpointException(said + $"Nobody can be asked here: add {how} to send them. What {endpoint} has already is not sent again.");
        }

        if (answer.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new EndpointException($"Not sent: the answer was '{answer.Trim()}'. Keep what is large at {endpoint} (read it in the cell, from a path there), or send a part of it.");
        }
    }
}
