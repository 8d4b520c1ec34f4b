using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>
/// Several denoisers of the same data, for instance trained with different seeds: their mean is the result, their spread says where it is to be
/// trusted (deep ensembles, arXiv 1612.01474). It costs as many passes as there are members.
/// </summary>
public sealed class DenoiserEnsemble
{
    /// <summary>Puts denoisers together.</summary>
    /// <param name="members">Two or more, all with the same number of input channels.</param>
    /// <exception cref="ArgumentException">There is only one, or they take different inputs.</exception>
    public DenoiserEnsemble(IReadOnlyList<Denoiser> members)
        : this(members, 1)
    {
        if (members.Count < 2)
        {
            throw new ArgumentException($"An ensemble of {members.Count} tells nothing: train two or more with different seeds, or use denoiser.ApplyWithUncertainty.", nameof(members));
        }
    }

    internal DenoiserEnsemble(IReadOnlyList<Denoiser> members, int orientations)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.FirstOrDefault(m => m.Network.InputChannels != members[0].Network.InputChannels) is { } other)
        {
            throw new ArgumentException(
                $"The members take different inputs: {members[0].Network.InputChannels} and {other.Network.InputChannels} channels.", nameof(members));
        }

        (Members, Orientations) = ([.. members], orientations);
    }

    /// <summary>The members.</summary>
    public IReadOnlyList<Denoiser> Members { get; }

    /// <summary>Orientations in which each member sees an image: 1, or 8 for all turns and mirrors.</summary>
    public int Orientations { get; }

    /// <summary>Removes the noise of one image.</summary>
    /// <param name="image">The image, in the units that the networks were trained on.</param>
    /// <exception cref="ArgumentException">The networks want neighbors of the image, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public UncertainImage Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SplitCheck.AppliedToSlices(Members[0], image.Quantity);
        if (Members[0].Network.InputChannels != 1)
        {
            throw new ArgumentException($"These networks denoise an image with its {Members[0].Network.InputChannels - 1} neighbors: apply them to the stack.", nameof(image));
        }

        var (mean, deviation) = (Like(image, image.Title), Like(image, "standard deviation of the answers"));
        using var inference = new UncertainInference(Members, Orientations);
        inference.Apply(image.Values.ToArray(), mean.Values, deviation.Values, image.RowCount, image.ColumnCount);
        return new UncertainImage(mean, deviation);
    }

    /// <summary>Removes the noise of every projection; what does not fit in memory goes to scratch files.</summary>
    /// <param name="stack">The projections, in the units that the networks were trained on; read one by one.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public UncertainProjections Apply(ProjectionStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        SplitCheck.AppliedToProjections(Members[0]);
        var context = RunContext.Current;
        var (length, size) = ((long)stack.AngleCount * stack.RowCount * stack.ColumnCount, stack.RowCount * stack.ColumnCount);
        var mean = Denoiser.Room(context, length);
        ArrayMemory<float>? deviation = null;
        try
        {
            deviation = Denoiser.Room(context, length);
            using var inference = new UncertainInference(Members, Orientations);
            var window = new NeighborWindow(stack, Members[0].Network.InputChannels);
            for (var angle = 0; angle < stack.AngleCount; angle++)
            {
                context.Report("denoising", (double)angle / stack.AngleCount, $"projection {angle + 1} of {stack.AngleCount}, {Members.Count * Orientations} answers each");
                var start = (long)angle * size;
                inference.Apply(window.Around(angle), mean.Span(start, size), deviation.Span(start, size), stack.RowCount, stack.ColumnCount);
                mean.Evict(start, size);
                deviation.Evict(start, size);
            }

            context.Report("denoising", 1);
            return new UncertainProjections(Like(stack, mean, "denoise, mean of answers"), Like(stack, deviation, "denoise, deviation of answers"));
        }
        catch
        {
            mean.Dispose();
            deviation?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Ensemble of {Members.Count} denoisers: {string.Join(", ", Members.Select(m => m.Network.Name).Distinct())}";

    private static Image Like(Image image, string? title) => new(image.RowCount, image.ColumnCount)
    {
        Quantity = image.Quantity,
        PixelSizeX = image.PixelSizeX,
        PixelSizeY = image.PixelSizeY,
        Title = title ?? "",
    };

    private MemoryProjectionStack Like(ProjectionStack stack, ArrayMemory<float> memory, string operation) => new(stack.AnglesDegrees, stack.RowCount, stack.ColumnCount, memory)
    {
        PixelSize = stack.PixelSize,
        Quantity = stack.Quantity,
        Provenance = stack.Provenance.Then(
            operation, ("network", Members[0].Network.Name), ("members", $"{Members.Count}"), ("orientations", $"{Orientations}")),
    };
}
