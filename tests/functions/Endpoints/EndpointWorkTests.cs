using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Endpoints;

/// <summary>A function whose environment is written, and an endpoint that is looked for.</summary>
public sealed class EndpointWorkTests : IAsyncLifetime
{
    private const string Secret = "hunter2-of-somebody";

    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
              endpoint:
                endpoint: vpce-1
                via: vpc-endpoint
                functions: { names: [ "consumer-${target}-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}" }
            """
        )
    );

    private readonly IAmazonLambda _lambda = Substitute.For<IAmazonLambda>();
    private readonly IAmazonEC2 _ec2 = Substitute.For<IAmazonEC2>();
    private Desk _desk = null!;
    private DateTime _now = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TaskRecord _record = Record("resolve");

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _lambda
            .ListFunctionsAsync(Arg.Any<ListFunctionsRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListFunctionsResponse { Functions = [new FunctionConfiguration { FunctionName = "consumer-dev-a" }] });
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetFunctionConfigurationResponse
                {
                    FunctionName = "consumer-dev-a",
                    Environment = new EnvironmentResponse { Variables = new() { ["PASSWORD"] = Secret } },
                }
            );
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    public static TheoryData<Exception> Refusals =>
        [
            new InvalidParameterValueException($"Lambda was unable to use {{PASSWORD={Secret}}}"),
            new AmazonLambdaException(
                $"no: {Secret}",
                ErrorType.Sender,
                "AccessDeniedException",
                "id",
                System.Net.HttpStatusCode.Forbidden
            ),
        ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Values_of_the_environment_are_cut_out_of_what_Lambda_says(Exception refusal)
    {
        _lambda
            .UpdateFunctionConfigurationAsync(Arg.Any<UpdateFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns<UpdateFunctionConfigurationResponse>(_ => throw refusal);

        var failure = await Should.ThrowAsync<EndpointNotInjectedException>(Inject);

        failure.Message.ShouldContain("consumer-dev-a: ");
        failure.Message.ShouldContain(CauseText.Hidden);
        failure.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Values_of_the_environment_are_cut_out_of_a_transient_failure_too()
    {
        _lambda
            .UpdateFunctionConfigurationAsync(Arg.Any<UpdateFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns<UpdateFunctionConfigurationResponse>(_ => throw new HttpRequestException($"cannot send {Secret}"));

        (await Should.ThrowAsync<AwsUnavailableException>(Inject)).Message.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Values_of_the_environment_are_cut_out_of_why_the_last_update_failed()
    {
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetFunctionConfigurationResponse
                {
                    FunctionName = "consumer-dev-a",
                    LastUpdateStatus = LastUpdateStatus.Failed,
                    LastUpdateStatusReasonCode = LastUpdateStatusReasonCode.InternalError,
                    LastUpdateStatusReason = $"the value {Secret}",
                    Environment = new EnvironmentResponse
                    {
                        Variables = new() { ["PASSWORD"] = Secret, ["DATOMIC_ENDPOINT"] = "http://vpce-1-abc.example" },
                    },
                }
            );

        var failure = await Should.ThrowAsync<EndpointNotInjectedException>(Inject);

        failure.Message.ShouldContain("its last update failed: InternalError: the value ****");
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html</summary>
    [Fact]
    public async Task A_function_that_was_changed_since_it_was_read_is_read_and_merged_again()
    {
        var asked = new List<UpdateFunctionConfigurationRequest>();
        _lambda
            .UpdateFunctionConfigurationAsync(Arg.Any<UpdateFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                asked.Add(call.Arg<UpdateFunctionConfigurationRequest>());
                return asked.Count == 1
                    ? throw new PreconditionFailedException("the RevisionId provided does not match")
                    : new UpdateFunctionConfigurationResponse();
            });
        Configured("1", ("PASSWORD", Secret));
        await Should.ThrowAsync<NotYetException>(Inject);
        Configured("2", ("PASSWORD", Secret), ("ADDED", "meanwhile"));
        await Should.ThrowAsync<NotYetException>(Inject);

        asked.Select(request => request.RevisionId).ShouldBe(["1", "2"]);
        asked[1].Environment.Variables.Keys.ShouldBe(["ADDED", "DATOMIC_ENDPOINT", "PASSWORD"], ignoreOrder: true);
    }

    /// <summary>https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endpoint_that_is_not_described_yet_is_looked_for_again(bool isRefused)
    {
        NotFound(isRefused);
        for (var look = 0; look < 20; look++)
        {
            await Should.ThrowAsync<NotYetException>(Resolve);
        }

        Found();

        (await Resolve()).Batches.ShouldBe([0]);
    }

    [Fact]
    public async Task An_endpoint_that_no_look_finds_is_missing()
    {
        NotFound(isRefused: true);
        await Should.ThrowAsync<NotYetException>(Resolve);
        _now += EndpointWork.TimeUntilMissing;

        (await Should.ThrowAsync<EndpointUnavailableException>(Resolve)).Message.ShouldBe("account 111111111111 has no endpoint vpce-1");
    }

    /// <summary>Another value by hand makes a plan stale; a variable that is not the step's is no matter of its.</summary>
    [Fact]
    public async Task What_a_plan_looks_at_is_each_functions_value_of_the_steps_variables_as_a_digest()
    {
        Found();
        var before = await Facts(("DATOMIC_ENDPOINT", "http://before"), ("PASSWORD", Secret));
        before.ShouldHaveSingleItem().Thing.ShouldBe("DATOMIC_ENDPOINT of function consumer-dev-a");
        before[0].State.ShouldStartWith("with the digest ");
        before[0].State.ShouldNotContain("http://before", customMessage: "it may be secret");

        (await Facts(("DATOMIC_ENDPOINT", "http://before"), ("PASSWORD", "another"))).ShouldBe(before);
        (await Facts(("DATOMIC_ENDPOINT", "http://by-hand"), ("PASSWORD", Secret))).ShouldNotBe(before);
        (await Facts(("PASSWORD", Secret))).ShouldNotBe(before);
    }

    private async Task<IReadOnlyList<LiveFact>> Facts(params (string Name, string Value)[] variables)
    {
        _lambda
            .ListFunctionsAsync(Arg.Any<ListFunctionsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new ListFunctionsResponse
                {
                    Functions =
                    [
                        new FunctionConfiguration
                        {
                            FunctionName = "consumer-dev-a",
                            FunctionArn = "arn:aws:lambda:us-east-1:111111111111:function:consumer-dev-a",
                            Environment = new EnvironmentResponse
                            {
                                Variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value),
                            },
                        },
                    ],
                }
            );
        IStepKind kind = new EndpointStepKind(new EndpointWork(_desk.Ledger));
        return await Enter(kind.ReadLiveFacts);
    }

    private void Configured(string revision, params (string Name, string Value)[] variables) =>
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetFunctionConfigurationResponse
                {
                    FunctionName = "consumer-dev-a",
                    RevisionId = revision,
                    Environment = new EnvironmentResponse
                    {
                        Variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value),
                    },
                }
            );

    private static TaskRecord Record(string task) =>
        new()
        {
            Deployment = new("one"),
            Step = "endpoint",
            Task = task,
            Kind = "endpoint",
        };

    private void NotFound(bool isRefused) =>
        _ec2.DescribeVpcEndpointsAsync(Arg.Any<DescribeVpcEndpointsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                isRefused
                    ? throw new AmazonEC2Exception("it does not exist") { ErrorCode = "InvalidVpcEndpointId.NotFound" }
                    : new DescribeVpcEndpointsResponse()
            );

    private void Found() =>
        _ec2.DescribeVpcEndpointsAsync(Arg.Any<DescribeVpcEndpointsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeVpcEndpointsResponse
                {
                    VpcEndpoints =
                    [
                        new VpcEndpoint
                        {
                            VpcEndpointId = "vpce-1",
                            State = "available",
                            DnsEntries = [new DnsEntry { DnsName = "vpce-1-abc.example" }],
                        },
                    ],
                }
            );

    private Task<EndpointBatches> Resolve() => Enter(new EndpointWork(_desk.Ledger).Resolve);

    private async Task<TaskDone> Inject()
    {
        Found();
        await Resolve();
        _record = Record("inject-0");
        return await Enter(run => new EndpointWork(_desk.Ledger).Inject(run, 0));
    }

    private async Task<T> Enter<T>(Func<StepRun, Task<T>> work)
    {
        var run = _desk.Run(Folder, _record, StubbedAccount.With(lambda: _lambda, ec2: _ec2, enteredAt: _now), token: null);
        try
        {
            return await work(run);
        }
        finally
        {
            _record = run.Record;
        }
    }
}
