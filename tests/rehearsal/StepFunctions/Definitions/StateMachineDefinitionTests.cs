using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.Tests.StepFunctions.Definitions;

public sealed class StateMachineDefinitionTests
{
    [Fact]
    public void All_faults_are_reported_together()
    {
        var faults = StateMachineDefinition.Validate(
            """
            { "StartAt": "A", "States": {
              "A": { "Type": "Task", "Resource": "nothing", "Next": "B" },
              "B": { "Type": "Pass", "Parameters": { "x.$": "no path" }, "Next": "Gone" },
              "C": { "Type": "Wait", "Seconds": 1, "Timestamp": "2040-01-01T00:00:00Z", "End": true } } }
            """
        );

        faults.Select(f => f.Location).ShouldBe(["/States/A/Resource", "/States/B/Parameters", "/States/C", "/States/B/Next"]);
    }

    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html</summary>
    [Theory]
    [InlineData("""{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 99999999999, "End": true } } }""", "/States/A/Seconds")]
    [InlineData("""{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": -1, "End": true } } }""", "/States/A/Seconds")]
    [InlineData("""{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 99999999, "End": true } } }""", null)]
    [InlineData(
        """
            { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 100000000,
              "Arguments": {}, "End": true } }, "QueryLanguage": "JSONata" }
            """,
        "/States/A/TimeoutSeconds"
    )]
    [InlineData("""{ "StartAt": "A", "TimeoutSeconds": 1e30, "States": { "A": { "Type": "Succeed" } } }""", "/TimeoutSeconds")]
    public void A_time_that_is_no_number_of_seconds_is_refused(string definition, string? location) =>
        StateMachineDefinition.Validate(definition).Select(fault => fault.Location).ShouldBe(location is null ? [] : [location]);

    [Fact]
    public void A_fault_inside_a_branch_names_its_place() =>
        StateMachineDefinition
            .Validate(
                """
                { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
                  { "StartAt": "X", "States": { "X": { "Type": "Pass", "End": true } } },
                  { "StartAt": "Y", "States": { "Y": { "Type": "Pass" } } } ] } } }
                """
            )
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/P/Branches[1]/States/Y");

    [Fact]
    public void The_deployments_own_machine_is_valid()
    {
        var text = File.ReadAllText(Repository.At("statemachines/deploy.asl.json"));

        StateMachineDefinition.Validate(text).ShouldBeEmpty();
        StateMachineDefinition.Parse(text).AllStates().OfType<TaskState>().ShouldAllBe(t => t.Resource.Type == "lambda");
    }

    [Theory]
    [InlineData(
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        TaskKind.Service,
        TaskPattern.WaitForTaskToken,
        "lambda",
        "invoke.waitForTaskToken"
    )]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", TaskKind.Service, TaskPattern.RunJob, "states", "startExecution.sync:2")]
    [InlineData("arn:aws:states:::aws-sdk:ec2:describeVpcs", TaskKind.Service, TaskPattern.RequestResponse, "aws-sdk:ec2", "describeVpcs")]
    [InlineData(
        "arn:aws:lambda:us-east-1:111111111111:function:f:live",
        TaskKind.Lambda,
        TaskPattern.RequestResponse,
        "lambda",
        "arn:aws:lambda:us-east-1:111111111111:function:f:live"
    )]
    public void A_resource_says_how_it_is_called(string arn, TaskKind kind, TaskPattern pattern, string type, string name)
    {
        var resource = TaskResource.Parse(arn).ShouldNotBeNull();
        (resource.Kind, resource.Pattern, resource.Type, resource.Name).ShouldBe((kind, pattern, type, name));
    }
}
