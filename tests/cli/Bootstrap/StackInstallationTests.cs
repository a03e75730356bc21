using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Cli.Bootstrap;
using Deployer.Cli.Output;
using Deployer.Cli.Tests.Progress;
using NSubstitute;

namespace Deployer.Cli.Tests.Bootstrap;

/// <summary>Reads that are older than what was written, and change sets that others remove.</summary>
public sealed class StackInstallationTests : IDisposable
{
    private const string Id = "arn:aws:cloudformation:us-east-1:222222222222:stack/deployer-dev/1";

    private static readonly PreparedChange Change = new(Id, "change-set", IsNew: true, []);

    private readonly IAmazonCloudFormation _cloudFormation = Substitute.For<IAmazonCloudFormation>();
    private readonly Queue<StackStatus?> _stacks = [];
    private readonly List<StackEvent> _events = [];
    private readonly StackInstallation _installation;
    private string? _token;

    public StackInstallationTests()
    {
        _installation = new StackInstallation(_cloudFormation, TimeSpan.FromMilliseconds(1));
        _cloudFormation
            .ExecuteChangeSetAsync(Arg.Any<ExecuteChangeSetRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                _token = call.Arg<ExecuteChangeSetRequest>().ClientRequestToken;
                return new ExecuteChangeSetResponse();
            });
        _cloudFormation
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeStacksResponse
            {
                Stacks = (_stacks.Count > 1 ? _stacks.Dequeue() : _stacks.Peek()) is { } status
                    ?
                    [
                        new Stack
                        {
                            StackId = Id,
                            StackName = "deployer-dev",
                            StackStatus = status,
                        },
                    ]
                    : [],
            });
        _cloudFormation
            .DescribeStackEventsAsync(Arg.Any<DescribeStackEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeStackEventsResponse
            {
                StackEvents =
                [
                    .. _events.Select(happened => new StackEvent
                    {
                        StackId = Id,
                        PhysicalResourceId = Id,
                        ResourceStatus = happened.ResourceStatus,
                        ClientRequestToken = happened.ClientRequestToken ?? _token,
                    }),
                ],
            });
    }

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task A_stack_that_is_not_described_yet_is_waited_for_and_the_status_of_before_is_no_end()
    {
        foreach (
            var status in new[] { null, StackStatus.UPDATE_ROLLBACK_COMPLETE, StackStatus.UPDATE_IN_PROGRESS, StackStatus.UPDATE_COMPLETE }
        )
        {
            _stacks.Enqueue(status);
        }

        _events.Add(new StackEvent { ResourceStatus = ResourceStatus.UPDATE_ROLLBACK_COMPLETE, ClientRequestToken = "before" });
        _events.Add(new StackEvent { ResourceStatus = ResourceStatus.UPDATE_COMPLETE });

        var installed = await Execute();

        (installed.Stack.StackStatus, installed.Cause).ShouldBe((StackStatus.UPDATE_COMPLETE, null));
    }

    [Fact]
    public async Task A_stack_that_stays_away_is_gone()
    {
        _stacks.Enqueue(null);

        (await Should.ThrowAsync<DeploymentFailedException>(Execute)).Message.ShouldContain($"stack {Id} is gone");
    }

    [Fact]
    public async Task A_change_set_that_others_have_removed_is_a_sentence()
    {
        _cloudFormation
            .ExecuteChangeSetAsync(Arg.Any<ExecuteChangeSetRequest>(), Arg.Any<CancellationToken>())
            .Returns<ExecuteChangeSetResponse>(_ => throw new ChangeSetNotFoundException("ChangeSet [change-set] does not exist"));

        (await Should.ThrowAsync<DeploymentFailedException>(Execute)).Message.ShouldContain(
            "the change set of stack deployer-dev is gone, and this command has changed nothing: somebody has deleted it, or executed "
                + "another one, which deletes all others of the stack; run the command again"
        );
    }

    /// <summary>The answer to the first request was lost, and the SDK asks again.</summary>
    [Fact]
    public async Task A_change_set_that_is_gone_since_it_was_executed_is_waited_for()
    {
        _cloudFormation
            .ExecuteChangeSetAsync(Arg.Any<ExecuteChangeSetRequest>(), Arg.Any<CancellationToken>())
            .Returns<ExecuteChangeSetResponse>(call =>
            {
                _token = call.Arg<ExecuteChangeSetRequest>().ClientRequestToken;
                throw new ChangeSetNotFoundException("ChangeSet [change-set] does not exist");
            });
        _stacks.Enqueue(StackStatus.CREATE_COMPLETE);
        _events.Add(new StackEvent { ResourceStatus = ResourceStatus.CREATE_COMPLETE });

        (await Execute()).Cause.ShouldBeNull();
    }

    [Fact]
    public async Task A_change_set_that_is_not_described_yet_is_looked_for_again()
    {
        var asked = 0;
        _stacks.Enqueue(null);
        _cloudFormation
            .GetTemplateSummaryAsync(Arg.Any<GetTemplateSummaryRequest>(), Arg.Any<CancellationToken>())
            .Returns(new GetTemplateSummaryResponse { Parameters = [] });
        _cloudFormation
            .CreateChangeSetAsync(Arg.Any<CreateChangeSetRequest>(), Arg.Any<CancellationToken>())
            .Returns(new CreateChangeSetResponse { Id = "change-set", StackId = Id });
        _cloudFormation
            .DescribeChangeSetAsync(Arg.Any<DescribeChangeSetRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                asked++ < 2
                    ? throw new ChangeSetNotFoundException("ChangeSet [change-set] does not exist")
                    : new DescribeChangeSetResponse
                    {
                        StackId = Id,
                        StackName = "deployer-dev",
                        Status = ChangeSetStatus.CREATE_COMPLETE,
                        Changes = [],
                    }
            );

        var prepared = await _installation.Prepare(
            new StackOrder("deployer-dev", new PlacedTemplate("{}", null), new Dictionary<string, string>(), []),
            new RecordedProgress(),
            TestContext.Current.CancellationToken
        );

        prepared.ShouldNotBeNull().Stack.ShouldBe(Id);
        asked.ShouldBeGreaterThan(2);
    }

    private Task<InstalledStack> Execute() => _installation.Execute(Change, new RecordedProgress(), TestContext.Current.CancellationToken);
}
