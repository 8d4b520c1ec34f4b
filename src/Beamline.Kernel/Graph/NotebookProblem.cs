namespace Beamline.Kernel;

/// <summary>Something in a notebook that will not do what it seems to.</summary>
/// <param name="Cell">The cell, counted from 1 over all cells of the notebook; 0 for the notebook as a whole.</param>
/// <param name="Line">The line in the cell, from 1; 0 for the cell as a whole.</param>
/// <param name="Rule">Name of the rule, for instance "defined-below".</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record NotebookProblem(int Cell, int Line, string Rule, string Message);
