using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A function with a published version and an alias: versions do not change once they are published.
/// https://github.com/aws/serverless-application-model/issues/413
/// </summary>
public sealed class AliasOfAFunction : IAsyncLifetime
{
    public const string Orders = "inventory-consumer-dev-orders";
    private const string Endpoint = """
          endpoint:
            endpoint: ${steps.network.outputs.EndpointId}
            via: vpc-endpoint
            functions: { names: [ "inventory-consumer-${target}-orders" ] }
            variables: { DATOMIC_ENDPOINT: "http://${dns}:8182" }
            after: [ network ]
        """;

    private readonly TemporaryFolder _folder = new();

    public CommandResult Unnamed { get; private set; } = null!;

    public CommandResult UnnamedAgain { get; private set; } = null!;

    public IReadOnlyDictionary<string, string> LiveBefore { get; private set; } = new Dictionary<string, string>();

    public CommandResult Named { get; private set; } = null!;

    public IReadOnlyDictionary<string, string> LiveAfter { get; private set; } = new Dictionary<string, string>();

    public CommandResult NamedAgain { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var service = await Write(_folder.Path);
        Unnamed = await Run(service);
        LiveBefore = await Live(service);
        UnnamedAgain = await Run(service);
        await SmallService.Change(service, "deployer.yaml", "    via: vpc-endpoint\n", "    via: vpc-endpoint\n    alias: live\n");
        Named = await Run(service);
        LiveAfter = await Live(service);
        NamedAgain = await Run(service);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the service into a folder; the alias <c>live</c> of the function points at version 1.</summary>
    /// <returns>The service's folder.</returns>
    public static async Task<string> Write(string folder)
    {
        var service = CommandLine.CopyInventory(folder);
        await SmallService.Change(
            service,
            "accounts/service.yaml",
            "\nOutputs:\n",
            """

              OrdersVersion:
                Type: AWS::Lambda::Version
                Properties: { FunctionName: !Ref Orders }

              OrdersLive:
                Type: AWS::Lambda::Alias
                Properties: { FunctionName: !Ref Orders, FunctionVersion: !GetAtt OrdersVersion.Version, Name: live }

            Outputs:

            """
        );
        await SmallService.Write(service, Endpoint);
        return service;
    }

    private async Task<IReadOnlyDictionary<string, string>> Live(string service)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, Path.Combine(_folder.Path, "state"));
        return await accounts.Variables(Orders, "live");
    }

    private Task<CommandResult> Run(string service) =>
        CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
}

public sealed class AliasTests(AliasOfAFunction rehearsal) : IClassFixture<AliasOfAFunction>
{
    private const string Notice =
        "endpoint: alias live (version 1) of inventory-consumer-dev-orders has other values of DATOMIC_ENDPOINT than $LATEST: "
        + "versions do not change once they are published";

    [Fact]
    public void An_alias_that_the_step_does_not_name_and_that_differs_is_a_notice_of_every_deployment()
    {
        (rehearsal.Unnamed.ExitCode, rehearsal.Unnamed.Report.Verdict).ShouldBe((0, Verdict.Succeeded));
        rehearsal.LiveBefore.Keys.ShouldNotContain("DATOMIC_ENDPOINT");
        rehearsal.Unnamed.Report.Pipeline!.Summary.ShouldNotBeNull().ShouldContain(Notice);

        rehearsal.UnnamedAgain.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        rehearsal.UnnamedAgain.Report.Pipeline!.Summary.ShouldNotBeNull().ShouldContain(Notice);
        rehearsal.UnnamedAgain.Report.Transitions.ShouldBeInRange(1, 15);
    }

    [Fact]
    public void An_alias_that_the_step_names_is_moved_to_a_version_with_the_values()
    {
        (rehearsal.Named.ExitCode, rehearsal.Named.Report.Verdict).ShouldBe((0, Verdict.Succeeded));
        rehearsal.Named.Report.Endpoints.Single().Action.ShouldBe(StepAction.Injected);
        rehearsal.LiveAfter.Keys.ShouldContain("DATOMIC_ENDPOINT");
        rehearsal.Named.Count("PublishVersion").ShouldBe(1);
        rehearsal.Named.Count("UpdateAlias").ShouldBe(1);

        rehearsal.NamedAgain.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        (rehearsal.NamedAgain.Count("PublishVersion") + rehearsal.NamedAgain.Count("UpdateAlias")).ShouldBe(0);
    }

    [Fact]
    public async Task An_alias_that_could_not_be_moved_is_what_the_report_says_of_the_function()
    {
        using var folder = new TemporaryFolder();
        var service = await AliasOfAFunction.Write(folder.Path);
        await SmallService.Change(service, "deployer.yaml", "    via: vpc-endpoint\n", "    via: vpc-endpoint\n    alias: live\n");

        var failed = await CommandLine.InProcess(
            "rehearse",
            service,
            "--target",
            "dev",
            "--state",
            Path.Combine(folder.Path, "state"),
            "--fault",
            "server-error:lambda:UpdateAlias:all"
        );

        (failed.ExitCode, failed.Report.Verdict).ShouldBe((1, Verdict.Failed));
        failed
            .Report.Endpoints.Single()
            .Differs.ShouldNotBeNull()
            .ShouldBe("the alias live leads to version 1, in which DATOMIC_ENDPOINT is not set");
    }
}
