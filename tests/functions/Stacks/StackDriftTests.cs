using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackDriftTests
{
    private readonly AskedCloudFormation _asked = new(StackStatus.UPDATE_COMPLETE);
    private readonly Dictionary<string, string> _detections = [];
    private readonly List<string> _detected = [];
    private readonly List<StackResourceDrift> _drifts = [];
    private readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal)
    {
        [AskedCloudFormation.StackId] = """
            Parameters:
              Key: { Type: String, NoEcho: true }
              Mode: { Type: String }
            Resources:
              Function: { Type: AWS::Lambda::Function, Properties: { Timeout: 30, Description: old } }
              Table: { Type: AWS::SNS::Topic, Properties: { } }
              Given:
                Type: AWS::SSM::Parameter
                Properties:
                  Value: !Ref Key
                  Description: !Sub "made of ${Mode} and ${Key}"
                  Name: !Sub "${Mode}"
                  Tags: [ { Key: key, Value: !If [ Never, plain, !Ref Key ] } ]
              Child:
                Type: AWS::CloudFormation::Stack
                Properties: { TemplateURL: "x", Parameters: { Password: !Ref Key, Mode: !Ref Mode } }
            """,
        ["arn:child"] = """
            Parameters:
              Password: { Type: String }
              Mode: { Type: String }
            Resources:
              Inner:
                Type: AWS::SSM::Parameter
                Properties: { Value: !Ref Password, Description: !Ref Mode }
            """,
    };
    private StackDriftDetectionStatus _status = StackDriftDetectionStatus.DETECTION_COMPLETE;
    private string? _reason;
    private AmazonCloudFormationException? _refusal;
    private AmazonCloudFormationException? _unanswered;

    public StackDriftTests()
    {
        _asked
            .Client.DetectStackDriftAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                if (_refusal is not null)
                {
                    throw _refusal;
                }

                _detected.Add(call.Arg<DetectStackDriftRequest>().StackName);
                return new DetectStackDriftResponse { StackDriftDetectionId = $"detection-{_detected.Count}" };
            });
        _asked
            .Client.DescribeStackDriftDetectionStatusAsync(default!, default)
            .ReturnsForAnyArgs(_ => new DescribeStackDriftDetectionStatusResponse
            {
                DetectionStatus = _status,
                DetectionStatusReason = _reason,
            });
        _asked
            .Client.DescribeStackResourceDriftsAsync(default!, default)
            .ReturnsForAnyArgs(_ =>
                _unanswered is null ? new DescribeStackResourceDriftsResponse { StackResourceDrifts = _drifts } : throw _unanswered
            );
        _asked
            .Client.GetTemplateAsync(default!, default)
            .ReturnsForAnyArgs(call =>
                _templates.GetValueOrDefault(call.Arg<GetTemplateRequest>().StackName) is { } template
                    ? new GetTemplateResponse { TemplateBody = template }
                    : throw Refusal($"Stack with id {call.Arg<GetTemplateRequest>().StackName} does not exist")
            );
    }

    [Fact]
    public async Task A_detection_that_runs_is_looked_at_again_and_not_begun_again()
    {
        _status = StackDriftDetectionStatus.DETECTION_IN_PROGRESS;
        (await Should.ThrowAsync<NotYetException>(Look)).Message.ShouldBe($"drift of stack {StackBench.StackName} is being detected");
        await Should.ThrowAsync<NotYetException>(Look);
        _status = StackDriftDetectionStatus.DETECTION_COMPLETE;

        (await Look()).ShouldBeEmpty();
        _detected.ShouldBe([AskedCloudFormation.StackId]);
    }

    [Fact]
    public async Task One_that_somebody_else_has_begun_is_waited_for()
    {
        _refusal = Refusal($"Drift detection is already in progress for stack [{AskedCloudFormation.StackId}]");

        await Should.ThrowAsync<NotYetException>(Look);
        _detections.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_CloudFormation_does_not_answer_could_not_be_checked()
    {
        _unanswered = Refusal("The response contains control characters or otherwise invalid characters");

        var found = (await Look()).ShouldHaveSingleItem();

        found.HasDrifted.ShouldBeFalse();
        found.Sentences.ShouldBe([
            $"the stack (AWS::CloudFormation::Stack) of stack {StackBench.StackName} could not be checked for changes by hand: "
                + "The response contains control characters or otherwise invalid characters",
        ]);
    }

    [Fact]
    public async Task A_stack_that_is_being_updated_is_waited_for()
    {
        _asked.Stack.StackStatus = StackStatus.UPDATE_IN_PROGRESS;

        await Should.ThrowAsync<NotYetException>(Look);
        _detected.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stack_whose_state_does_not_permit_it_is_named_with_the_reason()
    {
        _refusal = Refusal("Drift detection operation can not be performed on stack in state: ROLLBACK_COMPLETE");

        var found = (await Look()).ShouldHaveSingleItem();
        found.HasDrifted.ShouldBeFalse();
        found.Sentences.ShouldHaveSingleItem().ShouldContain("could not be checked for changes by hand: Drift detection operation can not");
    }

    [Fact]
    public async Task A_resource_that_may_not_be_read_is_named_and_has_not_drifted()
    {
        _status = StackDriftDetectionStatus.DETECTION_FAILED;
        _drifts.Add(Drift("Mode", StackResourceDriftStatus.UNKNOWN) with { Reason = "not authorized" });

        var found = (await Look()).ShouldHaveSingleItem();
        (found.Resource, found.Drift, found.Reason, found.HasDrifted).ShouldBe(("Mode", "unknown", "not authorized", false));
    }

    [Fact]
    public async Task A_detection_that_failed_without_a_resource_to_blame_is_no_stack_in_sync()
    {
        _status = StackDriftDetectionStatus.DETECTION_FAILED;
        _reason = "something";

        (await Look()).ShouldHaveSingleItem().Reason.ShouldBe("something");
    }

    [Fact]
    public async Task What_was_changed_added_removed_and_deleted_is_shown_and_what_may_be_secret_is_not()
    {
        _drifts.Add(
            Drift(
                "Function",
                StackResourceDriftStatus.MODIFIED,
                ("/Timeout", "30", "60", DifferenceType.NOT_EQUAL),
                ("/Layers/0", "", "arn:layer", DifferenceType.ADD),
                ("/Description", "old", "", DifferenceType.REMOVE),
                ("/Environment/Variables/MODE", "a", "b", DifferenceType.NOT_EQUAL),
                ("/MasterUserPassword", "a", "b", DifferenceType.NOT_EQUAL)
            )
        );
        _drifts.Add(Drift("Table", StackResourceDriftStatus.DELETED));

        var found = await Look();
        found[0]
            .Properties.Select(property => property.ToString())
            .ShouldBe([
                "/Timeout: 30 → 60",
                "/Layers/0: (not there) → arn:layer",
                "/Description: old → (not there)",
                "/Environment/Variables/MODE: **** → ****",
                "/MasterUserPassword: **** → ****",
            ]);
        found[1].Sentences.ShouldBe([$"Table (AWS::SNS::Topic) of stack {StackBench.StackName} was deleted by hand"]);
    }

    [Fact]
    public async Task What_is_made_of_a_secret_parameter_is_not_shown_whatever_it_was_given_before()
    {
        _drifts.Add(
            Drift(
                "Given",
                StackResourceDriftStatus.MODIFIED,
                ("/Value", "given-before", "by-hand", DifferenceType.NOT_EQUAL),
                ("/Description", "made of a and given-before", "by-hand", DifferenceType.NOT_EQUAL),
                ("/Name", "a", "b", DifferenceType.NOT_EQUAL),
                ("/Tags/0/Value", "given-before", "by-hand", DifferenceType.NOT_EQUAL)
            )
        );

        (await Look())[0]
            .Properties.Select(property => property.ToString())
            .ShouldBe(["/Value: **** → ****", "/Description: **** → ****", "/Name: a → b", "/Tags/0/Value: **** → ****"]);
    }

    [Fact]
    public async Task What_a_nested_stack_makes_of_a_secret_that_it_is_given_is_not_shown()
    {
        Nest();
        _drifts.Add(
            Drift(
                "Inner",
                StackResourceDriftStatus.MODIFIED,
                ("/Value", "given-before", "by-hand", DifferenceType.NOT_EQUAL),
                ("/Description", "a", "b", DifferenceType.NOT_EQUAL)
            )
        );

        (await Look())
            .Single(found => found.Stack.EndsWith("/Child", StringComparison.Ordinal))
            .Properties.Select(property => property.ToString())
            .ShouldBe(["/Value: **** → ****", "/Description: a → b"]);
    }

    [Fact]
    public async Task Nothing_of_a_stack_is_shown_whose_template_cannot_be_read()
    {
        _templates.Clear();
        _drifts.Add(Drift("Function", StackResourceDriftStatus.MODIFIED, ("/Timeout", "30", "60", DifferenceType.NOT_EQUAL)));

        (await Look())[0].Properties.ShouldHaveSingleItem().ToString().ShouldBe("/Timeout: **** → ****");
    }

    [Fact]
    public async Task Nested_stacks_are_detected_by_themselves()
    {
        Nest();
        _drifts.Add(Drift("Table", StackResourceDriftStatus.DELETED));

        (await Look()).Select(found => found.Stack).ShouldBe([StackBench.StackName, $"{StackBench.StackName}/Child"]);
        _detected.ShouldBe([AskedCloudFormation.StackId, "arn:child"]);
    }

    private void Nest()
    {
        _asked.Resources.Add(
            new StackResourceSummary
            {
                LogicalResourceId = "Child",
                PhysicalResourceId = "arn:child",
                ResourceType = "AWS::CloudFormation::Stack",
            }
        );
        _asked
            .Client.ListStackResourcesAsync(Arg.Is<ListStackResourcesRequest>(asked => asked.StackName == "arn:child"), default)
            .ReturnsForAnyArgs(call => new ListStackResourcesResponse
            {
                StackResourceSummaries = call.Arg<ListStackResourcesRequest>().StackName == "arn:child" ? [] : _asked.Resources,
            });
    }

    private static AmazonCloudFormationException Refusal(string message) => new(message) { ErrorCode = "ValidationError" };

    private static FoundDrift Drift(
        string resource,
        StackResourceDriftStatus status,
        params (string Path, string Expected, string Actual, DifferenceType Type)[] differences
    ) => new(resource, status, differences);

    private async Task<IReadOnlyList<DriftedResource>> Look()
    {
        await using var bench = new StackBench(await Desk.Open(), _asked.Client);
        return await bench.Enter(run => new StackDrift(bench.Desk.Settings).Find(run, _detections));
    }

    private sealed record FoundDrift(
        string Resource,
        StackResourceDriftStatus Status,
        (string Path, string Expected, string Actual, DifferenceType Type)[] Differences
    )
    {
        public string? Reason { get; init; }

        public static implicit operator StackResourceDrift(FoundDrift drift) =>
            new()
            {
                LogicalResourceId = drift.Resource,
                ResourceType = "AWS::SNS::Topic",
                StackResourceDriftStatus = drift.Status,
                DriftStatusReason = drift.Reason,
                PropertyDifferences =
                [
                    .. drift.Differences.Select(difference => new PropertyDifference
                    {
                        PropertyPath = difference.Path,
                        ExpectedValue = difference.Expected,
                        ActualValue = difference.Actual,
                        DifferenceType = difference.Type,
                    }),
                ],
            };
    }
}
