using System.Text;

namespace Beamline.Kernel;

/// <summary>
/// Sends what is written to the console to the cell whose code (or a task that it started) writes it;
/// everything else goes where it always went.
/// </summary>
internal sealed class ConsoleRouter(string name, TextWriter original) : TextWriter
{
    private static readonly Lock Gate = new();
    private static bool _installed;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Takes the console over, once per process.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (!_installed)
            {
                _installed = true;
                Console.SetOut(new ConsoleRouter("stdout", Console.Out));
                Console.SetError(new ConsoleRouter("stderr", Console.Error));
                Console.SetIn(new ConsoleInput(Console.In));
            }
        }
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (CellScope.Current is { } cell)
        {
            cell.Output.Write(name, buffer);
        }
        else
        {
            original.Write(buffer);
        }
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Flush()
    {
        if (CellScope.Current is { } cell)
        {
            cell.Output.Flush();
        }
        else
        {
            original.Flush();
        }
    }

    /// <summary>Asks the front end of the reading cell for a line.</summary>
    private sealed class ConsoleInput(TextReader original) : TextReader
    {
        private string _line = "";
        private int _place;

        public override string? ReadLine()
        {
            if (CellScope.Current is not { } cell)
            {
                return original.ReadLine();
            }

            if (_place < _line.Length)
            {
                var rest = _line[_place..].TrimEnd('\n');
                _place = _line.Length;
                return rest;
            }

            return cell.ReadLine("", isPassword: false);
        }

        public override int Peek()
        {
            if (CellScope.Current is not { } cell)
            {
                return original.Peek();
            }

            if (_place >= _line.Length)
            {
                if (cell.ReadLine("", isPassword: false) is not { } line)
                {
                    return -1;
                }

                (_line, _place) = (line + "\n", 0);
            }

            return _line[_place];
        }

        public override int Read()
        {
            if (CellScope.Current is null)
            {
                return original.Read();
            }

            var next = Peek();
            _place++;
            return next;
        }
    }
}
