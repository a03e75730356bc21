using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.EventBridge;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Iam.Actions;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.Iam.Policies;

/// <summary>The policies that the deployer's templates make, as CloudFormation evaluates them.</summary>
public sealed class DeployedPolicies : IAsyncLifetime
{
    public const string Account = TestAws.Tools;
    public const string Connection = $"arn:aws:codeconnections:us-east-1:{Account}:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    /// <summary>Every statement of every policy.</summary>
    internal IReadOnlyList<Statement> Statements { get; private set; } = [];

    /// <summary>The inline policies of each role, and all managed policies, as text.</summary>
    internal IReadOnlyList<(string Owner, string Text)> Texts { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await using var cloud = await SimulatedCloud.Start();
        await cloud.Deploy("deployer-dev", Repository.Text("template.yaml"), ("Stage", "dev"), ("AllowedTargets", Account));
        await cloud.Deploy(
            "deployer-target-dev",
            Repository.Text("templates/target.yaml"),
            ("Stage", "dev"),
            // Not the account of the deployer above, whose functions nobody runs here.
            ("ToolsAccount", TestAws.Prod),
            ("ToolsRegion", "us-east-1"),
            ("ExternalId", "inventory")
        );
        foreach (var (service, boundary) in new[] { ("inventory", ""), ("orders", $"arn:aws:iam::{Account}:policy/boundary") })
        {
            await cloud.Deploy(
                $"deployer-{service}-dev",
                Repository.Text("templates/service-access.yaml"),
                ("Stage", "dev"),
                ("ToolsAccount", Account),
                ("Service", service),
                ("System", "datomic-dev"),
                ("PermissionsBoundary", boundary),
                ("Drift", service == "inventory" ? "yes" : "no"),
                ("SystemStacks", service == "inventory" ? "yes" : "no")
            );
        }

        await cloud.Deploy(
            "deployer-inventory-dev-build",
            Repository.Text("templates/service-build.yaml"),
            ("Stage", "dev"),
            ("Service", "inventory"),
            ("Targets", Account),
            ("Connection", Connection),
            ("Repository", "acme/inventory"),
            ("GitKey", "/deployer/git-key")
        );
        await cloud.Deploy(
            "inventory-pipeline",
            Repository.Text("templates/pipeline.yaml"),
            ("Service", "inventory"),
            ("Connection", Connection),
            ("Repository", "acme/inventory"),
            ("FirstStage", "dev"),
            ("SecondStage", "stage"),
            ("ThirdStage", "prod")
        );
        await cloud.World.Do(() => Read(cloud, "deployer-dev"));
        // What is granted under a condition of a template: connections and a key of builds that share a role, a stage before, roles of each
        // service's builds, and a secret. Each in a world of its own, in which the deployer's schedule does not come round.
        await Further(
            "deployer-stage",
            "template.yaml",
            ("Stage", "stage"),
            ("AllowedTargets", Account),
            ("PromotesFrom", "dev"),
            ("Connections", Connection),
            ("Repositories", "acme/inventory"),
            ("GitKey", "/deployer/git-key")
        );
        await Further(
            "deployer-prod",
            "template.yaml",
            ("Stage", "prod"),
            ("AllowedTargets", Account),
            ("PromotesFrom", "stage"),
            ("BuildRoles", "service")
        );
        await Further(
            "deployer-orders-dev-build",
            "templates/service-build.yaml",
            ("Stage", "dev"),
            ("Service", "orders"),
            ("Targets", Account),
            ("GitSecret", $"arn:aws:secretsmanager:us-east-1:{Account}:secret:git-key-a1b2c3")
        );
    }

