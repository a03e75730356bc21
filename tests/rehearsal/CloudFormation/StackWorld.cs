using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.CloudFormation;

/// <summary>A world with CloudFormation alone; templates behind addresses come from a dictionary.</summary>
internal sealed class StackWorld : IAsyncDisposable, ITemplateSource, IStackListener
{
    private readonly List<string> _statuses = [];

    public StackWorld(params Fault[] faults)
        : this(new RehearsalOptions { Faults = new Faults(faults) }) { }

    public StackWorld(RehearsalOptions options)
    {
        World = new RehearsalWorld(options);
        World.Api.Authorizer = new Authorizer(World);
        Stacks = new StackTable(World);
        Services = SimulatedServices.Build(World, services => services.AddSingleton<IEventSource, NoEvents>());
        Engine = new StackEngine(World, Stacks, this, Services.GetRequiredService<ResourceTypeCatalogue>());
        var definitions = new Definitions(Engine, this);
        ChangeSets = new ChangeSets(World, Stacks, Engine, this);
        Requests = new StackRequests(World, Stacks, Engine, definitions, ChangeSets);
        ChangeSetRequests = new ChangeSetRequests(World, Stacks, Engine, definitions, Requests, ChangeSets);
        Engine.Listen(this);
    }

    public RehearsalWorld World { get; }

    /// <summary>The services behind the resource types; none of them answers requests unless a test registers it.</summary>
    public ServiceProvider Services { get; }

    public StackTable Stacks { get; }

    public StackEngine Engine { get; }

    public ChangeSets ChangeSets { get; }

    public StackRequests Requests { get; }

    public ChangeSetRequests ChangeSetRequests { get; }

    public Dictionary<string, string> Templates { get; } = [];

    public Principal Caller { get; set; } = Principal.Root("111111111111");

    /// <summary>The stack statuses passed through, as <c>stack STATUS</c>; nested stacks under their resource's name.</summary>
    public IReadOnlyList<string> Statuses => _statuses;

    public Call Call => World.Api.CallAs(Caller, "us-east-1", "cloudformation", "Test");

    public string Fetch(Principal principal, string region, string url) =>
        Templates.GetValueOrDefault(url) ?? throw new TemplateException("S3 error: Access Denied");

    public Task<T> Do<T>(Func<T> action) => World.Do(action);

    public Task<StackRecord> Create(string name, string body, params GivenParameter[] parameters) =>
        Do(() => Requests.Create(Call, Order(name, body, parameters)));

    public Task<StackRecord> Update(string name, string body, params GivenParameter[] parameters) =>
        Do(() => Requests.Update(Call, Order(name, body, parameters)));

    public static StackOrder Order(string name, string body, params GivenParameter[] parameters) =>
        new(name)
        {
            TemplateBody = body,
            Parameters = parameters,
            Capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        };

    /// <summary>Lets time pass until no operation runs; gives the stack.</summary>
    public async Task<StackRecord> Settle(StackRecord stack)
    {
        await World.RunUntil(() => Stacks.Get(stack.Key).Operation is null);
        return Stacks.Get(stack.Key);
    }

    public async Task<StackRecord> Created(string name, string body, params GivenParameter[] parameters) =>
        await Settle(await Create(name, body, parameters));

    public async Task<StackRecord> Updated(string name, string body, params GivenParameter[] parameters) =>
        await Settle(await Update(name, body, parameters));

    public async Task<ChangeSetRecord> ChangeSet(
        string stack,
        string name,
        string body,
        bool isCreation = false,
        bool includesNested = false,
        params GivenParameter[] parameters
    )
    {
        var changeSet = await Do(() =>
            ChangeSetRequests.Create(
                Call,
                Order(stack, body, parameters) with
                {
                    IsReviewed = true,
                },
                name,
                isCreation,
                null,
                includesNested
            )
        );
        await World.RunUntil(() => changeSet.Status is ChangeSetStatus.CREATE_COMPLETE or ChangeSetStatus.FAILED);
        return changeSet;
    }

    /// <summary>A stack's resource events, the oldest first, as <c>LogicalId STATUS</c> with the reason where there is one.</summary>
    public IReadOnlyList<string> Events(StackRecord stack) =>
        [
            .. Stacks
                .Events(stack)
                .Reverse()
                .Where(e => e.LogicalId != stack.Name)
                .Select(e => $"{e.LogicalId} {e.Status}{(e.Reason is null ? "" : ": " + e.Reason)}"),
        ];

    public void StackChanged(StackRecord stack, StackEvent change) =>
        _statuses.Add($"{stack.ParentLogicalId ?? stack.Name} {change.Status}");

    public void ResourceChanged(StackRecord stack, StackEvent change)
    {
        // Read from the events.
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
