namespace Beamline.Kernel;

/// <summary>Work that a session can do before its first submission is there.</summary>
internal sealed partial class CSharpSession
{
    /// <summary>Binds the references of the first submission, so that it finds them bound.</summary>
    public Task PrepareAsync() => Task.Run(() =>
    {
        var next = Next(null, [.. Settings.References, .. _added], Usings);
        _ = next.Empty;
        if (_state is null)
        {
            _next = next;
        }
    });
}