    private async Task Further(string stack, string template, params (string Key, string Value)[] parameters)
    {
        await using var cloud = await SimulatedCloud.Start();
        await cloud.Deploy(stack, Repository.Text(template), parameters);
        await cloud.World.Do(() => Read(cloud, template == "template.yaml" ? stack : null));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The actions that a role may do on some resource, by name.</summary>
    internal HashSet<string> Granted(string role) =>
        [
            .. Statements
                .Where(statement => statement.Role == role && statement.Allows)
                .SelectMany(statement =>
                    statement
                        .Actions.SelectMany(IamActions.Matching)
                        .Where(action => statement.Resources.Any(resource => resource == "*" || action.Knows(resource)))
                )
                .Select(action => action.Name),
        ];

    private void Read(SimulatedCloud cloud, string? bus)
    {
        var roles = cloud.World.Store.Table<Role>("iam/roles").WithPrefix("").Select(role => role.Value).ToList();
        var managed = roles
            .SelectMany(role => role.ManagedPolicies)
            .Concat(cloud.World.Store.Table<ManagedPolicy>("iam/policies").WithPrefix("").Select(policy => policy.Value.Arn))
            .Distinct()
            .ToList();
        var known = new Roles(cloud.World);
        Texts =
        [
            .. Texts,
            .. roles.Select(role => (role.Name, string.Concat(role.InlinePolicies.Values))),
            .. managed.Select(arn => (arn, known.PolicyText(arn))),
        ];
        Statements =
        [
            .. Statements,
            .. roles.SelectMany(role =>
                role.InlinePolicies.SelectMany(policy => Parts($"{role.Name}/{policy.Key}", policy.Value))
                    .Concat(
                        role.ManagedPolicies.SelectMany(arn =>
                            Parts($"{role.Name}/{arn[(arn.LastIndexOf('/') + 1)..]}", known.PolicyText(arn))
                        )
                    )
                    .Concat(Parts($"{role.Name}/trust", role.TrustPolicy))
            ),
            .. managed
                .Where(arn => !roles.Exists(role => role.ManagedPolicies.Contains(arn)))
                .SelectMany(arn => Parts(arn[(arn.LastIndexOf('/') + 1)..], known.PolicyText(arn))),
            .. cloud
                .Service<Buckets>()
                .All.Where(bucket => bucket.Policy is not null)
                .SelectMany(bucket => Parts(bucket.Name, bucket.Policy!)),
            .. cloud
                .World.Store.Table<RecordedResource>("resources")
                .WithPrefix("")
                .Select(resource => resource.Value)
                .Where(resource => resource.Type == "AWS::SQS::QueuePolicy")
                .SelectMany(policy =>
                    policy.Properties["Queues"]!
                        .AsArray()
                        .SelectMany(queue =>
                            Parts(
                                queue!.ToString()[(queue.ToString().LastIndexOf('/') + 1)..],
                                policy.Properties["PolicyDocument"]!.ToJsonString()
                            )
                        )
                ),
            .. bus is null ? [] : Parts($"bus {bus}", cloud.Service<EventBuses>().Get(Account, "us-east-1", bus).Policy!),
        ];
    }

    private static IEnumerable<Statement> Parts(string owner, string policy) =>
        Many(JsonNode.Parse(policy)!["Statement"]!).Select(statement => new Statement(owner, statement.AsObject()));

    private static IEnumerable<JsonNode> Many(JsonNode node) => node is JsonArray several ? several.Select(one => one!) : [node];

    /// <summary>A statement of a policy.</summary>
    /// <param name="Owner">The role and its policy, or the resource.</param>
    /// <param name="Json">The statement.</param>
    internal sealed record Statement(string Owner, JsonObject Json)
    {
        public string Role => Owner.Split('/')[0];

        public bool Allows => Json["Effect"]!.GetValue<string>() == "Allow";

        /// <summary>A trust policy's statements have no resource.</summary>
        public IReadOnlyList<string> Resources => Json["Resource"] is { } resources ? Texts(resources) : [];

        public IReadOnlyList<string> Actions => Texts(Json["Action"]!);

        public IEnumerable<string> ConditionKeys =>
            Json["Condition"] is JsonObject conditions
                ? conditions.SelectMany(operation => operation.Value!.AsObject().Select(key => key.Key))
                : [];

        public override string ToString() => $"{Owner} {Json["Sid"]?.GetValue<string>() ?? string.Join(", ", Actions)}";

        private static IReadOnlyList<string> Texts(JsonNode node) => [.. Many(node).Select(one => one.GetValue<string>())];
    }
}
