using System.Collections.Immutable;
using System.Reflection;
using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>What a session is after a submission: the compilations to follow, and the objects that hold the variables.</summary>
internal sealed class SessionState
{
    // Place 0 is for an object of globals, which there is not.
    private readonly object?[] _holders;
    private readonly int _count;
    private readonly SessionState? _before;
    private readonly Lazy<SessionVariable[]> _own;

    private SessionState(CompiledSubmission submission, SessionState? before, object?[] holders)
    {
        (Compilation, Sources, _before, _holders) = (submission.Compilation!, submission.Sources, before, holders);
        var known = before?._count ?? 1;

        // Code that cannot keep anything takes no place.
        _count = holders[known] is null ? known : known + 1;
        _own = new(() => VariablesOf(_count > known ? holders[known] : null));
    }

    /// <summary>The submission that ran.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>Its trees as the user wrote them; those of the compilation have checks in them.</summary>
    public ImmutableArray<SyntaxTree> Sources { get; }

    /// <summary>What it followed; null for the first.</summary>
    public SessionState? Before => _before;

    /// <summary>The object that has its variables; null when it declares nothing.</summary>
    public object? Holder => _count > (_before?._count ?? 1) ? _holders[_count - 1] : null;

    /// <summary>Declarations of all submissions, oldest first; a name may come several times.</summary>
    public IEnumerable<SessionVariable> Variables
    {
        get
        {
            var states = new Stack<SessionState>();
            for (var state = this; state is not null; state = state._before)
            {
                states.Push(state);
            }

            return states.SelectMany(s => s._own.Value);
        }
    }

    /// <summary>Declarations of this submission.</summary>
    public IReadOnlyList<SessionVariable> Own => _own.Value;

    /// <summary>The newest variable of a name; null when there is none.</summary>
    public SessionVariable? Find(string name)
    {
        for (var state = this; state is not null; state = state._before)
        {
            if (Array.FindLast(state._own.Value, v => v.Name == name) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// Runs a submission after this one. What it declares is there also when it throws, with the values it had by then.
    /// </summary>
    /// <param name="before">What it follows; null for the first.</param>
    /// <param name="submission">What to run.</param>
    /// <param name="context">Where its code is loaded.</param>
    /// <param name="cancellationToken">Asked for the last time before the code begins.</param>
    /// <param name="starting">Gets what makes a state of the variables that the code has set so far.</param>
    /// <returns>The new state, the value of the last expression, and what was thrown.</returns>
    public static async Task<(SessionState After, object? Value, Exception? Thrown)> RunAsync(
        SessionState? before,
        CompiledSubmission submission,
        SubmissionContext context,
        CancellationToken cancellationToken,
        Action<Func<SessionState>>? starting = null)
    {
        // A copy: a submission that was given up may write into its own at any time.
        var holders = new object?[(before?._count ?? 1) + 1];
        before?._holders.AsSpan(0, before._count).CopyTo(holders);
        object? value = null;
        Exception? thrown = null;
        if (submission.Image is { } image)
        {
            var start = Entry(context.Load(image, submission.Symbols), submission.Compilation!);
            cancellationToken.ThrowIfCancellationRequested();
            starting?.Invoke(() => new SessionState(submission, before, holders));
            try
            {
                // No ConfigureAwait(false): what follows belongs on the execution thread.
                value = await start(holders);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }

        return (new SessionState(submission, before, holders), value, thrown);
    }

    private static Func<object?[], Task<object>> Entry(Assembly assembly, CSharpCompilation compilation)
    {
        // The method that makes the object of the submission and runs its statements.
        var entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object>>>();
    }

    private static SessionVariable[] VariablesOf(object? holder)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return holder is null
            ? []
            :
            [
                .. holder.GetType().GetFields(Declared & ~BindingFlags.NonPublic)
                    .Where(f => (char.IsLetterOrDigit(f.Name[0]) || f.Name[0] == '_') && !f.FieldType.IsAssignableTo(typeof(IRemoteResult)))
                    .Select(f => new SessionVariable(holder, f)),
                .. holder.GetType().GetProperties(Declared).Where(p => p.IsDefined(typeof(RemoteResultAttribute)))
                    .Select(p => new SessionVariable(holder, p)),
            ];
    }
}

/// <summary>A variable that a submission declared: a field, or a property that stands for a result which is fetched when it is used.</summary>
internal sealed class SessionVariable(object holder, MemberInfo place)
{
    public string Name => place.Name;

    public Type Type => place is FieldInfo f ? f.FieldType : ((PropertyInfo)place).PropertyType;

    public bool IsReadOnly => place is FieldInfo { IsInitOnly: true } or FieldInfo { IsLiteral: true };

    /// <summary>False when asking for the value would fetch it from elsewhere.</summary>
    public bool IsHere => place is FieldInfo ||
        (holder.GetType().GetField(place.GetCustomAttribute<RemoteResultAttribute>()!.Source)?.GetValue(holder) as IRemoteResult)?.IsHere != false;

    public object? Value
    {
        get => place is FieldInfo f ? f.GetValue(holder) : ((PropertyInfo)place).GetValue(holder);
        set
        {
            if (place is FieldInfo f)
            {
                f.SetValue(holder, value);
            }
            else
            {
                ((PropertyInfo)place).SetValue(holder, value);
            }
        }
    }
}
