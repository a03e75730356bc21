using System.Reflection;
using Amazon.CodeDeploy;
using Amazon.StepFunctions;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonStatusesTests
{
    [Theory]
    [InlineData("Created", IonState.Running)]
    [InlineData("Queued", IonState.Running)]
    [InlineData("InProgress", IonState.Running)]
    [InlineData("Baking", IonState.Running)]
    [InlineData("Ready", IonState.Running)]
    [InlineData("Succeeded", IonState.Succeeded)]
    [InlineData("Failed", IonState.Failed)]
    [InlineData("Stopped", IonState.Failed)]
    [InlineData("SomethingNew", IonState.Running)]
    public void A_status_says_what_is_known_of_the_code(string status, IonState state) =>
        IonStatuses.Classify(new DeploymentStatus(status)).ShouldBe(state);

    [Fact]
    public void Only_one_status_is_success()
    {
        var statuses = typeof(DeploymentStatus)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(DeploymentStatus))
            .Select(field => (DeploymentStatus)field.GetValue(null)!);

        statuses.Where(status => IonStatuses.Classify(status) == IonState.Succeeded).ShouldBe([DeploymentStatus.Succeeded]);
    }

    [Theory]
    [InlineData("RUNNING", IonState.Running)]
    [InlineData("PENDING_REDRIVE", IonState.Running)]
    [InlineData("SUCCEEDED", IonState.Succeeded)]
    [InlineData("FAILED", IonState.Failed)]
    [InlineData("TIMED_OUT", IonState.Failed)]
    [InlineData("ABORTED", IonState.Failed)]
    [InlineData("SOMETHING_NEW", IonState.Running)]
    public void A_status_says_what_is_known_of_the_execution(string status, IonState state) =>
        IonStatuses.Classify(new ExecutionStatus(status)).ShouldBe(state);
}
