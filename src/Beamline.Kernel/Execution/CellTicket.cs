namespace Beamline.Kernel;

/// <summary>A cell that waits for its turn, and whether an interrupt was meant for it.</summary>
internal sealed class CellTicket(CellQueue queue)
{
    /// <summary>True when the user interrupted after sending the cell and before it ran.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>The cell will not run after all.</summary>
    public void Drop() => queue.Remove(this);
}

/// <summary>The cells that were sent and have not begun.</summary>
internal sealed class CellQueue
{
    private readonly HashSet<CellTicket> _waiting = [];

    public CellTicket Add()
    {
        var ticket = new CellTicket(this);
        lock (_waiting)
        {
            _waiting.Add(ticket);
        }

        return ticket;
    }

    public void Remove(CellTicket ticket)
    {
        lock (_waiting)
        {
            _waiting.Remove(ticket);
        }
    }

    /// <summary>An interrupt while nothing runs is meant for what was sent before it.</summary>
    public void Interrupt()
    {
        lock (_waiting)
        {
            foreach (var ticket in _waiting)
            {
                ticket.IsInterrupted = true;
            }
        }
    }
}
