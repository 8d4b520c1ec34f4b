namespace Beamline.Kernel;

/// <summary>Working folder and environment of the process while cells run; both come back afterwards.</summary>
internal sealed class RunSurroundings : IDisposable
{
    private readonly string _folder = Directory.GetCurrentDirectory();
    private readonly Dictionary<string, string?> _before = [];

    private RunSurroundings()
    {
    }

    public static RunSurroundings Enter(string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var surroundings = new RunSurroundings();
        foreach (var (name, value) in environment)
        {
            surroundings._before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        Directory.SetCurrentDirectory(folder);
        return surroundings;
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_folder);
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
