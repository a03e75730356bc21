using System.Text.Json;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using NSubstitute;

namespace Deployer.Functions.Tests.Steps;

public sealed class StepKindRegistryTests
{
    private static readonly StepKindRegistry BuiltIn = RegisteredKinds.BuiltIn(Substitute.For<IAws>());

    [Theory]
    [InlineData(
        "aws.cloudformation",
        """{"stack-id":"arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1","status-details":{"status":"UPDATE_COMPLETE"}}""",
        "arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1"
    )]
    [InlineData(
        "aws.codebuild",
        """{"build-id":"arn:aws:codebuild:us-east-1:222222222222:build/deployer-dev-ions:7a1b","build-status":"SUCCEEDED"}""",
        "deployer-dev-ions:7a1b"
    )]
    [InlineData(
        "aws.states",
        """{"executionArn":"arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1"}""",
        "arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1"
    )]
    [InlineData("aws.codedeploy", """{"deploymentId":"d-ABC","state":"SUCCESS"}""", "d-ABC")]
    [InlineData("aws.ecs", """{"deploymentId":"ecs-svc/7","eventName":"SERVICE_DEPLOYMENT_COMPLETED"}""", "ecs-svc/7")]
    [InlineData("aws.states", """{"status":"SUCCEEDED"}""", null)]
    [InlineData("aws.ec2", """{"instance-id":"i-1"}""", null)]
    [InlineData("aws.cloudformation", "[]", null)]
    [InlineData("aws.cloudformation", """{"stack-id":7}""", null)]
    public void An_event_names_what_it_is_about(string source, string detail, string? resource)
    {
        using var document = JsonDocument.Parse(detail);

        BuiltIn.ResourcesOf(new SettledEvent(source, document.RootElement)).ShouldBe(resource is null ? [] : [resource]);
    }

    [Theory]
    [InlineData("CREATE_COMPLETE", true)]
    [InlineData("UPDATE_ROLLBACK_COMPLETE", true)]
    [InlineData("DELETE_COMPLETE", true)]
    [InlineData("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", false)]
    [InlineData("REVIEW_IN_PROGRESS", false)]
    [InlineData("UPDATE_ROLLBACK_FAILED", false)]
    public void An_event_of_a_stack_says_whether_its_operation_has_ended(string status, bool isEnd)
    {
        using var document = JsonDocument.Parse($$$"""{"stack-id":"arn","status-details":{"status":"{{{status}}}"}}""");
        var happened = new SettledEvent("aws.cloudformation", document.RootElement);

        BuiltIn.WaitingTask("stack", "stack")!.Events.Any(source => source.SaysEnd(happened)).ShouldBe(isEnd);
        BuiltIn.WaitingTask("stack", "remove")!.Events.Any(source => source.SaysEnd(happened)).ShouldBe(isEnd);
    }

    /// <summary>https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html</summary>
    [Theory]
    [InlineData("IN_PROGRESS", false)]
    [InlineData("SUCCEEDED", true)]
    [InlineData("FAILED", true)]
    [InlineData("STOPPED", true)]
    public void An_event_of_a_build_says_whether_it_has_ended(string status, bool isEnd)
    {
        using var document = JsonDocument.Parse($$"""{"build-id":"arn:aws:codebuild:r:1:build/ions:1","build-status":"{{status}}"}""");
        var happened = new SettledEvent("aws.codebuild", document.RootElement);

        BuiltIn.WaitingTask("ions", "push")!.Events.Any(source => source.SaysEnd(happened)).ShouldBe(isEnd);
    }

    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html</summary>
    [Theory]
    [InlineData("RUNNING", false)]
    [InlineData("PENDING_REDRIVE", false)]
    [InlineData("SUCCEEDED", true)]
    [InlineData("FAILED", true)]
    [InlineData("TIMED_OUT", true)]
    [InlineData("ABORTED", true)]
    public void An_event_of_an_execution_says_whether_it_has_ended(string status, bool isEnd)
    {
        using var document = JsonDocument.Parse($$"""{"executionArn":"arn","status":"{{status}}"}""");
        var happened = new SettledEvent("aws.states", document.RootElement);

        BuiltIn.WaitingTask("ions", "deploy")!.Events.Any(source => source.SaysEnd(happened)).ShouldBe(isEnd);
    }

    /// <summary>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html: a task waits for the deployment that
    /// it has ECS make, by its id.
    /// </summary>
    [Theory]
    [InlineData("service", "deploy")]
    [InlineData("transactor", "standby")]
    [InlineData("transactor", "active")]
    public void An_event_of_a_deployment_of_a_service_is_about_what_a_task_waits_for(string kind, string task)
    {
        using var document = JsonDocument.Parse("""{"deploymentId":"ecs-svc/7","eventName":"SERVICE_DEPLOYMENT_COMPLETED"}""");
        var happened = new SettledEvent("aws.ecs", document.RootElement, Account: "111111111111", Region: "us-east-1");

        BuiltIn.WaitingTask(kind, task)!.Events.Select(source => source.ResourceOf(happened)).ShouldContain("ecs-svc/7");
    }

    [Theory]
    [InlineData("stack", "capacity")]
    [InlineData("ions", "deploy")]
    public void An_event_of_an_instance_is_about_the_group_that_a_task_waits_for(string kind, string task)
    {
        using var document = JsonDocument.Parse("""{"AutoScalingGroupName":"g","EC2InstanceId":"i-1"}""");
        var happened = new SettledEvent("aws.autoscaling", document.RootElement, Account: "111111111111", Region: "us-east-1");

        BuiltIn
            .WaitingTask(kind, task)!
            .Events.Select(source => source.ResourceOf(happened))
            .ShouldContain("Auto Scaling group 111111111111/us-east-1/g");
    }

    [Fact]
    public void An_event_without_a_detail_is_about_nothing() =>
        BuiltIn.ResourcesOf(new SettledEvent("aws.states", default)).ShouldBeEmpty();

    [Theory]
    [InlineData("stack", "stack", "remove", "capacity")]
    [InlineData("ions", "push", "deploy")]
    [InlineData("endpoint")]
    public void A_task_that_waits_is_found_by_the_kind_of_its_step(string kind, params string[] tasks)
    {
        var others = new[] { "stack", "remove", "capacity", "push", "deploy" }.Except(tasks);

        tasks.ShouldAllBe(task => BuiltIn.WaitingTask(kind, task)!.Task == task);
        others.ShouldAllBe(task => BuiltIn.WaitingTask(kind, task) == null);
    }

    [Fact]
    public void Two_tasks_of_one_kind_may_not_have_the_same_name()
    {
        var work = Substitute.For<IStepWork>();
        work.Task.Returns("deploy");
        var kind = Substitute.For<IStepKind>();
        kind.Key.Returns("queue");
        kind.WaitingTasks.Returns([work, work]);

        Should.Throw<ArgumentException>(() => new StepKindRegistry([kind])).Message.ShouldContain("(queue, deploy)");
    }
}
