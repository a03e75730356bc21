using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Functions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.World;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Acceptance.Tests.Kinds;

/// <summary>
/// A kind of step that the product does not have goes the whole way: its function and its branch are added to copies of the template and
/// of the machine, it is registered with the functions, and it is checked, planned, deployed by the machine and reported.
/// </summary>
public sealed class FurtherKindTests : IAsyncDisposable
{
    private const string Create = "CreateQueue";
    private const string Delete = "DeleteQueue";
    private const string Service = """
        service: inventory
        targets:
          dev:
            account: "111111111111"
            region: us-east-1
            values: { system: datomic-dev, promotesFrom: "" }
            instances: { steps: [ orders, bills ], expireAfter: 72h }
        steps:
          orders: { queue: "orders-${target}" }
          bills: { queue: "bills-${target}", after: [ orders ] }
        """;

    private readonly TemporaryFolder _product = new();
    private readonly TemporaryFolder _accounts = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Queues _queues = new();
    private readonly List<string> _entered = [];
    private string? _instance;

    [Fact]
    public async Task It_is_checked_planned_deployed_by_the_machine_and_reported()
    {
        var service = await Open(instance: null);
        await using var rehearsal = await Prepare(service);
        using var tools = InProcess.Clients(rehearsal.Gateway, service.Accounts.ToolsAccount, service.Accounts.Region);
        using var targetClients = InProcess.Clients(rehearsal.Gateway, service.Target.Account, service.Target.Region);
        await using var services = Services(registered =>
            registered
                .AddSingleton(new Settings("dev", string.Empty, string.Empty, string.Empty, string.Empty, new HashSet<string>()))
                .AddSingleton(tools.Connection)
        );

        var plan = await Plan(rehearsal, tools, service);
        var first = await Deploy(rehearsal, tools, service, "first");
        var second = await Deploy(rehearsal, tools, service, "second");

        plan.Steps.Select(step => (step.Step, step.Kind, step.Action))
            .ShouldBe([("orders", "queue", PlannedAction.Create), ("bills", "queue", PlannedAction.Create)]);
        first.Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        _queues.Present.ShouldBe(["orders-dev", "bills-dev"]);
        // Each waits: begun, and found with the next heartbeat. The second deployment has nothing to do.
        _entered.ShouldBe(["orders", "orders", "bills", "bills"]);
        second.Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        var report = new ReportBuilder(tools, "dev", targetClients, services.GetRequiredService<StepKindRegistry>());
        var history = await report.History(first.ExecutionArn);
        var records = await report.Records(new ExecutionArn(first.ExecutionArn).Deployment);
        var steps = ReportBuilder.Steps(service.AtTarget, history, DateTimeOffset.MinValue, records);
        steps
            .Select(step => (step.Name, step.Kind, step.Action))
            .ShouldBe([("orders", "queue", StepAction.Created), ("bills", "queue", StepAction.Created)]);
        (await report.Parts(service.AtTarget, steps, records)).ShouldBe([
            new QueueReport(Queues.Arn("orders-dev"), StepAction.Created),
            new QueueReport(Queues.Arn("bills-dev"), StepAction.Created),
        ]);
        (await report.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task It_is_removed_with_its_development_instance_but_for_what_it_keeps()
    {
        var service = await Open("x");
        await using var rehearsal = await Prepare(service);
        using var tools = InProcess.Clients(rehearsal.Gateway, service.Accounts.ToolsAccount, service.Accounts.Region);
        var deployed = await Execute(rehearsal, tools, service, DeployerMachine.Deploy, "first", await Request(tools, service));
        deployed.Status.ShouldBe(ExecutionStatus.SUCCEEDED, deployed.Cause);
        _queues.Present.ShouldBe(["orders-dev-x", "bills-dev-x"]);
        _queues.Kept.Add("orders-dev-x");

        var removed = await Execute(
            rehearsal,
            tools,
            service,
            DeployerMachine.Deploy,
            "removal",
            new DeploymentRequest(service.Spec.Service, "dev", Instance: "x", Remove: true)
        );

        removed.Status.ShouldBe(ExecutionStatus.SUCCEEDED, removed.Cause);
        _queues.Present.ShouldBe(["orders-dev-x"]);
    }

    [Fact]
    public async Task Faults_may_strike_the_Lambda_functions_that_it_makes_and_no_others()
    {
        var service = await Open(instance: null);
        var targets = new FaultTargets(service);

        await targets.Check(FaultArguments.Read(["lambdas-half-fail:orders-consumer"]));
        var unknown = await Should.ThrowAsync<InvalidInputException>(
            targets.Check(FaultArguments.Read(["lambdas-half-fail:receipts-consumer"]))
        );

        unknown.Message.ShouldEndWith("known: orders-consumer, bills-consumer");
    }

    public ValueTask DisposeAsync()
    {
        _product.Dispose();
        _accounts.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The service, at its target or a development instance of it.</summary>
    private async Task<RehearsedService> Open(string? instance)
    {
        _instance = instance;
        await ComposeProduct();
        await WriteAccounts();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, SpecFile.Name), Service);
        var source = new DiskFolder(_folder.Path);
        var spec = SpecReader.Read(source, StepKinds.BuiltIn.With(new QueueSpecKind())).Spec.ShouldNotBeNull();
        var target = spec.Target("dev")!;
        return new RehearsedService(
            _folder.Path,
            source,
            spec,
            instance is null ? target : target.ForInstance(instance),
            AccountsFile.Read(Path.Combine(_accounts.Path, "accounts.yaml"), RehearsedService.ValuesOf(target))
        );
    }

    private async Task<AwsRehearsal> Prepare(RehearsedService service)
    {
        var rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions { Seed = 1 },
            (_, gateway) => Task.FromResult<ILambdaHost>(new InProcessHost(Run, gateway))
        );
        var target = service.Target;
        await rehearsal.Prepare(service.Accounts, target.Declared, target.Account, target.Region, _product.Path);
        return rehearsal;
    }

