using Amazon.CloudFormation;
using Amazon.CloudWatchLogs;
using Amazon.CodeDeploy;
using Amazon.EventBridge;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.StepFunctions;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Tagging;
using static Deployer.Rehearsal.Tests.Wire.StaleBySeed;
using Tag = Amazon.S3.Model.Tag;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>Tags that were just written are found late, whatever has them.</summary>
public sealed class EventualTagsTests
{
    private const string Stack = "the resource of a stack";

    private static readonly Dictionary<string, string> Team = new() { ["team"] = "inventory" };

    /// <summary>What has tags, and what gives its tags to the Resource Groups Tagging API here.</summary>
    private static readonly Dictionary<string, (string Source, Func<TestActor, Task> Write)> Tagged = new()
    {
        ["a bucket"] = ("BucketTags", WriteBucket),
        ["a deployment group"] = ("DeployGroups", WriteGroup),
        ["a function"] = ("LambdaService", WriteFunction),
        ["a log group"] = ("LogStore", WriteLogGroup),
        ["a rule"] = ("RuleTags", WriteRule),
        ["a state machine"] = ("StateMachines", WriteMachine),
        [Stack] = ("CloudFormationService", WriteStack),
    };

    public static TheoryData<string> Kinds => [.. Tagged.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Tags_are_not_found_yet(string kind) =>
        IsStaleBySeed(
            async actor =>
            {
                var tagging = actor.Client(
                    new AmazonResourceGroupsTaggingAPIConfig(),
                    (keys, config) => new AmazonResourceGroupsTaggingAPIClient(keys, config)
                );
                await Tagged[kind].Write(actor);
                var key = kind == Stack ? "aws:cloudformation:stack-name" : "team";
                return async () =>
                    (await tagging.GetResourcesAsync(new GetResourcesRequest { TagFilters = [new TagFilter { Key = key }] }))
                        .ResourceTagMappingList
                        .Count == 1;
            },
            prepare: Prepare
        );

    [Fact]
    public async Task Nothing_else_gives_tags()
    {
        await using var aws = await TestAws.StartAll();
        aws.Service<IEnumerable<ITagSource>>()
            .Select(source => source.GetType().Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Tagged.Values.Select(one => one.Source).Order(StringComparer.Ordinal));
    }

    private static async Task Prepare(TestActor administrator)
    {
        await CreateMachine(administrator);
        var lambda = administrator.Client(new AmazonLambdaConfig(), (keys, config) => new AmazonLambdaClient(keys, config));
        await lambda.CreateFunctionAsync(
            new()
            {
                FunctionName = "function",
                Role = MachineRole,
                Runtime = "provided.al2023",
                Handler = "bootstrap",
                Code = new() { ZipFile = new MemoryStream("zip"u8.ToArray()) },
            }
        );
        var stacks = administrator.Client(new AmazonCloudFormationConfig(), (keys, config) => new AmazonCloudFormationClient(keys, config));
        await stacks.CreateStackAsync(
            new()
            {
                StackName = "stack",
                TemplateBody = """
                {"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/a","Type":"String","Value":"b"} } } }
                """,
            }
        );
    }

    private static async Task WriteBucket(TestActor actor)
    {
        var s3 = actor.Client(new AmazonS3Config { ForcePathStyle = true }, (keys, config) => new AmazonS3Client(keys, config));
        await s3.PutBucketAsync("bucket");
        await s3.PutBucketTaggingAsync(
            new PutBucketTaggingRequest { BucketName = "bucket", TagSet = [new Tag { Key = "team", Value = "inventory" }] }
        );
    }

    private static async Task WriteGroup(TestActor actor)
    {
        var deploy = actor.Client(new AmazonCodeDeployConfig(), (keys, config) => new AmazonCodeDeployClient(keys, config));
        await deploy.CreateApplicationAsync(new() { ApplicationName = "application" });
        await deploy.CreateDeploymentGroupAsync(
            new()
            {
                ApplicationName = "application",
                DeploymentGroupName = "group",
                ServiceRoleArn = MachineRole,
                Tags = [new() { Key = "team", Value = "inventory" }],
            }
        );
    }

    private static async Task WriteFunction(TestActor actor)
    {
        var lambda = actor.Client(new AmazonLambdaConfig(), (keys, config) => new AmazonLambdaClient(keys, config));
        await lambda.TagResourceAsync(new() { Resource = $"arn:aws:lambda:us-east-1:{Account}:function:function", Tags = Team });
    }

    private static async Task WriteLogGroup(TestActor actor)
    {
        var logs = actor.Client(new AmazonCloudWatchLogsConfig(), (keys, config) => new AmazonCloudWatchLogsClient(keys, config));
        await logs.CreateLogGroupAsync(new() { LogGroupName = "/group", Tags = Team });
    }

    private static async Task WriteRule(TestActor actor)
    {
        var events = actor.Client(new AmazonEventBridgeConfig(), (keys, config) => new AmazonEventBridgeClient(keys, config));
        await events.PutRuleAsync(
            new()
            {
                Name = "rule",
                EventPattern = """{"source":["aws.cloudformation"]}""",
                Tags = [new() { Key = "team", Value = "inventory" }],
            }
        );
    }

    private static async Task WriteMachine(TestActor actor)
    {
        var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
        await states.TagResourceAsync(new() { ResourceArn = MachineArn, Tags = [new() { Key = "team", Value = "inventory" }] });
    }

    /// <summary>As CloudFormation notes a function that it has made.</summary>
    private static Task WriteStack(TestActor actor) =>
        actor.World.Do(() =>
        {
            var stacks = new StackTable(actor.World);
            var stack = stacks.Find(Account, "us-east-1", "stack")!;
            stack.Resources["Function"] = new ResourceRecord("Function", "AWS::Lambda::Function")
            {
                Attributes = { ["Arn"] = $"arn:aws:lambda:us-east-1:{Account}:function:function" },
            };
            stacks.Put(stack);
        });
}
