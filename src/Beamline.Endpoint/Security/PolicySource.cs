using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>The rules as their files have them now: an owner changes them without a restart.</summary>
internal sealed class PolicySource(ServiceOptions options)
{
    private readonly Lock _gate = new();
    private (string Path, DateTime Time, EndpointPolicy Value)? _policy;
    private (DateTime Time, IReadOnlySet<string> Value)? _keys;

    /// <summary>Path of the policy; null without one.</summary>
    public string? File => options.PolicyFile ?? (System.IO.File.Exists(options.Folder.Policy) ? options.Folder.Policy : null);

    /// <exception cref="RefusedException">The file cannot be used: then nothing is accepted.</exception>
    public EndpointPolicy Policy()
    {
        if (File is not { } path)
        {
            return new EndpointPolicy();
        }

        lock (_gate)
        {
            var time = System.IO.File.GetLastWriteTimeUtc(path);
            if (_policy is not { } known || known.Path != path || known.Time != time)
            {
                try
                {
                    _policy = (path, time, EndpointPolicy.Load(path));
                }
                catch (EndpointException e)
                {
                    throw new RefusedException(500, $"The policy of this endpoint cannot be used, and until its owner mends it no job is accepted. {e.Message}");
                }
            }

            return _policy!.Value.Value;
        }
    }

    public IReadOnlySet<string> TrustedKeys()
    {
        var path = options.Folder.Trust;
        lock (_gate)
        {
            if (!System.IO.File.Exists(path))
            {
                return new HashSet<string>();
            }

            var time = System.IO.File.GetLastWriteTimeUtc(path);
            if (_keys is not { } known || known.Time != time)
            {
                _keys = (time, Remote.TrustedKeys.Read(path));
            }

            return _keys!.Value.Value;
        }
    }
}
