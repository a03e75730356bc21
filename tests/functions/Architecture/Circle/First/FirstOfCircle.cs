using Deployer.Functions.Tests.Architecture.Circle.Second;

namespace Deployer.Functions.Tests.Architecture.Circle.First;

/// <summary>One half of a circle between two folders, to try the rules on.</summary>
internal sealed class FirstOfCircle(SecondOfCircle? second)
{
    public SecondOfCircle? Second => second;
}
