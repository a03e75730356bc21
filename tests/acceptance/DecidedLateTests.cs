using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A service whose own stack has functions that are given Datomic's address: an update of that stack writes their environment anew.
/// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html (Environment replaces all variables)
/// </summary>
public sealed class FunctionsOfAStack : IAsyncLifetime
{
    public const string Prices = "inventory-consumer-dev-prices";
    public const string Stock = "inventory-consumer-dev-stock";
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public CommandResult Planned { get; private set; } = null!;

    public CommandResult Second { get; private set; } = null!;

    /// <summary>The variables of the functions after the second deployment.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, string>> Variables { get; } = [];

    public CommandResult Third { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await Describe(service, "[ network, lambdas ]", lambdasAfter: "[ group ]");
        await Write(service, "info", "prices");
        First = await Run("rehearse", service);
        await Write(service, "debug", "prices", "stock");
        Planned = await Run("plan", service);
        Second = await Run("rehearse", service);
        await using (var accounts = await SimulatedAccounts.OpenService(service, Path.Combine(_folder.Path, "state")))
        {
            foreach (var function in new[] { Prices, Stock })
            {
                Variables[function] = await accounts.Variables(function);
            }
        }

        Third = await Run("rehearse", service);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the service's file: the group, its network, a stack of functions, and the endpoint.</summary>
    internal static Task Describe(string service, string endpointAfter, string lambdasAfter) =>
        SmallService.Write(
            service,
            $$"""
              lambdas:
                stack: inventory-${target}-lambdas
                template: stacks/lambdas.yaml
                parameters: { Target: "${target}" }
                after: {{lambdasAfter}}
              endpoint:
                endpoint: ${steps.network.outputs.EndpointId}
                via: vpc-endpoint
                functions: { names: [ "inventory-consumer-${target}-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}:8182" }
                after: {{endpointAfter}}
            """
        );

    /// <summary>Writes the template with these functions.</summary>
    internal static Task Write(string service, string logLevel, params string[] functions) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "lambdas.yaml"),
            $$"""
            Parameters: { Target: { Type: String } }
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: !Sub inventory-${Target}-lambdas
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [ { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" } ]
            {{string.Concat(
                functions.Select(function =>
                    $$"""
                      {{function[..1].ToUpperInvariant()}}{{function[1..]}}:
                        Type: AWS::Lambda::Function
                        Properties:
                          FunctionName: !Sub inventory-consumer-${Target}-{{function}}
                          Runtime: nodejs22.x
                          Handler: index.handler
                          Role: !GetAtt Role.Arn
                          Code: { ZipFile: "exports.handler = async () => process.env.DATOMIC_ENDPOINT;" }
                          Environment: { Variables: { LOG_LEVEL: {{logLevel}} } }

                    """
                )
            )}}
            """
        );

    private Task<CommandResult> Run(string command, string service) =>
        CommandLine.InProcess(command, service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
}

public sealed class DecidedLateTests(FunctionsOfAStack rehearsal) : IClassFixture<FunctionsOfAStack>
{
    [Fact]
    public void Functions_whose_stack_was_updated_have_the_address_again_and_new_ones_too()
    {
        rehearsal.First.ExitCode.ShouldBe(0);
        rehearsal.Second.ExitCode.ShouldBe(0);
        rehearsal.Second.Report.Verdict.ShouldBe(Verdict.Succeeded);
        foreach (var function in new[] { FunctionsOfAStack.Prices, FunctionsOfAStack.Stock })
        {
            rehearsal.Variables[function]["LOG_LEVEL"].ShouldBe("debug");
            rehearsal.Variables[function].Keys.ShouldContain("DATOMIC_ENDPOINT");
        }

        rehearsal.Second.Report.Endpoints.Count(endpoint => endpoint.Action == StepAction.Injected).ShouldBe(2);
    }

    [Fact]
    public void The_plan_names_the_steps_that_others_depend_on()
    {
        var steps = PlannedExample.Read(rehearsal.Planned).Steps.ToDictionary(step => step.Step);

        steps["group"].Action.ShouldBe(PlannedAction.None);
        steps["network"].Action.ShouldBe(PlannedAction.None);
        steps["lambdas"].Action.ShouldBe(PlannedAction.Update);
        steps["endpoint"].Action.ShouldBe(PlannedAction.Depends);
        steps["endpoint"].DependsOn.ShouldBe(["lambdas"]);
        PlannedExample.Read(rehearsal.Planned).Changing.ShouldBe(1);
        rehearsal.Planned.Terminal.ShouldContain("endpoint: depends on lambdas: endpoint vpce-");
        rehearsal.Planned.Terminal.ShouldContain("group: no changes stack inventory-dev");
    }

    [Fact]
    public void A_step_that_is_judged_at_its_turn_and_has_no_changes_makes_no_change_set()
    {
        rehearsal.Second.Report.Steps.Select(step => step.Name).ShouldBe(["lambdas", "endpoint"]);
        rehearsal.Second.Count("CreateChangeSet").ShouldBe(1);
    }

    [Fact]
    public void Then_there_is_nothing_to_do()
    {
        rehearsal.Third.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        rehearsal.Third.ShouldChangeNothing();
        rehearsal.Third.Report.Transitions.ShouldBeInRange(1, 15);
    }
}
