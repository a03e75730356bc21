using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudWatchLogs;
using Amazon.CodeDeploy;
using Amazon.DynamoDBv2;
using Amazon.EC2;
using Amazon.ECS;
using Amazon.EventBridge;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.StepFunctions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>Faults that strike requests: what an actor is answered, and what was done.</summary>
public sealed class RequestFaultsTests
{
    private const string Account = "222222222222";

    [Theory]
    [InlineData("server-error:ssm:PutParameter:2", "InternalFailure", false)]
    [InlineData("throttled:ssm:PutParameter:2", "ThrottlingException", false)]
    [InlineData("connection-lost-before:ssm:PutParameter:2", null, false)]
    [InlineData("connection-lost-after:ssm:PutParameter:2", null, true)]
    public async Task The_nth_request_of_an_operation_fails_as_is_asked_for(string fault, string? code, bool isDone)
    {
        var (failures, values) = await Put(fault);

        failures[0].ShouldBeNull();
        failures[2].ShouldBeNull();
        var failure = failures[1].ShouldNotBeNull();
        if (code is null)
        {
            failure.GetBaseException().GetType().Name.ShouldBe("RequestAbandonedException");
        }
        else
        {
            failure.ShouldBeAssignableTo<AmazonServiceException>()!.ErrorCode.ShouldBe(code);
        }

        string[] expected = isDone ? ["/0", "/1", "/2"] : ["/0", "/2"];
        values.ShouldBe(expected);
    }

    [Fact]
    public async Task People_are_neither_struck_nor_counted()
    {
        var (failures, values) = await Put("throttled:ssm:PutParameter:all", seesPresent: true);

        failures.ShouldAllBe(failure => failure == null);
        values.ShouldBe(["/0", "/1", "/2"]);
    }

    [Fact]
    public async Task Without_a_number_the_first_request_fails_and_with_all_every_one()
    {
        (await Put("throttled:ssm:PutParameter")).Values.ShouldBe(["/1", "/2"]);
        (await Put("throttled:ssm:PutParameter:all")).Values.ShouldBeEmpty();
        (await Put("throttled:ssm:GetParameters:all")).Values.ShouldBe(["/0", "/1", "/2"]);
    }

    [Theory]
    [InlineData("throttled")]
    [InlineData("throttled:ssm")]
    [InlineData("throttled:ssm:PutParameter:0")]
    [InlineData("throttled:ssm:PutParameter:first")]
    [InlineData("throttled::PutParameter")]
    public void A_fault_that_does_not_say_what_it_strikes_is_refused(string fault) =>
        Should
            .Throw<ArgumentException>(() => new Faults([Faults.Parse(fault)]))
            .Message.ShouldContain("expected throttled:SERVICE:OPERATION[:N]");

    [Theory]
    [InlineData("throttled:nowhere:PutParameter", "no service 'nowhere' is simulated")]
    [InlineData("throttled:ssm:PutParameters", "no operation 'PutParameters' of the service 'ssm' is simulated")]
    [InlineData("throttled:s3:PutObject", null)]
    [InlineData("throttled:dynamodb:UpdateItem", null)]
    [InlineData("throttled:sts:AssumeRole", null)]
    [InlineData("throttled:lambda:Invoke", null)]
    public async Task A_fault_strikes_an_operation_that_is_simulated(string fault, string? problem)
    {
        await using var world = new RehearsalWorld(new RehearsalOptions { Faults = new Faults([Faults.Parse(fault)]) });
        await using var services = await world.Do(() => SimulatedServices.Start(world));

        var found = await world.Do(() => world.Api.WithoutTarget(world.Faults));

        if (problem is null)
        {
            found.ShouldBeEmpty();
        }
        else
        {
            found.ShouldHaveSingleItem().Problem.ShouldStartWith(problem);
        }
    }

