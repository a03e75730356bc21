using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.EventBridge;
using Amazon.Lambda;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.StepFunctions;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.S3;
using static Deployer.Rehearsal.Tests.Wire.StaleBySeed;
using KeyType = Amazon.DynamoDBv2.KeyType;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>
/// Roles and policies that were just made do not count yet, whichever service judges by them
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
/// </summary>
public sealed class EventualPoliciesTests
{
    private const string Function = $"arn:aws:lambda:us-east-1:{Account}:function:function";

    /// <summary>A permission, and a request that needs it and may be made twice.</summary>
    private static readonly Dictionary<string, Func<TestActor, Task>> Requests = new()
    {
        ["ssm:GetParameters"] = actor => Ssm(actor).GetParametersAsync(new GetParametersRequest { Names = ["/a"] }),
        ["s3:PutObject"] = actor =>
            S3(actor)
                .PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = "bucket",
                        Key = "key",
                        ContentBody = "content",
                    }
                ),
        ["s3:ListAllMyBuckets"] = actor => S3(actor).ListBucketsAsync(),
        ["dynamodb:PutItem"] = actor => DynamoDB(actor).PutItemAsync("table", new() { ["pk"] = new AttributeValue("a") }),
        ["dynamodb:ListTables"] = actor => DynamoDB(actor).ListTablesAsync(),
        ["lambda:InvokeFunction"] = actor =>
            Lambda(actor).InvokeAsync(new() { FunctionName = "function", InvocationType = InvocationType.DryRun }),
    };

    /// <summary>A request that hands over a role and may be made twice.</summary>
    private static readonly Dictionary<string, Func<TestActor, string, Task>> Passing = new()
    {
        ["events:PutRule"] = (actor, role) =>
            Events(actor)
                .PutRuleAsync(
                    new()
                    {
                        Name = "rule",
                        EventPattern = """{"source":["aws.cloudformation"]}""",
                        RoleArn = role,
                    }
                ),
        ["lambda:UpdateFunctionConfiguration"] = (actor, role) =>
            Lambda(actor).UpdateFunctionConfigurationAsync(new() { FunctionName = "function", Role = role }),
        ["states:UpdateStateMachine"] = (actor, role) =>
            actor
                .Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config))
                .UpdateStateMachineAsync(new() { StateMachineArn = MachineArn, RoleArn = role }),
    };

    public static TheoryData<string> Actions => [.. Requests.Keys];

    public static TheoryData<string> PassingActions => [.. Passing.Keys];

    [Theory]
    [MemberData(nameof(Actions))]
    public Task A_policy_that_was_just_made_does_not_count_yet(string action) =>
        IsStaleBySeed(
            async actor =>
            {
                await Allow(actor, action);
                return () => Succeeds(() => Requests[action](actor));
            },
            prepare: Prepare,
            statements: """{"Effect":"Allow","Action":"sts:*","Resource":"*"}"""
        );

    [Theory]
    [MemberData(nameof(PassingActions))]
    public Task A_policy_for_passing_a_role_does_not_count_yet(string action) =>
        IsStaleBySeed(
            async actor =>
            {
                await Allow(actor, "iam:PassRole");
                return () => Succeeds(() => Passing[action](actor, $"arn:aws:iam::{Account}:role/another"));
            },
            prepare: async administrator =>
            {
                await Prepare(administrator);
                await administrator.World.Do(() => new Roles(administrator.World).Create(NewRole("another")));
            },
            statements: $$"""{"Effect":"Allow","Action":["{{action}}","lambda:GetFunction*"],"Resource":"*"}"""
        );

    [Theory]
    [MemberData(nameof(PassingActions))]
    public Task A_role_that_was_just_made_cannot_be_passed_yet(string action) =>
        IsStaleBySeed(
            async actor =>
            {
                await actor.World.Do(() => new Roles(actor.World).Create(NewRole("another")));
                return () => Succeeds(() => Passing[action](actor, $"arn:aws:iam::{Account}:role/another"));
            },
            prepare: Prepare
        );

    private static async Task Prepare(TestActor administrator)
    {
        await CreateMachine(administrator);
        await administrator.World.Do(() =>
            new Buckets(administrator.World).Create(
                new Bucket
                {
                    Name = "bucket",
                    Account = Account,
                    Region = "us-east-1",
                }
            )
        );
        await Lambda(administrator)
            .CreateFunctionAsync(
                new()
                {
                    FunctionName = "function",
                    Role = MachineRole,
                    Runtime = "provided.al2023",
                    Handler = "bootstrap",
                    Code = new() { ZipFile = new MemoryStream("zip"u8.ToArray()) },
                }
            );
        await administrator.Until(async () =>
            (await Lambda(administrator).GetFunctionAsync(new Amazon.Lambda.Model.GetFunctionRequest { FunctionName = Function }))
                .Configuration
                .State == State.Active
        );
        await DynamoDB(administrator)
            .CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = "table",
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [new AttributeDefinition("pk", ScalarAttributeType.S)],
                    KeySchema = [new KeySchemaElement("pk", KeyType.HASH)],
                }
            );
    }

    private static Task Allow(TestActor actor, string action) =>
        actor.World.Do(() =>
            new Roles(actor.World).PutInlinePolicy(
                Account,
                TestActor.Role,
                "new",
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}"""
            )
        );

    /// <summary>Whether a request was not refused for want of a permission or of a role.</summary>
    private static async Task<bool> Succeeds(Func<Task> request)
    {
        try
        {
            await request();
            return true;
        }
        catch (AmazonServiceException refused)
            when (refused.ErrorCode is "AccessDenied" or "AccessDeniedException" or "NoSuchEntity"
                || refused.StatusCode == HttpStatusCode.Forbidden
            )
        {
            return false;
        }
    }

    private static AmazonSimpleSystemsManagementClient Ssm(TestActor actor) =>
        actor.Client(new AmazonSimpleSystemsManagementConfig(), (keys, config) => new AmazonSimpleSystemsManagementClient(keys, config));

    private static AmazonS3Client S3(TestActor actor) =>
        actor.Client(new AmazonS3Config { ForcePathStyle = true }, (keys, config) => new AmazonS3Client(keys, config));

    private static AmazonDynamoDBClient DynamoDB(TestActor actor) =>
        actor.Client(new AmazonDynamoDBConfig(), (keys, config) => new AmazonDynamoDBClient(keys, config));

    private static AmazonLambdaClient Lambda(TestActor actor) =>
        actor.Client(new AmazonLambdaConfig(), (keys, config) => new AmazonLambdaClient(keys, config));

    private static AmazonEventBridgeClient Events(TestActor actor) =>
        actor.Client(new AmazonEventBridgeConfig(), (keys, config) => new AmazonEventBridgeClient(keys, config));
}
