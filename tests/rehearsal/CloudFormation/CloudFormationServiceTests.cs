using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.CloudFormation;

/// <summary>The typed client against the simulated CloudFormation.</summary>
public sealed class CloudFormationServiceTests
{
    private const string Body = """
        Description: a topic
        Parameters:
          Name: { Type: String, Default: one, AllowedValues: [one, two] }
          Secret: { Type: String, Default: hush, NoEcho: true }
        Resources:
          Topic: { Type: AWS::SNS::Topic, Metadata: { Reason: why }, Properties: { TopicName: !Ref Name, DisplayName: !Ref Secret } }
        Outputs:
          Topic: { Value: !Ref Topic, Description: its ARN, Export: { Name: shared-topic } }
        """;

    [Fact]
    public async Task A_change_set_goes_from_review_to_a_described_stack()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        var created = await client.CreateChangeSetAsync(
            new CreateChangeSetRequest
            {
                StackName = "inventory",
                ChangeSetName = "first",
                ChangeSetType = ChangeSetType.CREATE,
                TemplateBody = Body,
                Tags = [new Tag { Key = "team", Value = "core" }],
            }
        );
        var described = await Until(
            aws,
            () => client.DescribeChangeSetAsync(new DescribeChangeSetRequest { ChangeSetName = created.Id }),
            set => set.Status == ChangeSetStatus.CREATE_COMPLETE
        );

        described.ExecutionStatus.ShouldBe(ExecutionStatus.AVAILABLE);
        var change = described.Changes.Single().ResourceChange;
        (change.Action, change.LogicalResourceId, change.ResourceType).ShouldBe((ChangeAction.Add, "Topic", "AWS::SNS::Topic"));
        (await Stack(client)).StackStatus.ShouldBe(StackStatus.REVIEW_IN_PROGRESS);

        await client.ExecuteChangeSetAsync(new ExecuteChangeSetRequest { ChangeSetName = created.Id, ClientRequestToken = "run-1" });
        var stack = await Until(aws, () => Stack(client), s => s.StackStatus == StackStatus.CREATE_COMPLETE);