    private static async Task<ServicePlan> Plan(AwsRehearsal rehearsal, AccountClients tools, RehearsedService service)
    {
        var ended = await Execute(rehearsal, tools, service, DeployerMachine.Plan, "plan", await Request(tools, service));
        ended.Status.ShouldBe(ExecutionStatus.SUCCEEDED, ended.Cause);
        var end = JsonSerializer.Deserialize<PlanEnd>(ended.Output, JsonSerializerOptions.Web)!;
        using var document = await tools.S3.GetObjectAsync(end.Document.Bucket, end.Document.Key);
        return (await JsonSerializer.DeserializeAsync<ServicePlan>(document.ResponseStream, JsonSerializerOptions.Web))!;
    }

    private static async Task<DescribeExecutionResponse> Deploy(
        AwsRehearsal rehearsal,
        AccountClients tools,
        RehearsedService service,
        string name
    ) => await Execute(rehearsal, tools, service, DeployerMachine.Deploy, name, await Request(tools, service));

    /// <summary>Asks for the service as it is now.</summary>
    private static async Task<DeploymentRequest> Request(AccountClients tools, RehearsedService service) =>
        new(service.Spec.Service, service.Target.Declared, await service.Upload(tools), Instance: service.Target.Instance);

    private static async Task<DescribeExecutionResponse> Execute(
        AwsRehearsal rehearsal,
        AccountClients tools,
        RehearsedService service,
        DeployerMachine machine,
        string name,
        DeploymentRequest request
    )
    {
        var started = await tools.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = service.Deployer.MachineArn(machine),
                Name = name,
                Input = request.ToJson(),
            }
        );
        await rehearsal.RunUntilClosed(started.ExecutionArn);
        return await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = started.ExecutionArn });
    }

    /// <summary>The product's template and machines, with two more functions that wait and two more branches.</summary>
    private async Task ComposeProduct()
    {
        const string Model = "ChangeCapacity";
        var template = (await File.ReadAllTextAsync(Path.Combine(RehearsedService.Product, "template.yaml"))).ReplaceLineEndings("\n");
        var start = template.IndexOf($"  {Model}Function:\n", StringComparison.Ordinal);
        var end = template.IndexOf("  ResolveEndpointFunction:\n", StringComparison.Ordinal);
        var resources = template[start..end];
        foreach (var handler in new[] { Create, Delete })
        {
            template = template
                .Insert(end, resources.Replace(Model, handler, StringComparison.Ordinal))
                .Replace(
                    $"        {Model}FunctionArn: !GetAtt {Model}Function.Arn\n",
                    $"        {Model}FunctionArn: !GetAtt {Model}Function.Arn\n"
                        + $"        {handler}FunctionArn: !GetAtt {handler}Function.Arn\n",
                    StringComparison.Ordinal
                )
                .Replace(
                    $"                  - !GetAtt {Model}Function.Arn\n",
                    $"                  - !GetAtt {Model}Function.Arn\n                  - !GetAtt {handler}Function.Arn\n",
                    StringComparison.Ordinal
                );
        }

        await File.WriteAllTextAsync(Path.Combine(_product.Path, "template.yaml"), template);

        var templates = Directory.CreateDirectory(Path.Combine(_product.Path, "templates")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RehearsedService.Product, "templates")))
        {
            File.Copy(file, Path.Combine(templates, Path.GetFileName(file)));
        }

        var machines = Directory.CreateDirectory(Path.Combine(_product.Path, "statemachines")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RehearsedService.Product, "statemachines")))
        {
            File.Copy(file, Path.Combine(machines, Path.GetFileName(file)));
        }

        var path = Path.Combine(machines, "deploy.asl.json");
        var machine = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var states = machine["States"]!["Waves"]!["ItemProcessor"]!["States"]!["Steps"]!["ItemProcessor"]!["States"]!.AsObject();
        foreach (var (kind, handler) in new[] { ("queue", Create), ("queue-removal", Delete) })
        {
            states[handler] = JsonNode.Parse(states[Model]!.ToJsonString().Replace(Model, handler, StringComparison.Ordinal));
            states["Kind"]!["Choices"]!
                .AsArray()
                .Add(
                    new JsonObject
                    {
                        ["Variable"] = "$.kind",
                        ["StringEquals"] = kind,
                        ["Next"] = handler,
                    }
                );
        }

        await File.WriteAllTextAsync(path, machine.ToJsonString());
    }

    /// <summary>Accounts that hold the deployer and its role in the target, and nothing else.</summary>
    private async Task WriteAccounts()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_accounts.Path, "accounts.yaml"),
            """
            tools: { account: "222222222222", region: us-east-1 }
            pipeline: none
            stacks:
              - account: tools
                stack: deployer-${target}
                template: deployer
                parameters: { Stage: "${target}", AllowedTargets: "${account}", PromotesFrom: "" }
              - account: target
                stack: deployer-target-${target}
                template: deployer/target
                parameters: { Stage: "${target}", ToolsAccount: "${tools}", ToolsRegion: us-east-1 }
              - account: target
                stack: deployer-inventory-${target}
                template: deployer/service-access
                parameters: { Stage: "${target}", ToolsAccount: "${tools}", Service: inventory, System: "${system}" }
            """
        );
    }

    /// <summary>The functions with the further kind, and the further kind's own functions.</summary>
    private Task Run(
        string handler,
        IReadOnlyDictionary<string, string> environment,
        HttpClient runtimeApi,
        HttpMessageHandler aws,
        TextWriter log,
        CancellationToken cancellation
    )
    {
        if (handler is not (Create or Delete))
        {
            return InProcessProgram.RunAsync(
                handler,
                environment,
                runtimeApi,
                log,
                registered =>
                {
                    InProcess.Register(registered, environment, aws);
                    registered.AddQueues(_queues);
                },
                cancellation
            );
        }

        var services = Services(registered => InProcess.Register(registered, environment, aws));
        return InProcessBootstrap.RunAsync(
            HandlerWrapper.GetHandlerWrapper<TaskInput, TaskDone>(
                (input, context) => handler == Create ? CreateQueue(services, input, context) : DeleteQueue(services, input, context),
                new PayloadSerializer()
            ),
            () => Task.FromResult(true),
            environment,
            runtimeApi,
            log,
            cancellation
        );
    }

    private async Task<TaskDone> CreateQueue(ServiceProvider services, TaskInput input, ILambdaContext context)
    {
        _entered.Add(input.Step);
        var done = await services.GetRequiredService<WaitingTask>().Enter(services.GetRequiredService<QueueWork>(), input, context);
        _queues.Present.Add($"{input.Step}-{(_instance is null ? "dev" : $"dev-{_instance}")}");
        return done;
    }

    private static Task<TaskDone> DeleteQueue(ServiceProvider services, TaskInput input, ILambdaContext context) =>
        services.GetRequiredService<WaitingTask>().Enter(services.GetRequiredService<QueueRemoval>(), input, context);

    private ServiceProvider Services(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        services.AddQueues(_queues);
        new Startup().ConfigureServices(services);
        return services.BuildServiceProvider();
    }
}
