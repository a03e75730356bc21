using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Errors;

public sealed class RemediesTests
{
    [Fact]
    public void What_helps_is_decided_for_every_error() =>
        Remedies.Errors.ShouldBe(
            typeof(DeployerException)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(DeployerException)) && !type.IsAbstract)
                .Select(type => type.Name),
            ignoreOrder: true
        );

    [Theory]
    [InlineData(null)]
    [InlineData("States.Timeout")]
    [InlineData("Lambda.ServiceException")]
    public void What_is_of_the_moment_is_redriven(string? error) => Remedies.After(error).ShouldBe(Remedy.Redrive);
}
