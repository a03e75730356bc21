using Deployer.Functions.Tests.Architecture.Circle.First;

namespace Deployer.Functions.Tests.Architecture.Circle.Second;

/// <summary>The other half of the circle.</summary>
internal sealed class SecondOfCircle(FirstOfCircle? first)
{
    public FirstOfCircle? First => first;
}
