namespace Beamline.Endpoint;

/// <summary>What a token may do.</summary>
[Flags]
internal enum Scope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send and cancel jobs.</summary>
    Submit = 1,

    /// <summary>See jobs and fetch results.</summary>
    Read = 2,

    /// <summary>Tokens and the audit log; includes the others.</summary>
    Admin = 4 | Submit | Read,
}

/// <summary>Names of scopes.</summary>
internal static class Scopes
{
    private static readonly (string Name, Scope Scope)[] All = [("submit", Scope.Submit), ("read", Scope.Read), ("admin", Scope.Admin)];

    public static Scope? Parse(IEnumerable<string> names)
    {
        var scope = Scope.None;
        foreach (var name in names)
        {
            var found = All.FirstOrDefault(s => s.Name == name).Scope;
            if (found == Scope.None)
            {
                return null;
            }

            scope |= found;
        }

        return scope == Scope.None ? null : scope;
    }

    public static string Name(Scope scope) => All.First(s => s.Scope == scope).Name;
}
