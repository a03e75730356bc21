using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>
/// A CloudFormation with one stack, whose status a test decides and which nothing changes. What would change it is noted.
/// </summary>
internal sealed class AskedCloudFormation
{
    public const string StackId = $"arn:aws:cloudformation:us-east-1:{StackBench.Account}:stack/{StackBench.StackName}/one";

    public AskedCloudFormation(StackStatus status)
    {
        Stack = new Stack
        {
            StackId = StackId,
            StackName = StackBench.StackName,
            StackStatus = status,
            StackStatusReason = "it is said so",
        };
        Client = Substitute.For<IAmazonCloudFormation>();
        Client.DescribeStacksAsync(default!, default).ReturnsForAnyArgs(_ => new DescribeStacksResponse { Stacks = [Stack] });
        Client
            .DescribeStackEventsAsync(default!, default)
            .ReturnsForAnyArgs(_ => new DescribeStackEventsResponse { StackEvents = [.. Enumerable.Reverse(Events)] });
        Client
            .ListStackResourcesAsync(default!, default)
            .ReturnsForAnyArgs(_ => new ListStackResourcesResponse { StackResourceSummaries = Resources });
        Client.GetTemplateSummaryAsync(default(GetTemplateSummaryRequest)!, default).ReturnsForAnyArgs(new GetTemplateSummaryResponse());
        Client
            .DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                new DescribeChangeSetResponse { StackName = StackBench.StackName, Status = ChangeSetStatus.CREATE_IN_PROGRESS }
            );
        Client
            .CreateChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(call =>
                Record(
                    $"{call.Arg<CreateChangeSetRequest>().ChangeSetType} change set",
                    new CreateChangeSetResponse { Id = "arn:change-set" }
                )
            );
        Client
            .DeleteStackAsync(default!, default)
            .ReturnsForAnyArgs(call => Record($"delete {call.Arg<DeleteStackRequest>().StackName}", new DeleteStackResponse()));
        Client
            .RollbackStackAsync(default!, default)
            .ReturnsForAnyArgs(call => Record($"roll back {call.Arg<RollbackStackRequest>().StackName}", new RollbackStackResponse()));
        Client
            .ContinueUpdateRollbackAsync(default!, default)
            .ReturnsForAnyArgs(call =>
                Record($"continue {call.Arg<ContinueUpdateRollbackRequest>().StackName}", new ContinueUpdateRollbackResponse())
            );
    }

    public IAmazonCloudFormation Client { get; }

    public Stack Stack { get; }

    /// <summary>The stack's events, the oldest first.</summary>
    public List<StackEvent> Events { get; } = [];

    public List<StackResourceSummary> Resources { get; } = [];

    /// <summary>The requests that change something.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Adds an event of an operation.</summary>
    public void Happened(string token, string logicalId, ResourceStatus status, string? reason) =>
        Events.Add(
            new StackEvent
            {
                StackId = StackId,
                LogicalResourceId = logicalId,
                PhysicalResourceId = logicalId == StackBench.StackName ? StackId : $"{logicalId}-1",
                ResourceType = logicalId == StackBench.StackName ? "AWS::CloudFormation::Stack" : "AWS::SNS::Topic",
                ResourceStatus = status,
                ResourceStatusReason = reason,
                ClientRequestToken = token,
                Timestamp = new DateTime(2100, 1, 1, 0, 0, Events.Count, DateTimeKind.Utc),
            }
        );

    private T Record<T>(string change, T answer)
    {
        Changes.Add(change);
        return answer;
    }
}
