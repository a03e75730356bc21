using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Endpoints;

/// <summary>What is reported of a function whose variables somebody changed after the proof.</summary>
public sealed class InjectedValuesTests
{
    private const string Function = "consumer-dev-a";
    private const string Dns = "vpce-1.amazonaws.com";

    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev } } }
            steps:
              endpoint:
                endpoint: vpce-1
                via: vpc-endpoint
                functions: { names: [ "consumer-${target}-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}:8182", SYSTEM: "${system}" }
            """
        )
    );

    [Theory]
    [InlineData("http://vpce-1.amazonaws.com:8182", "datomic-dev", null)]
    [InlineData("http://elsewhere.example.com:8182", "datomic-dev", "DATOMIC_ENDPOINT has the address elsewhere.example.com")]
    [InlineData("hunter2 of somebody", "datomic-dev", "DATOMIC_ENDPOINT has another value")]
    [InlineData("http://user:hunter2@elsewhere:8182", "datomic-dev", "DATOMIC_ENDPOINT has another value")]
    [InlineData(null, "hunter2", "DATOMIC_ENDPOINT is not set, SYSTEM has another value")]
    public async Task What_differs_is_named_and_no_other_value_than_an_address_is_shown(string? endpoint, string system, string? differs)
    {
        var lambda = Substitute.For<IAmazonLambda>();
        var variables = new Dictionary<string, string> { ["SYSTEM"] = system, ["PASSWORD"] = "hunter2" };
        if (endpoint is not null)
        {
            variables["DATOMIC_ENDPOINT"] = endpoint;
        }

        lambda
            .GetFunctionConfigurationAsync(
                Arg.Is<GetFunctionConfigurationRequest>(request => request.FunctionName == Function),
                Arg.Any<CancellationToken>()
            )
            .Returns(new GetFunctionConfigurationResponse { Environment = new EnvironmentResponse { Variables = variables } });

        (await new InjectedValues(Step(), lambda, Dns).Differing(Function)).ShouldBe(differs);
    }

    [Fact]
    public async Task A_function_that_was_deleted_is_named()
    {
        var lambda = Substitute.For<IAmazonLambda>();
        lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns<GetFunctionConfigurationResponse>(_ => throw new ResourceNotFoundException("gone"));

        (await new InjectedValues(Step(), lambda, Dns).Differing(Function)).ShouldBe("no longer exists");
    }

    [Fact]
    public void The_line_says_what_is_there_and_what_was_left()
    {
        IReportPart part = new EndpointReport(Function, ["DATOMIC_ENDPOINT"], Dns, StepAction.Injected)
        {
            Differs = "DATOMIC_ENDPOINT has the address elsewhere.example.com",
        };

        part.Lines.ShouldBe([
            "function consumer-dev-a: DATOMIC_ENDPOINT has the address elsewhere.example.com; the deployment left it with the address "
                + "vpce-1.amazonaws.com (injected)",
        ]);
    }

    private static ReportedStep Step()
    {
        var spec = SpecReader.Read(Folder).Spec!;
        return new ReportedStep(spec, spec.Targets[0], Folder, spec.Step("endpoint")!, StepAction.Injected, [], Account: null);
    }
}
