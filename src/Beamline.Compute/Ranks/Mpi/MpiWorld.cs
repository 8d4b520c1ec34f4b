namespace Beamline.Compute;

/// <summary>MPI in this process: begun once, by the first cell that needs it, and ended with the process.</summary>
internal static unsafe class MpiWorld
{
    // Any thread may call, one at a time: cells of a session run on threads of their own.
    private const int Serialized = 2;

    private static readonly Lock Gate = new();
    private static Beginning? _beginning;
    private static MpiLibrary? _mpi;
    private static RankState? _state;

    /// <summary>Joins the other processes of the launch; waits until all have come.</summary>
    /// <param name="rank">Which one the launcher says this is.</param>
    /// <param name="size">How many it says there are.</param>
    /// <exception cref="RankException">There is no MPI, or it sees another launch.</exception>
    public static MpiTransport Join(int rank, int size)
    {
        lock (Gate)
        {
            _beginning ??= new Beginning();
            var wait = new RankWait(RunContext.Current.CancellationToken);
            while (!_beginning.HasEnded)
            {
                wait.Once();
            }

            _mpi = _beginning.Library();
            if (_state is null)
            {
                _mpi.Check(_mpi.SetErrorHandler(_mpi.World, _mpi.ErrorsReturn), "Setting up");
                if (_beginning.IsOurs)
                {
                    AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
                }

                _state = new RankState();
            }

            var all = new MpiTransport(_mpi, _mpi.World, _state);
            return (all.Rank, all.Size) == (rank, size) ? all : throw new RankException(
                $"The launcher says that this is rank {rank} of {size}, but the MPI library sees rank {all.Rank} of {all.Size} ({FirstLine(_mpi.Version)}). " +
                "Start the ranks with the launcher of the same MPI (its own mpirun, or srun --mpi=pmix), " +
                $"or let {MpiLibrary.Variable} name the library file that belongs to the launcher.");
        }
    }

    // Whoever ends badly ends the others with it: they would wait for it for ever.
    private static void End()
    {
        if (Environment.ExitCode == 0 && _state is { Broken: null, IsBusy: false })
        {
            _ = _mpi!.End();
            return;
        }

        _ = _mpi!.Abort(_mpi.World, Environment.ExitCode is > 0 and < 126 ? Environment.ExitCode : 1);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    /// <summary>MPI_Init waits for all other processes, and cannot be told to stop: it has a thread of its own, so that a cell can.</summary>
    private sealed class Beginning
    {
        private volatile bool _hasEnded;
        private MpiLibrary? _mpi;
        private RankException? _failure;

        public Beginning() => new Thread(Run) { IsBackground = true, Name = "Beamline MPI begins" }.UnsafeStart();

        public bool HasEnded => _hasEnded;

        public bool IsOurs { get; private set; }

        public MpiLibrary Library() => _failure is null ? _mpi! : throw new RankException(_failure.Message, _failure);

        private void Run()
        {
            try
            {
                using var signals = new KeptSignals();
                _mpi = MpiLibrary.Load();
                var there = 0;
                _mpi.Check(_mpi.Initialized(&there), "Asking for MPI");
                if (there == 0)
                {
                    var level = 0;
                    _mpi.Check(_mpi.InitThread(0, 0, Serialized, &level), "MPI_Init");
                    IsOurs = true;
                    _failure = level >= Serialized ? null : new RankException($"The MPI library {_mpi.Version} serves one thread of a process only; one that was built with support for threads is needed.");
                }
            }
            catch (RankException exception)
            {
                _failure = exception;
            }
            finally
            {
                _hasEnded = true;
            }
        }
    }
}
