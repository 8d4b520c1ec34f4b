using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Loads extensions, at the start and while the notebook runs, and holds what they brought.</summary>
internal sealed class ExtensionHost
{
    private readonly Lock _gate = new();
    private readonly HashSet<Type> _loaded = [];
    private readonly List<string> _names = [];
    private readonly ExtensionRegistry _all = new();
    private readonly List<string> _opened = [];
    private CSharpSession? _session;
    private CommManager? _comms;
    private string? _toOpen;

    public ExtensionHost(IEnumerable<IMagicCommand> builtIn)
    {
        foreach (var command in builtIn)
        {
            _all.AddCommand(command);
        }

        Commands = _all.Commands;
    }

    /// <summary>All commands; a new list after an extension was loaded.</summary>
    public IReadOnlyList<IMagicCommand> Commands { get; private set; }

    public FormatterRegistry Formatters { get; } = new([]);

    public Lifecycle Lifecycle { get; } = new();

    public IReadOnlyList<Assembly> References => _all.References;

    public IReadOnlyList<string> Usings => _all.Usings;

    /// <summary>Names of the extensions, in the order in which they were loaded.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names];
            }
        }
    }

    /// <summary>What extensions brought that is of a type, the newest first.</summary>
    public IReadOnlyList<T> Services<T>()
    {
        lock (_gate)
        {
            return [.. _all.Services.OfType<T>().Reverse()];
        }
    }

    /// <summary>From now on what extensions bring is opened in this session.</summary>
    public void Started(CSharpSession session) => _session = session;

    /// <summary>A front end can open comms from now on, to what extensions brought and will bring.</summary>
    public void Listen(CommManager comms)
    {
        lock (_gate)
        {
            _comms = comms;
            _all.CommTargets.ForEach(target => Listen(comms, target));
        }
    }

    /// <summary>Loads the extension that an assembly names with <see cref="NotebookExtensionAttribute"/>, once.</summary>
    /// <returns>The name of the extension; null when the assembly names none or it was loaded before.</returns>
    /// <exception cref="MagicException">It cannot be loaded; nothing of it stays.</exception>
    public string? Register(Assembly assembly)
    {
        if (assembly.IsDynamic || assembly.GetCustomAttribute<NotebookExtensionAttribute>()?.ExtensionType is not { } type || IsLoaded(type))
        {
            return null;
        }

        var name = assembly.GetName().Name;
        if (!typeof(INotebookExtension).IsAssignableFrom(type) || type.IsAbstract)
        {
            throw new MagicException($"{name} names {type.FullName} as its notebook extension, but that is no class that implements INotebookExtension.");
        }

        try
        {
            var extension = (INotebookExtension)Activator.CreateInstance(type, nonPublic: true)!;
            Load(extension);
            return extension.Name;
        }
        catch (Exception exception) when (exception is not MagicException)
        {
            var cause = RuntimeErrorReport.Unwrap(exception);
            throw new MagicException($"The extension in {name} could not be loaded. {cause.GetType().Name}: {cause.Message}", exception);
        }
    }

    /// <summary>Loads an extension: all of what it registers, or nothing.</summary>
    /// <exception cref="InvalidOperationException">It registers a command that there is already.</exception>
    public void Load(INotebookExtension extension)
    {
        var own = new ExtensionRegistry();
        extension.Register(own);
        lock (_gate)
        {
            if (!_loaded.Add(extension.GetType()))
            {
                return;
            }

            try
            {
                _all.AddAll(own);
            }
            catch
            {
                _loaded.Remove(extension.GetType());
                throw;
            }

            _names.Add(extension.Name);
            Commands = _all.Commands;
            if (_session is { } session)
            {
                OpenLater(own, session);
            }

            if (_comms is { } comms)
            {
                own.CommTargets.ForEach(target => Listen(comms, target));
            }
        }

        foreach (var formatter in own.Formatters)
        {
            Formatters.Add(formatter);
        }

        Lifecycle.Add(extension);
    }

    /// <summary>After a restart of the session: opens again what was opened while the notebook ran.</summary>
    public void OpenAgain()
    {
        lock (_gate)
        {
            _toOpen = _opened.Count > 0 ? string.Join('\n', _opened) : null;
        }
    }

    /// <summary>Opens assemblies and namespaces that came since the last cell, as a submission of its own.</summary>
    public async Task OpenAsync(CSharpSession session, CancellationToken cancellationToken)
    {
        string? code;
        lock (_gate)
        {
            (code, _toOpen) = (_toOpen, null);
        }

        if (code is not null && await session.RunAsync(code, "extensions", code, cancellationToken) is { Errors: [var error, ..] })
        {
            throw new MagicException($"What an extension brings cannot be opened: {error.Message}");
        }
    }

    private bool IsLoaded(Type type)
    {
        lock (_gate)
        {
            return _loaded.Contains(type);
        }
    }

    private void OpenLater(ExtensionRegistry own, CSharpSession session)
    {
        var lines = new List<string>();
        foreach (var assembly in own.References.Where(a => a.Location.Length > 0))
        {
            session.Know(assembly);
            lines.Add($"#r \"{assembly.Location}\"");
        }

        lines.AddRange(own.Usings.Select(name => $"using {name};"));
        if (lines.Count > 0)
        {
            var code = string.Join('\n', lines);
            _opened.Add(code);
            _toOpen = _toOpen is null ? code : _toOpen + "\n" + code;
        }
    }

    private static void Listen(CommManager comms, ICommTarget target)
    {
        comms.AddTarget(target.Name, target.Opened);
        target.Listening();
    }
}
