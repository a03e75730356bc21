using Deployer.Rehearsal.Tests.Structure.Circle.Two;

namespace Deployer.Rehearsal.Tests.Structure.Circle.One;

/// <summary>One half of a circle between two folders, for the test that the rule notices it.</summary>
internal sealed class First
{
    public Second? Next { get; set; }
}
