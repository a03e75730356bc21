using System.Text.Json.Nodes;
using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CodeDeploy;

/// <summary>A compute group of some instances with an application to deploy, in a world of its own.</summary>
internal sealed class Fleet : IAsyncDisposable, IEventSource
{
    public const string Account = "111111111111";
    public const string Region = "us-east-1";
    public const string Application = "inventory";
    public const string Group = "inventory-dev";
    public static readonly LaunchSettings Template = new("lt-1", "1", "ami-1", "t3.large", "node");

    private Fleet(RehearsalOptions options)
    {
        World = new RehearsalWorld(options);
        Scaling = new ScalingGroups(World, this);
        Groups = new DeployGroups(World);
        Deployments = new Deployments(World, Groups, Scaling, this);
    }

    public RehearsalWorld World { get; }

    public ScalingGroups Scaling { get; }

    public DeployGroups Groups { get; }

    public Deployments Deployments { get; }

    public List<string> Events { get; } = [];

    public DeployGroup DeployGroup => Groups.Find(Account, Region, Application, Group)!;

    public ScalingGroup ScalingGroup => Scaling.Find(Account, Region, Group)!;

    public static Bundle Revision(string name) => new("datomic-code-1", $"datomic/apps/{Application}/stable/{name}.zip", "zip");

    public static ScalingGroup NewScalingGroup(RehearsalWorld world, int instances) =>
        new()
        {
            Account = Account,
            Region = Region,
            Name = Group,
            Arn = $"arn:aws:autoscaling:{Region}:{Account}:autoScalingGroup:1:autoScalingGroupName/{Group}",
            Created = world.Now,
            Template = Template,
            MinSize = 1,
            MaxSize = 4,
            DesiredCapacity = instances,
            Subnets = ["subnet-1", "subnet-2"],
            Tags = [new ScalingTag("datomic:system", "datomic-dev", true), new ScalingTag("datomic:tx-group", Group, true)],
        };

    /// <summary>A fleet as it was stored.</summary>
    public static Fleet Open(RehearsalOptions options) => new(options);

    public static async Task<Fleet> Start(
        int instances = 2,
        RehearsalOptions? options = null,
        IInstanceAgent? agent = null,
        Action<Fleet>? prepare = null
    )
    {
        var fleet = Open(options ?? new RehearsalOptions());
        prepare?.Invoke(fleet);
        if (agent is not null)
        {
            fleet.Deployments.Add(agent);
        }

        await fleet.World.Do(() =>
        {
            fleet.Scaling.Create(NewScalingGroup(fleet.World, instances));
            fleet.Groups.CreateApplication(Account, Region, Application);
            fleet.Groups.Create(
                new DeployGroup
                {
                    Account = Account,
                    Region = Region,
                    Id = "group",
                    Application = Application,
                    Name = Group,
                    ServiceRole = "arn:aws:iam::111111111111:role/code-deploy",
                    ScalingGroups = [Group],
                    RollsBackFailures = true,
                }
            );
        });
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Settled);
        return fleet;
    }

    /// <summary>Deploys and waits for the end; the rollback is another deployment and goes on.</summary>
    public async Task<Deployment> Deploy(string revision)
    {
        var id = (await World.Do(() => Deployments.Create(DeployGroup, Revision(revision), null))).Id;
        await World.RunUntil(() => !Deployment(id).Active);
        return await World.Do(() => Deployment(id));
    }

    public Deployment Deployment(string id) => Deployments.Find(Account, Region, id)!;

    /// <summary>Waits until no deployment runs any more.</summary>
    public Task Quiet() =>
        World.RunUntil(() => DeployGroup.Active is null && Deployments.Of(DeployGroup).All(deployment => !deployment.Active));

    public Task<string?[]> Running() =>
        World.Do(() => ScalingGroup.InService.Select(instance => Path.GetFileNameWithoutExtension(RunningOn(instance.Id)?.Key)).ToArray());

    /// <summary>The revision of the last deployment that succeeded on an instance.</summary>
    private Bundle? RunningOn(string instance) =>
        Deployments
            .Of(DeployGroup)
            .SelectMany(deployment => deployment.Targets.Select(target => (deployment, target)))
            .Where(found => found.target.InstanceId == instance && found.target.Status == "Succeeded")
            .OrderByDescending(found => found.target.Updated)
            .Select(found => found.deployment.Revision)
            .FirstOrDefault();

    public void Publish(string account, string region, string source, string detailType, IReadOnlyList<string> resources, JsonObject detail)
    {
        // Those of the instances' own group are no matter of CodeDeploy.
        if (source == "aws.codedeploy")
        {
            Events.Add($"{detail["deploymentId"]} {detail["state"]}");
        }
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
