using Deployer.Rehearsal.Tests.Structure.Circle.One;

namespace Deployer.Rehearsal.Tests.Structure.Circle.Two;

/// <summary>The other half.</summary>
internal sealed class Second
{
    public First? Next { get; set; }
}
