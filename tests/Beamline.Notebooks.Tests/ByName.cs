using Xunit.Sdk;
using Xunit.v3;

namespace Beamline.Notebooks.Tests;

/// <summary>
/// Notebooks run in the order of their numbers: 04 reckons with the memory that its process holds, and would count what the networks of 06 and 07
/// leave in it.
/// </summary>
internal sealed class ByName : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(t => t.TestCaseDisplayName, StringComparer.Ordinal)];
}