        stack.StackId.ShouldBe(created.StackId);
        stack.Description.ShouldBe("a topic");
        stack.Parameters.Select(p => (p.ParameterKey, p.ParameterValue)).ShouldBe([("Name", "one"), ("Secret", "****")]);
        stack.Outputs.Single().OutputValue.ShouldBe($"arn:aws:sns:us-east-1:{TestAws.Prod}:one");
        stack.Tags.Single().Value.ShouldBe("core");
        stack.LastOperations.Single().OperationType.ShouldBe(OperationType.CREATE_STACK);
        (await client.ListExportsAsync(new ListExportsRequest())).Exports.Single().ExportingStackId.ShouldBe(stack.StackId);
        (await client.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = "inventory" }))
            .StackResources.Single()
            .ResourceStatus.ShouldBe(ResourceStatus.CREATE_COMPLETE);
        (
            await client.DescribeStackResourceAsync(
                new DescribeStackResourceRequest { StackName = "inventory", LogicalResourceId = "Topic" }
            )
        ).StackResourceDetail.Metadata.ShouldBe("""{"Reason":"why"}""");
        (await client.GetTemplateAsync(new GetTemplateRequest { StackName = "inventory" })).TemplateBody.ShouldBe(Body);
        var events = (await client.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = "inventory" })).StackEvents;
        events
            .Select(e => (e.LogicalResourceId, e.ResourceStatus.Value))
            .ShouldBe([
                ("inventory", "CREATE_COMPLETE"),
                ("Topic", "CREATE_COMPLETE"),
                ("Topic", "CREATE_IN_PROGRESS"),
                ("Topic", "CREATE_IN_PROGRESS"),
                ("inventory", "CREATE_IN_PROGRESS"),
                ("inventory", "REVIEW_IN_PROGRESS"),
            ]);
        events.Take(5).ShouldAllBe(e => e.ClientRequestToken == "run-1");
        var operation = (
            await client.DescribeEventsAsync(new DescribeEventsRequest { OperationId = stack.LastOperations.Single().OperationId })
        ).OperationEvents;
        operation.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_deleted_stack_is_read_by_its_id_alone()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        var id = (await client.CreateStackAsync(new CreateStackRequest { StackName = "inventory", TemplateBody = Body })).StackId;
        await Until(aws, () => Stack(client), s => s.StackStatus == StackStatus.CREATE_COMPLETE);

        await client.DeleteStackAsync(new DeleteStackRequest { StackName = "inventory" });
        var stack = await Until(aws, () => Stack(client, id), s => s.StackStatus == StackStatus.DELETE_COMPLETE);

        stack.DeletionTime.ShouldNotBeNull();
        (await Error(() => Stack(client))).ShouldBe(("ValidationError", "Stack with id inventory does not exist"));
        (await client.ListStacksAsync(new ListStacksRequest { StackStatusFilter = [StackStatus.DELETE_COMPLETE] }))
            .StackSummaries.Single()
            .StackId.ShouldBe(id);
    }

    [Fact]
    public async Task A_template_is_summed_up_without_a_stack()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        const string Serverless =
            "Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: "
            + "s3://a/b } } }";

        var summary = await client.GetTemplateSummaryAsync(new GetTemplateSummaryRequest { TemplateBody = Serverless });
        var valid = await client.ValidateTemplateAsync(new ValidateTemplateRequest { TemplateBody = Body });

        summary.Capabilities.ShouldBe([Capability.CAPABILITY_IAM]);
        summary.DeclaredTransforms.ShouldBe(["AWS::Serverless-2016-10-31"]);
        summary.ResourceTypes.ShouldBe(["AWS::Serverless::Function"]);
        valid.Parameters.Select(p => p.ParameterKey).ShouldBe(["Name", "Secret"]);
        (await Error(() => client.ValidateTemplateAsync(new ValidateTemplateRequest { TemplateBody = "{}" }))).Message.ShouldBe(
            "Template format error: At least one Resources member must be defined."
        );
    }

    [Fact]
    public async Task Modelled_errors_arrive_as_their_exceptions()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        await client.CreateStackAsync(new CreateStackRequest { StackName = "inventory", TemplateBody = Body });

        await Should.ThrowAsync<AlreadyExistsException>(() =>
            client.CreateStackAsync(new CreateStackRequest { StackName = "inventory", TemplateBody = Body })
        );
        await Should.ThrowAsync<ChangeSetNotFoundException>(() =>
            client.DescribeChangeSetAsync(new DescribeChangeSetRequest { StackName = "inventory", ChangeSetName = "none" })
        );
        await Should.ThrowAsync<InsufficientCapabilitiesException>(() =>
            client.CreateStackAsync(
                new CreateStackRequest
                {
                    StackName = "other",
                    TemplateBody = "Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } } }",
                }
            )
        );
        (
            await Error(() =>
                client.CreateStackAsync(
                    new CreateStackRequest
                    {
                        StackName = "third",
                        TemplateBody = Body,
                        TimeoutInMinutes = 5,
                    }
                )
            )
        ).Message.ShouldBe("TimeoutInMinutes is not supported by the rehearsal.");
    }

    private static Task<TestAws> Start() => TestAws.StartAll(services => services.AddSingleton<IEventSource, NoEvents>());

    private static AmazonCloudFormationClient Client(TestAws aws) =>
        new(TestAws.Root(TestAws.Prod), aws.Configure(new AmazonCloudFormationConfig()));

    private static async Task<Stack> Stack(AmazonCloudFormationClient client, string name = "inventory") =>
        (await client.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks.Single();

    private static async Task<T> Until<T>(TestAws aws, Func<Task<T>> read, Func<T, bool> holds)
    {
        for (var second = 0; second < 300; second++)
        {
            if (await read() is var value && holds(value))
            {
                return value;
            }

            var before = aws.World.Now;
            await aws.World.RunUntil(() => aws.World.Now > before);
        }

        throw new TimeoutException("it never held");
    }

    private static async Task<(string Code, string Message)> Error<T>(Func<Task<T>> action)
    {
        var error = await Should.ThrowAsync<AmazonServiceException>(action);
        return (error.ErrorCode, error.Message);
    }
}
