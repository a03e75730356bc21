using System.Net;
using System.Reflection;
using System.Text.Json;
using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.EventBridge;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Tests.Lock;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Errors;

/// <summary>Whatever goes wrong behind a function, what leaves it is of the family.</summary>
public sealed class HandlersTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one";

    private const string Input = """
        {
          "deployment": "one", "step": "api", "batch": 0, "token": "token", "redriveCount": 0, "retryCount": 0,
          "execution": "EXECUTION",
          "request": { "service": "inventory", "target": "dev", "source": { "bucket": "bucket", "key": "key" } },
          "detail": { "executionArn": "EXECUTION", "status": "FAILED", "stack-id": "a" },
          "source": "aws.cloudformation", "account": "111111111111", "region": "us-east-1", "time": "2100-01-01T00:00:00Z",
          "CodePipeline.job": { "id": "job", "data": { "continuationToken": "EXECUTION" } }
        }
        """;

    // What an event calls source is a text.
    private const string InputOfCheck = """
        { "service": "inventory", "target": "dev", "source": { "bucket": "bucket", "key": "key" } }
        """;

    private const string InputOfNotify = """
        {
          "detail": {
            "version": "1", "id": "one/failed/0", "kind": "failed", "stage": "dev", "service": "inventory", "target": "dev",
            "title": "title", "text": "text", "verdict": "failed"
          }
        }
        """;

    private static readonly IReadOnlyList<MethodInfo> Handlers =
    [
        .. typeof(Startup)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<LambdaFunctionAttribute>() is not null),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var handler in Handlers)
            {
                cases.Add(handler.Name, nameof(AwsUnavailableException));
                cases.Add(handler.Name, nameof(AwsRefusedException));
                cases.Add(handler.Name, nameof(DeployerFaultException));
            }

            return cases;
        }
    }

    [Fact]
    public void All_functions_are_tested() => Handlers.Count.ShouldBeGreaterThanOrEqualTo(16);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_leaves_a_function_is_of_the_family(string handler, string error)
    {
        Exception thrown = error switch
        {
            nameof(AwsUnavailableException) => new HttpRequestException("connection reset"),
            nameof(AwsRefusedException) => new AmazonServiceException("no")
            {
                ErrorCode = "AccessDenied",
                StatusCode = HttpStatusCode.Forbidden,
            },
            _ => new NullReferenceException("oops"),
        };

        var failure = await Should.ThrowAsync<Exception>(() => Invoke(handler, new Broken(thrown), "table"));

        var known = failure.ShouldBeAssignableTo<DeployerException>()!;
        known.InnerException.ShouldBeNull();
        known.Error.ShouldBe(error);
    }

    /// <summary>Whoever settles the execution knows the cause from the record alone.</summary>
    [Theory]
    [InlineData("Begin")]
    [InlineData("Plan")]
    [InlineData("PrepareStack")]
    [InlineData("ResolveEndpoint")]
    [InlineData("Prove")]
    [InlineData("Finish")]
    [InlineData("BeginPlan")]
    [InlineData("PlanStep")]
    [InlineData("FinishPlan")]
    public async Task What_leaves_a_function_is_in_the_record_of_its_deployment(string handler)
    {
        await using var desk = await Desk.Open();
        await desk.Deployment("one");
        var refusal = new AmazonServiceException("User is not authorized")
        {
            ErrorCode = "AccessDenied",
            StatusCode = HttpStatusCode.Forbidden,
        };

        var failure = await Should.ThrowAsync<AwsRefusedException>(() =>
            Invoke(handler, new Broken(refusal, desk.DynamoDB), desk.Settings.Table)
        );

        var record = (await desk.Read("one"))!;
        record.Error.ShouldBe(nameof(AwsRefusedException));
        record.Cause.ShouldBe(failure.Message);
        record.Cause!.ShouldContain("User is not authorized");
    }

    private static async Task Invoke(string handler, IAws aws, string table)
    {
        var method = Handlers.Single(found => found.Name == handler);
        var services = new ServiceCollection();
        services.AddSingleton(
            new Settings(
                "dev",
                table,
                "bucket",
                "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy",
                "project",
                new HashSet<string> { "111111111111" }
            )
        );
        services.AddSingleton(new AwsConnection(new AnonymousAWSCredentials(), "us-east-1", "http://nowhere.invalid", null));
        new Startup().ConfigureServices(services);
        services.AddSingleton(aws);
        await using var provider = services.BuildServiceProvider();
        var function = ActivatorUtilities.CreateInstance(provider, method.DeclaringType!);
        var json = handler switch
        {
            "Check" => InputOfCheck,
            "Notify" => InputOfNotify,
            _ => Input.Replace("EXECUTION", Execution, StringComparison.Ordinal),
        };
        var input = JsonSerializer.Deserialize(json, Payloads.Default.GetTypeInfo(method.GetParameters()[0].ParameterType)!);

        var context = Substitute.For<ILambdaContext>();
        context.InvokedFunctionArn.Returns("arn:aws:lambda:us-east-1:222222222222:function:deployer-dev-Check");

        await (Task)method.Invoke(function, [input, context])!;
    }

    /// <summary>An AWS in which every call fails in the same way, but for those to a table where one is given.</summary>
    private sealed class Broken(Exception exception, IAmazonDynamoDB? table = null) : IAws
    {
        public IAmazonDynamoDB DynamoDB => table ?? Fails<IAmazonDynamoDB>();

        public IAmazonS3 S3 => Fails<IAmazonS3>();

        public IAmazonStepFunctions StepFunctions => Fails<IAmazonStepFunctions>();

        public IAmazonCloudWatchLogs Logs => Fails<IAmazonCloudWatchLogs>();

        public IAmazonCodeBuild CodeBuild => Fails<IAmazonCodeBuild>();

        public IAmazonCodePipeline CodePipeline => Fails<IAmazonCodePipeline>();

        public IAmazonEventBridge EventBridge => Fails<IAmazonEventBridge>();

        public IAmazonSimpleNotificationService SimpleNotificationService => Fails<IAmazonSimpleNotificationService>();

        public IAmazonS3 S3With(AWSCredentials credentials) => Fails<IAmazonS3>();

        public Task<TargetAccount> Enter(string account, string region, string session) => Task.FromException<TargetAccount>(exception);

        private T Fails<T>()
            where T : class => LockSchedule.Proxy<T>.For((_, _) => throw exception);
    }
}
