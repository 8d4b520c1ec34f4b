using System.Text;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// What a cell has put out and nobody has seen yet, in order. Small prints are joined, and of several new contents for
/// one display only the last is kept, at its place in the order.
/// </summary>
internal sealed class OutputBatch
{
    private readonly LinkedList<Item> _items = new();
    private readonly Dictionary<string, LinkedListNode<Item>> _updates = new(StringComparer.Ordinal);

    public bool IsEmpty => _items.Count == 0;

    public int TextLength { get; private set; }

    public int Count => _items.Count;

    public void AddText(string name, ReadOnlySpan<char> text)
    {
        if (_items.Last?.Value is not TextItem last || last.Name != name)
        {
            last = new TextItem(name);
            _items.AddLast(last);
        }

        last.Text.Append(text);
        TextLength += text.Length;
    }

    public void AddUpdate(string displayId, MimeBundle bundle)
    {
        if (_updates.TryGetValue(displayId, out var older))
        {
            var (before, after) = (older.Previous, older.Next);
            _items.Remove(older);
            if (before?.Value is TextItem first && after?.Value is TextItem second && first.Name == second.Name)
            {
                first.Text.Append(second.Text);
                _items.Remove(after);
            }
        }

        _updates[displayId] = _items.AddLast(new UpdateItem(displayId, bundle));
    }

    public void SendTo(ICellSink sink)
    {
        foreach (var item in _items)
        {
            switch (item)
            {
                case TextItem text:
                    sink.Stream(text.Name, text.Text.ToString());
                    break;
                case UpdateItem update:
                    sink.UpdateDisplay(update.Bundle, update.DisplayId);
                    break;
            }
        }

        Clear();
    }

    public void Clear()
    {
        _items.Clear();
        _updates.Clear();
        TextLength = 0;
    }

    private abstract class Item;

    private sealed class TextItem(string name) : Item
    {
        public string Name => name;

        public StringBuilder Text { get; } = new();
    }

    private sealed class UpdateItem(string displayId, MimeBundle bundle) : Item
    {
        public string DisplayId => displayId;

        public MimeBundle Bundle => bundle;
    }
}