    /// <summary>
    /// Between the effects of the attempts lies what SDKs pause for:
    /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    /// </summary>
    [Fact]
    public async Task The_pause_of_an_official_client_before_it_tries_again_passes_in_simulated_time()
    {
        var options = new RehearsalOptions { Faults = new Faults([Faults.Parse("throttled:ssm:PutParameter:1")]) };
        await using var world = new RehearsalWorld(options);
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        var actor = await TestActor.Begin(world, Account, """{"Effect":"Allow","Action":"*","Resource":"*"}""");
        var arrivals = new List<DateTimeOffset>();
        await world.Do(() => world.Arrived = (_, _) => arrivals.Add(world.Now));

        await actor.Act(async () =>
        {
            using var ssm = actor.Client(
                new AmazonSimpleSystemsManagementConfig(),
                (keys, config) =>
                {
                    config.MaxErrorRetry = 2;
                    return new AmazonSimpleSystemsManagementClient(keys, config);
                }
            );
            await ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "/a",
                    Value = "value",
                    Type = ParameterType.String,
                }
            );
        });

        arrivals.Count.ShouldBe(2);
        (arrivals[1] - arrivals[0]).ShouldBeInRange(Paused(), TimeSpan.FromSeconds(2));

        // Longer than an answer and the next request take together.
        static TimeSpan Paused() => Durations.RequestAnswer.Longest + Durations.RequestArrival.Longest;
    }

    /// <summary>
    /// The code by which each service refuses too many requests, which an official client takes for a reason to try again.
    /// </summary>
    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_request_that_is_throttled_is_refused_with_the_services_code_and_an_official_client_tries_again(
        string operation,
        string code
    )
    {
        var (tried, refused) = await Throttled(operation, retries: 0);
        var (again, unknown) = await Throttled(operation, retries: 1);

        (tried, refused).ShouldBe((1, code));
        again.ShouldBe(2);
        unknown.ShouldNotBe(code);
    }

    /// <summary>Operations and the codes of their services.</summary>
    public static TheoryData<string, string> Services { get; } =
        new()
        {
            { "s3:ListBuckets", "SlowDown" },
            { "lambda:ListFunctions", "TooManyRequestsException" },
            { "ec2:DescribeVpcEndpoints", "RequestLimitExceeded" },
            { "cloudformation:ListStacks", "Throttling" },
            { "autoscaling:DescribeAutoScalingGroups", "Throttling" },
            { "sts:GetCallerIdentity", "Throttling" },
            { "dynamodb:ListTables", "ThrottlingException" },
            { "states:ListStateMachines", "ThrottlingException" },
            { "ecs:DescribeClusters", "ThrottlingException" },
            { "codedeploy:ListDeployments", "ThrottlingException" },
            { "tagging:GetResources", "ThrottlingException" },
            { "events:ListRules", "ThrottlingException" },
            { "logs:DescribeLogGroups", "ThrottlingException" },
        };

    /// <summary>How often a request arrived that is throttled once, and the code by which it failed in the end.</summary>
    private static async Task<(int Arrivals, string? Code)> Throttled(string operation, int retries)
    {
        var options = new RehearsalOptions { Faults = new Faults([Faults.Parse($"throttled:{operation}:1")]) };
        await using var world = new RehearsalWorld(options);
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        var actor = await TestActor.Begin(world, Account, """{"Effect":"Allow","Action":"*","Resource":"*"}""");
        var arrivals = 0;
        await world.Do(() => world.Arrived = (_, _) => arrivals++);
        string? code = null;
        await actor.Act(async () =>
        {
            try
            {
                await Ask(actor, operation, retries);
            }
            catch (AmazonServiceException exception)
            {
                code = exception.ErrorCode;
            }
        });
        return (arrivals, code);
    }

    private static Task Ask(TestActor actor, string operation, int retries)
    {
        return operation.Split(':')[0] switch
        {
            "s3" => Client(new AmazonS3Config { ForcePathStyle = true }, (keys, config) => new AmazonS3Client(keys, config))
                .ListBucketsAsync(),
            "lambda" => Client(new AmazonLambdaConfig(), (keys, config) => new AmazonLambdaClient(keys, config)).ListFunctionsAsync(new()),
            "ec2" => Client(new AmazonEC2Config(), (keys, config) => new AmazonEC2Client(keys, config)).DescribeVpcEndpointsAsync(new()),
            "cloudformation" => Client(new AmazonCloudFormationConfig(), (keys, config) => new AmazonCloudFormationClient(keys, config))
                .ListStacksAsync(new()),
            "autoscaling" => Client(new AmazonAutoScalingConfig(), (keys, config) => new AmazonAutoScalingClient(keys, config))
                .DescribeAutoScalingGroupsAsync(new()),
            "sts" => Client(new AmazonSecurityTokenServiceConfig(), (keys, config) => new AmazonSecurityTokenServiceClient(keys, config))
                .GetCallerIdentityAsync(new()),
            "dynamodb" => Client(new AmazonDynamoDBConfig(), (keys, config) => new AmazonDynamoDBClient(keys, config)).ListTablesAsync(),
            "states" => Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config))
                .ListStateMachinesAsync(new()),
            "ecs" => Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config)).DescribeClustersAsync(new()),
            "codedeploy" => Client(new AmazonCodeDeployConfig(), (keys, config) => new AmazonCodeDeployClient(keys, config))
                .ListDeploymentsAsync(new()),
            "tagging" => Client(
                    new AmazonResourceGroupsTaggingAPIConfig(),
                    (keys, config) => new AmazonResourceGroupsTaggingAPIClient(keys, config)
                )
                .GetResourcesAsync(new()),
            "events" => Client(new AmazonEventBridgeConfig(), (keys, config) => new AmazonEventBridgeClient(keys, config))
                .ListRulesAsync(new()),
            _ => Client(new AmazonCloudWatchLogsConfig(), (keys, config) => new AmazonCloudWatchLogsClient(keys, config))
                .DescribeLogGroupsAsync(new()),
        };

        TClient Client<TConfig, TClient>(TConfig with, Func<AWSCredentials, TConfig, TClient> create)
            where TConfig : ClientConfig =>
            actor.Client(
                with,
                (keys, config) =>
                {
                    config.MaxErrorRetry = retries;
                    return create(keys, config);
                }
            );
    }

    [Fact]
    public void A_file_has_a_fault_on_each_line() =>
        Faults
            .ReadLines("# what goes wrong\n\nevents-lost\n  stack-rolls-back:Group \r\n#events-twice\n")
            .ShouldBe([(3, "events-lost"), (4, "stack-rolls-back:Group")]);

    /// <summary>
    /// An actor that puts three parameters and does not try again: how each request failed, and which parameters there are.
    /// </summary>
    private static async Task<(IReadOnlyList<Exception?> Failures, IReadOnlyList<string> Values)> Put(
        string fault,
        bool seesPresent = false
    )
    {
        await using var world = new RehearsalWorld(new RehearsalOptions { Faults = new Faults([Faults.Parse(fault)]) });
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        var actor = await TestActor.Begin(world, Account, """{"Effect":"Allow","Action":"*","Resource":"*"}""");
        var failures = new List<Exception?>();
        await actor.Act(Three, seesPresent);

        // Who is outside of time is not struck.
        using var administrator = Ssm(TestActor.Administrator(world, Account));
        var found = await administrator.GetParametersAsync(new GetParametersRequest { Names = ["/0", "/1", "/2"] });
        return (failures, [.. (found.Parameters ?? []).Select(parameter => parameter.Name).Order(StringComparer.Ordinal)]);

        async Task Three()
        {
            using var ssm = Ssm(actor);
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    await ssm.PutParameterAsync(
                        new PutParameterRequest
                        {
                            Name = $"/{i}",
                            Value = "value",
                            Type = ParameterType.String,
                        }
                    );
                    failures.Add(null);
                }
                catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException)
                {
                    failures.Add(exception);
                }
            }
        }
    }

    private static AmazonSimpleSystemsManagementClient Ssm(TestActor actor) =>
        actor.Client(new AmazonSimpleSystemsManagementConfig(), (keys, config) => new AmazonSimpleSystemsManagementClient(keys, config));
}
