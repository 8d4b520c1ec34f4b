namespace Beamline.Remote;

/// <summary>Adds the items to a captured function.</summary>
internal static class MapInputs
{
    /// <exception cref="EndpointException">There are no items.</exception>
    public static CapturedCell With<T>(CapturedCell cell, T[] items)
    {
        if (items.Length == 0)
        {
            throw new EndpointException("There are no items to run the function for.");
        }

        var map = cell.Map ?? throw new InvalidOperationException("The capture of a function gives a map.");
        return cell with
        {
            Map = map with { Count = items.Length },
            Inputs = [.. cell.Inputs.Where(i => i.Name != map.Items), new CapturedInput(map.Items, map.Type + "[]", typeof(T[]), items)],
        };
    }
}
