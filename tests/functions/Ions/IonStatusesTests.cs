using System.Reflection;
using Amazon.CodeDeploy;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonStatusesTests
{
    [Theory]
    [InlineData("Created", CodeState.Running)]
    [InlineData("Queued", CodeState.Running)]
    [InlineData("InProgress", CodeState.Running)]
    [InlineData("Baking", CodeState.Running)]
    [InlineData("Ready", CodeState.Running)]
    [InlineData("Succeeded", CodeState.Succeeded)]
    [InlineData("Failed", CodeState.Failed)]
    [InlineData("Stopped", CodeState.Failed)]
    [InlineData("SomethingNew", CodeState.Running)]
    public void A_status_says_what_is_known_of_the_code(string status, CodeState state) => IonStatuses.Of(new DeploymentStatus(status)).ShouldBe(state);

    [Fact]
    public void Only_one_status_is_success()
    {
        var statuses = typeof(DeploymentStatus).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(DeploymentStatus))
            .Select(field => (DeploymentStatus)field.GetValue(null)!);

        statuses.Where(status => IonStatuses.Of(status) == CodeState.Succeeded).ShouldBe([DeploymentStatus.Succeeded]);
    }
}
