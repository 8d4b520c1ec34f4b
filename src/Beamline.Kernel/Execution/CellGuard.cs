using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Beamline.Kernel;

/// <summary>
/// What the kernel writes into the code of cells so that they can be stopped. Not meant to be called by hand.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellGuard
{
    // After the first stop on a thread its finally blocks, and whoever catches the stop by name, get this long.
    private const long CleanUpMilliseconds = 500;

    private static readonly Lock Gate = new();

    // Volatile: from an empty loop the JIT would take the read of a plain field out.
    private static volatile bool _isStopping;
    private static int _stopping;

    [ThreadStatic]
    private static long _stoppedCell;

    [ThreadStatic]
    private static long _stoppedAt;

    /// <summary>Throws when the cell that the calling code belongs to was stopped.</summary>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (_isStopping)
        {
            StopIfAsked();
        }
    }

    /// <summary>Throws when the cell was stopped, or when the stack is nearly used up.</summary>
    /// <param name="name">Set by the compiler.</param>
    /// <param name="line">Set by the compiler.</param>
    /// <param name="cell">Set by the compiler.</param>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">A function calls itself too often.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(
        [CallerMemberName] string name = "", [CallerLineNumber] int line = 0, [CallerFilePath] string cell = "")
    {
        if (_isStopping)
        {
            StopIfAsked();
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            ThrowTooDeep(name, line, cell);
        }
    }

    /// <summary>Checks, and hands a value on: for expressions.</summary>
    /// <param name="value">Any value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pass<T>(T value)
    {
        Check();
        return value;
    }

    /// <summary>False for an exception that ends a stopped cell: no catch clause of the cell may swallow it.</summary>
    /// <param name="exception">The exception on its way.</param>
    public static bool MayCatch(Exception exception) =>
        !_isStopping || CellScope.OfThread is not { Stopped: not null } || !StopErrors.IsStop(exception);

    /// <summary>Like <see cref="MayCatch"/>, for a clause that names the exception of a stop: it may, for a while.</summary>
    /// <param name="exception">The exception on its way.</param>
    public static bool MayCatchStop(Exception exception) =>
        !_isStopping || CellScope.OfThread is not { Stopped: not null } cell ||
        cell.SinceStop.TotalMilliseconds < CleanUpMilliseconds || !StopErrors.IsStop(exception);

    /// <summary>Stands in for Environment.Exit in cells.</summary>
    /// <param name="exitCode">For the process, when it is one that runs a single job.</param>
    /// <exception cref="InvalidOperationException">In a notebook always.</exception>
    [DoesNotReturn]
    public static void Exit(int exitCode)
    {
        if (CellScope.OfThread?.Request.Job is not null)
        {
#pragma warning disable RS0030 // The process of a job holds nothing but that job, whose code may do with it what it likes.
            Environment.Exit(exitCode);
#pragma warning restore RS0030
        }

        throw new InvalidOperationException(
            $"Environment.Exit({exitCode}) would end the kernel, and all variables with it. To end a cell early, throw an " +
            "exception or use 'return'; to begin anew, restart the kernel (menu Kernel); to end it, shut it down there.");
    }

    /// <summary>Stands in for Environment.FailFast in cells.</summary>
    /// <param name="message">What the caller wanted to say.</param>
    /// <exception cref="InvalidOperationException">Always.</exception>
    [DoesNotReturn]
    public static void FailFast(string? message) => FailFast(message, null);

    /// <inheritdoc cref="FailFast(string?)"/>
    /// <param name="message">What the caller wanted to say.</param>
    /// <param name="exception">Why.</param>
    [DoesNotReturn]
    public static void FailFast(string? message, Exception? exception) => throw new InvalidOperationException(
        $"Environment.FailFast would end the kernel, and all variables with it. It was called with: {message}", exception);

    /// <summary>Checks count from now on, until each begin was followed by an end.</summary>
    internal static void BeginStop()
    {
        lock (Gate)
        {
            _stopping++;
            _isStopping = true;
        }
    }

    internal static void EndStop()
    {
        lock (Gate)
        {
            _isStopping = --_stopping > 0;
        }
    }

    private static void StopIfAsked()
    {
        if (CellScope.OfThread is not { IsStopping: true } cell)
        {
            return;
        }

        var now = Environment.TickCount64;
        if (_stoppedCell != cell.Number)
        {
            (_stoppedCell, _stoppedAt) = (cell.Number, now);
        }
        else if (now - _stoppedAt < CleanUpMilliseconds)
        {
            // It is on its way out: what finally blocks and Dispose methods call is not to be torn, too.
            return;
        }

        throw new OperationCanceledException("The cell was stopped.", cell.CancellationToken);
    }

    [DoesNotReturn]
    private static void ThrowTooDeep(string name, int line, string cell)
    {
        var function = name.Length > 0 && name[0] != '<' ? name : "A function";
        throw new InsufficientExecutionStackException(
            $"{function} ({cell}, line {line}) calls itself, directly or through others, until the stack is full. " +
            "Does the recursion have an end, and does it always come to it?");
    }
}
