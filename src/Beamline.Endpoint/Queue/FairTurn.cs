namespace Beamline.Endpoint;

/// <summary>Whose turn it is: who has the fewest workers, and among those who has waited longest for one.</summary>
internal sealed class FairTurn
{
    private readonly Dictionary<string, (int Running, long Served)> _users = [];
    private long _count;

    /// <summary>Users in the order in which they get the next worker.</summary>
    public IEnumerable<string> Order(IEnumerable<string> users) => users.Distinct()
        .OrderBy(u => _users.GetValueOrDefault(u).Running).ThenBy(u => _users.GetValueOrDefault(u).Served);

    public void Began(string user) => _users[user] = (_users.GetValueOrDefault(user).Running + 1, ++_count);

    public void Ended(string user)
    {
        var (running, served) = _users[user];
        _users[user] = (running - 1, served);
    }
}
