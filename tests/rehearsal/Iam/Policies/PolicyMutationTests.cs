using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Iam.Actions;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.Iam.Policies;

/// <summary>
/// Requests that differ in one thing from what the deployer does, and have to be denied. Then the templates' statements are widened, one
/// thing at a time: a condition is dropped, or takes any value; a trust or a resource's policy lets in one more principal. Each of these
/// mutations has to let one of the requests through, or it has its reason.
/// </summary>
public sealed class PolicyMutationTests(DeployedPolicies policies) : IClassFixture<DeployedPolicies>
{
    private const string Account = DeployedPolicies.Account;

    /// <summary>An account that nobody has named to the deployer.</summary>
    private const string Foreign = "999999999999";

    /// <summary>Where the deployer of the target is, whose functions nobody runs here.</summary>
    private const string Tools = TestAws.Prod;

    private const string Everything = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
    private const string AnyService = "ec2.amazonaws.com";
    private const string Place = $"us-east-1:{Account}";

    /// <summary>Mutations that let nothing more through, and why.</summary>
    private static readonly (string Statement, string Mutation, string Reason)[] Equivalent =
    [
        ("deployer-dev-target/trust", "any principal", "aws:PrincipalArn names the account, too"),
        ("deployer-dev-ions/trust", "any principal", "aws:PrincipalArn names the account, too"),
    ];

    /// <summary>Resources that are widened by nothing that a neighbour has, and why.</summary>
    private static readonly (string Statement, string[] Resources, string Reason)[] AnyOfItsType =
    [
        (
            "deployer-dev-Pipeline codepipeline:ListActionExecutions",
            [$"codepipeline:{Place}:*"],
            "who has approved a plan is asked of whichever pipeline"
        ),
        ("deployer-dev-operator WatchPipelines", [$"codepipeline:{Place}:*"], "a service's pipeline may have any name"),
        ("deployer-dev-cloudformation Networks", [$"ec2:*:{Account}:*/*"], "networks have ids"),
        ("deployer-dev-cloudformation LaunchTemplates", [$"ec2:*:{Account}:*/*", "ec2:*::image/*"], "instances and images have ids"),
        (
            "deployer-dev-cloudformation LoadBalancers",
            [
                $"elasticloadbalancing:*:{Account}:listener/*",
                $"elasticloadbalancing:*:{Account}:loadbalancer/*",
                $"elasticloadbalancing:*:{Account}:targetgroup/*",
            ],
            "Datomic's templates give them no names"
        ),
        ("deployer-dev-cloudformation HttpApis", ["apigateway:*::/*"], "APIs have ids"),
        ("deployer-dev-target DriftOfApis", ["apigateway:us-east-1::/*"], "APIs have ids"),
        ("deployer-dev-cloudformation ServiceLinkedRoles", [$"iam::{Account}:role/aws-service-role/*"], "a condition names the services"),
        (
            "deployer-dev-cloudformation SystemServiceLinkedRoles",
            [$"iam::{Account}:role/aws-service-role/*"],
            "a condition names the services"
        ),
        (
            "deployer-dev-cloudformation DeploymentGroups",
            [
                $"codedeploy:{Place}:deploymentconfig:*",
                $"codedeploy:{Place}:application:inventory",
                $"codedeploy:{Place}:application:orders",
            ],
            "configurations have the names of AWS's own; a system may have any application, by the next statement"
        ),
        (
            "deployer-dev-cloudformation SystemDeploymentGroups",
            [$"codedeploy:{Place}:application:*", $"codedeploy:{Place}:deploymentconfig:*"],
            "an application has the name that is given to the group, or the stack's"
        ),
        ("deployer-dev-cloudformation SystemScaling", [$"application-autoscaling:{Place}:scalable-target/*"], "targets have ids"),
        ("deployer-dev-cloudformation SystemFileSystems", [$"elasticfilesystem:{Place}:file-system/*"], "file systems have ids"),
        (
            "deployer-dev-cloudformation SystemNetwork",
            [$"ec2:{Place}:internet-gateway/*", $"ec2:{Place}:route-table/*", $"ec2:{Place}:subnet/*", $"ec2:{Place}:vpc/*"],
            "networks have ids"
        ),
        ("deployer-dev-target Transforms", ["cloudformation:us-east-1:aws:transform/*"], "all of them are AWS's own"),
        ("deployer-dev-target ReadTasks", [$"ecs:{Place}:container-instance/*", $"ecs:{Place}:task/*"], "tasks have ids"),
    ];

    /// <summary>The part of an ARN that names the resource.</summary>
    private const int ResourceOfArn = 5;

    private static readonly string[] Stages = ["dev", "stage", "prod"];

    /// <summary>What each service that assumes a role does it for.</summary>
    private static readonly (string Role, string Source)[] Sources =
    [
        .. Stages.SelectMany(stage =>
            new[]
            {
                ($"deployer-{stage}-machine", $"arn:aws:states:{Place}:stateMachine:deployer-{stage}-deploy"),
                ($"deployer-{stage}-plan-machine", $"arn:aws:states:{Place}:stateMachine:deployer-{stage}-plan"),
                ($"deployer-{stage}-build", $"arn:aws:codebuild:{Place}:project/deployer-{stage}-ions"),
            }
        ),
        ("deployer-dev-build-inventory", $"arn:aws:codebuild:{Place}:project/deployer-dev-ions"),
        ("deployer-dev-build-orders", $"arn:aws:codebuild:{Place}:project/deployer-dev-ions"),
        ("deployer-dev-events", $"arn:aws:events:{Place}:rule/deployer-dev"),
        ("inventory-pipeline-us-east-1", $"arn:aws:codepipeline:{Place}:inventory-pipeline"),
    ];

    [Fact]
    public void What_differs_in_one_thing_from_what_the_deployer_does_is_denied()
    {
        var refusals = Refusals().ToList();

        refusals.Count.ShouldBeGreaterThan(120);
        refusals.Where(refusal => refusal.IsAllowed(policies.Statements)).Select(refusal => refusal.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_condition_and_every_principal_that_is_widened_lets_something_through_that_is_denied_now()
    {
        var refusals = Refusals().ToList();
        var mutations = Mutations().ToList();

        var unnoticed = mutations
            .Where(mutation => !refusals.Exists(refusal => mutation.Changes(refusal.Holder) && refusal.IsAllowed(mutation.Statements)))
            .ToList();

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{mutations.Count} mutations of conditions, trusts and policies of resources: {mutations.Count - unnoticed.Count} are noticed "
                + $"by {refusals.Count} requests, {unnoticed.Count} have a reason"
        );
        mutations.Count.ShouldBeGreaterThan(150);
        unnoticed
            .Select(mutation => $"{mutation.Statement}: {mutation.Name}")
            .ShouldBe(Equivalent.Select(one => $"{one.Statement}: {one.Mutation}"), ignoreOrder: true);
    }

    /// <summary>
    /// Each resource of each statement of a role is widened to any one of its type and, of an object, to any one of its bucket. That has to
    /// let through the same request for a neighbour, which is denied now: another stage, service or part of the bucket. Conditions are left
    /// aside, so that nothing but the resource denies it.
    /// </summary>
    [Fact]
    public void Every_resource_that_is_widened_lets_something_of_a_neighbour_through_that_is_denied_now_or_has_its_reason()
    {
        var byRole = policies
            .Statements.Where(statement => !IsTrust(statement) && statement.Json["Principal"] is null)
            .Select(statement => statement with { Json = Without(statement.Json, "Condition") })
            .GroupBy(statement => statement.Role)
            .ToDictionary(role => role.Key, role => role.ToList());
        var mutations = 0;
        var unnoticed = new HashSet<string>();
        var seen = new HashSet<string>();
        foreach (var statement in byRole.Values.SelectMany(role => role).Where(statement => statement.Allows))
        {
            var all = byRole[statement.Role];
            // What several roles have by one policy is one statement.
            foreach (var resource in statement.Resources.Where(one => one != "*" && seen.Add($"{one} {statement.Json.ToJsonString()}")))
            {
                foreach (var (widened, neighbours) in Wider(resource))
                {
                    mutations++;
                    var json = statement.Json.DeepClone().AsObject();
                    json["Resource"] = widened;
                    List<DeployedPolicies.Statement> mutated =
                    [
                        .. all.Select(one => ReferenceEquals(one, statement) ? one with { Json = json } : one),
                    ];
                    var requests =
                        from neighbour in neighbours
                        from action in statement.Actions.SelectMany(IamActions.Matching)
                        where action.Knows(neighbour)
                        select new Refusal(statement.Role, action.Name, neighbour, Account);
                    if (!requests.Any(request => !request.IsAllowed(all) && request.IsAllowed(mutated)))
                    {
                        unnoticed.Add($"{statement.Role} {statement.Json["Sid"]?.GetValue<string>() ?? statement.Actions[0]}: {resource}");
                    }
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{mutations} mutations of resources: {unnoticed.Count} have a reason");
        mutations.ShouldBeGreaterThan(300);
        unnoticed.ShouldBe(
            AnyOfItsType.SelectMany(one => one.Resources.Select(resource => $"{one.Statement}: arn:aws:{resource}")),
            ignoreOrder: true
        );
    }

    /// <summary>What a resource may be widened to, and its neighbours that it takes in by that.</summary>
    private static IEnumerable<(string Widened, IReadOnlyList<string> Neighbours)> Wider(string resource)
    {
        var parts = resource.Split(':', ResourceOfArn + 1);
        var ofType =
            parts[ResourceOfArn].IndexOfAny(['/', ':']) is > 0 and var end && parts[2] != "s3"
                ? parts[ResourceOfArn][..(end + 1)]
                : string.Empty;
        var one = resource.Replace('*', 'x');
        // Other stages, other services, and another name where there is neither.
        var others = new[] { "dev|stage|prod", "inventory|orders|datomic" }
            .Select(names => Regex.Replace(one, $@"\b({names})\b", "${1}2", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Append(resource.EndsWith('*') ? one : $"{one}2")
            .Where(neighbour => neighbour != one);
        yield return (
            $"{string.Join(':', parts[..ResourceOfArn])}:{ofType}*",
            // Lines of logs are in streams:
            // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
            [.. parts[2] == "logs" ? others.SelectMany(group => new[] { group, $"{group.TrimEnd('x', ':')}:log-stream:x" }) : others]
        );
        if (parts[2] == "s3" && parts[ResourceOfArn].Split('/', 2) is [var bucket, not "*"])
        {
            yield return ($"arn:aws:s3:::{bucket}/*", [$"arn:aws:s3:::{bucket.Replace('*', 'x')}/another-part/x"]);
        }
    }

    /// <summary>Conditions aside, a service's trust names what it works for, or AWS documents no key for it.</summary>
    [Fact]
    public void Every_trust_of_a_service_names_the_account_and_the_source_but_those_for_which_AWS_documents_no_key()
    {
        var trusts = policies
            .Statements.Where(statement => IsTrust(statement) && ServiceOf(statement) is not null)
            .Select(statement => (Service: ServiceOf(statement)!, Keys: statement.ConditionKeys.ToList()))
            .ToList();

        trusts.Count.ShouldBeGreaterThan(60);
        trusts
            .Where(trust => !trust.Keys.Contains("aws:SourceAccount") || !trust.Keys.Contains("aws:SourceArn"))
            .Select(trust => trust.Service)
            .Distinct()
            .ShouldBe(["lambda.amazonaws.com", "cloudformation.amazonaws.com"], ignoreOrder: true);
    }

    /// <summary>
    /// The trust of the roles in a target's account takes any role of the stage: that operators, builds, machines and the function that
    /// publishes stay out is their own policies' doing.
    /// </summary>
    [Fact]
    public void Only_the_functions_that_work_on_a_target_enter_its_account_and_only_builds_push()
    {
        string[] entering =
        [
            "Begin",
            "Plan",
            "PrepareStack",
            "UpdateStack",
            "RemoveStack",
            "PushIons",
            "DeployIons",
            "ChangeCapacity",
            "ResolveEndpoint",
            "InjectEndpoint",
            "DeployService",
            "ReplaceStandby",
            "ReplaceActive",
            "WatchTransactors",
            "Prove",
            "Finish",
            "Resume",
            "Sweep",
            "PlanStep",
            "Check",
        ];

        Assuming("target").ShouldBe(entering.Select(function => $"deployer-dev-{function}"), ignoreOrder: true);
        Assuming("ions").ShouldBe(["deployer-dev-build", "deployer-dev-build-inventory", "deployer-dev-build-orders"], ignoreOrder: true);

        IEnumerable<string> Assuming(string role) =>
            policies
                .Statements.Where(statement => statement.Allows && statement.Json["Principal"] is null)
                .Select(statement => statement.Role)
                .Distinct()
                .Where(holder =>
                    new Refusal(holder, "sts:AssumeRole", $"arn:aws:iam::{Account}:role/deployer-dev-{role}", Account).IsAllowed(
                        policies.Statements
                    )
                );
    }

    private static bool IsTrust(DeployedPolicies.Statement statement) =>
        statement.Owner.EndsWith("/trust", StringComparison.Ordinal) && statement.Json["Principal"] is not null;

    private static string? ServiceOf(DeployedPolicies.Statement statement) =>
        (statement.Json["Principal"] as JsonObject)?["Service"]?.GetValue<string>();

    private IEnumerable<Refusal> Refusals() =>
        [.. OfTrusts(), .. OfResources(), .. OfTools(), .. OfBuilds(), .. OfTarget(), .. OfCloudFormation()];

    /// <summary>Another service; the right one for another account, or for something else of this one.</summary>
    private IEnumerable<Refusal> OfTrusts()
    {
        foreach (var trust in policies.Statements.Where(statement => IsTrust(statement) && ServiceOf(statement) is not null))
        {
            var source = Sources.FirstOrDefault(one => one.Role == trust.Role).Source ?? $"arn:aws:lambda:{Place}:function:x";
            yield return Assume(trust, AnyService, Account, source);
            if (trust.ConditionKeys.Any())
            {
                yield return Assume(trust, ServiceOf(trust)!, Foreign, source);
                yield return Assume(trust, ServiceOf(trust)!, Account, source + "-other");
            }
        }

        foreach (var (role, entering) in new[] { ("target", "Begin"), ("ions", "build-inventory") })
        {
            var resource = $"arn:aws:iam::{Account}:role/deployer-dev-{role}";
            yield return Enter(role, $"arn:aws:iam::{Tools}:role/deployer-dev2-{entering}", "inventory");
            yield return Enter(role, $"arn:aws:iam::{Foreign}:role/deployer-dev-{entering}", "inventory");
            yield return Enter(role, $"arn:aws:iam::{Tools}:role/deployer-dev-{entering}", "other");
            yield return Enter(role, $"arn:aws:iam::{Tools}:role/deployer-dev-{entering}", null);

            Refusal Enter(string name, string caller, string? externalId) =>
                new($"deployer-dev-{name}/trust", "sts:AssumeRole", resource, Account)
                {
                    Caller = caller,
                    Keys = externalId is null ? [] : [("sts:ExternalId", externalId)],
                };
        }

        static Refusal Assume(DeployedPolicies.Statement trust, string service, string account, string source) =>
            new(trust.Owner, "sts:AssumeRole", $"arn:aws:iam::{Account}:role/{trust.Role}", Account)
            {
                Service = service,
                Keys = [("aws:SourceAccount", account), ("aws:SourceArn", source)],
            };
    }

    /// <summary>Buckets, buses and queues.</summary>
    private IEnumerable<Refusal> OfResources()
    {
        foreach (var stage in Stages)
        {
            var bucket = $"deployer-{stage}-{Account}";
            var artifact = $"arn:aws:s3:::{bucket}/artifacts/inventory/x";
            // The bucket is looked at as from a target's account, by another role of it and by a role of another account.
            yield return new(bucket, "s3:GetObject", artifact, Tools) { Caller = $"arn:aws:iam::{Account}:role/somebody" };
            yield return new(bucket, "s3:GetObject", artifact, Tools) { Caller = $"arn:aws:iam::{Foreign}:role/deployer-{stage}-target" };

            yield return new($"bus deployer-{stage}", "events:PutEvents", $"arn:aws:events:{Place}:event-bus/deployer-{stage}", Account)
            {
                Caller = $"arn:aws:iam::{Foreign}:role/deployer-{stage}-events",
            };

            var queue = $"deployer-{stage}-failed-events";
            yield return Send(queue, "events.amazonaws.com", $"arn:aws:events:{Place}:rule/other");
            yield return Send(queue, AnyService, $"arn:aws:events:{Place}:rule/deployer-{stage}/deployer-{stage}-TargetEvents");
            yield return Send(queue, AnyService, $"arn:aws:events:{Place}:rule/deployer-{stage}-BuildEvents");
        }

        yield return Send("deployer-dev-undelivered-events", "events.amazonaws.com", $"arn:aws:events:{Place}:rule/other");
        yield return Send("deployer-dev-undelivered-events", AnyService, $"arn:aws:events:{Place}:rule/deployer-dev");

        static Refusal Send(string queue, string service, string source) =>
            new(queue, "sqs:SendMessage", $"arn:aws:sqs:{Place}:{queue}", Account)
            {
                Service = service,
                Keys = [("aws:SourceAccount", Account), ("aws:SourceArn", source)],
            };
    }

    /// <summary>The functions' roles and the policy of who approves.</summary>
    private IEnumerable<Refusal> OfTools()
    {
        foreach (var stage in Stages)
        {
            yield return new($"deployer-{stage}-Begin", "sts:AssumeRole", $"arn:aws:iam::{Foreign}:role/deployer-{stage}-target", Foreign);
            var bus = $"arn:aws:events:{Place}:event-bus/default";
            yield return new($"deployer-{stage}-Begin", "events:PutEvents", bus, Account)
            {
                Keys = [("events:source", "other"), ("events:detail-type", "Deployer Notification")],
            };
            yield return new($"deployer-{stage}-Begin", "events:PutEvents", bus, Account)
            {
                Keys = [("events:source", "deployer"), ("events:detail-type", "Other")],
            };
            foreach (
                var key in policies
                    .Statements.Where(statement =>
                        statement.Role == $"deployer-{stage}-Notify" && statement.Actions.Contains("kms:Decrypt")
                    )
                    .SelectMany(statement => statement.Resources)
            )
            {
                yield return new($"deployer-{stage}-Notify", "kms:Decrypt", key, Account)
                {
                    Keys = [("kms:ViaService", "s3.us-east-1.amazonaws.com")],
                };
            }

            foreach (string?[] keys in new string?[][] { ["LOCK#inventory"], [null] })
            {
                yield return new(
                    $"deployer-{stage}-approver",
                    "dynamodb:PutItem",
                    $"arn:aws:dynamodb:{Place}:table/deployer-{stage}",
                    Account
                )
                {
                    Keys = keys[0] is { } key ? [("dynamodb:LeadingKeys", key)] : [],
                };
            }
        }

        foreach (var (stage, earlier) in new[] { ("stage", "dev"), ("prod", "stage") })
        {
            yield return new($"deployer-{stage}-Plan", "dynamodb:Query", $"arn:aws:dynamodb:{Place}:table/deployer-{earlier}", Account)
            {
                Keys = [("dynamodb:LeadingKeys", "LOCK#inventory")],
            };
        }

        foreach (var function in new[] { "PushIons", "DeployIons", "Check" })
        {
            yield return new(
                $"deployer-prod-{function}",
                "iam:PassRole",
                $"arn:aws:iam::{Account}:role/deployer-prod-build-inventory",
                Account
            )
            {
                Keys = [("iam:PassedToService", AnyService)],
            };
        }

        yield return new("inventory-pipeline-us-east-1", "codeconnections:UseConnection", DeployedPolicies.Connection, Account)
        {
            Keys = [("codeconnections:FullRepositoryId", "acme/other")],
        };
    }

    private static IEnumerable<Refusal> OfBuilds()
    {
        foreach (var role in new[] { "dev-build", "stage-build", "dev-build-inventory", "dev-build-orders" })
        {
            var stage = role.Split('-')[0];
            yield return new($"deployer-{role}", "sts:AssumeRole", $"arn:aws:iam::{Foreign}:role/deployer-{stage}-ions", Foreign);
        }

        foreach (var role in new[] { "deployer-stage-build", "deployer-dev-build-inventory" })
        {
            foreach (var (repository, permissions) in new[] { ("acme/other", "read_only"), ("acme/inventory", "read_write") })
            {
                yield return new(role, "codeconnections:UseConnection", DeployedPolicies.Connection, Account)
                {
                    Keys = [("codeconnections:FullRepositoryId", repository), ("codeconnections:ProviderPermissionsRequired", permissions)],
                };
            }
        }
    }

    private static IEnumerable<Refusal> OfTarget()
    {
        yield return new("deployer-dev-target", "events:PutEvents", $"arn:aws:events:{Place}:event-bus/default", Account)
        {
            Keys = [("events:source", "other")],
        };
        yield return new("deployer-dev-target", "iam:PassRole", $"arn:aws:iam::{Account}:role/deployer-dev-cloudformation", Account)
        {
            Keys = [("iam:PassedToService", AnyService)],
        };
        foreach (var service in new[] { "inventory", "orders" })
        {
            yield return new("deployer-dev-target", "iam:PassRole", $"arn:aws:iam::{Account}:role/{service}-dev-x", Account)
            {
                Keys = [("iam:PassedToService", AnyService)],
            };
            yield return new("deployer-dev-ions", "s3:PutObject", $"arn:aws:s3:::datomic-code-x/datomic/apps/{service}/x", Foreign);
        }

        foreach (var role in new[] { "deployer-dev-target", "deployer-dev-ions" })
        {
            yield return new(role, "s3:ListBucket", "arn:aws:s3:::datomic-code-x", Foreign);
        }

        yield return new("deployer-dev-target", "s3:GetObject", "arn:aws:s3:::datomic-code-x/datomic/apps/inventory/x", Foreign);
    }

    private static IEnumerable<Refusal> OfCloudFormation()
    {
        const string Role = "deployer-dev-cloudformation";
        yield return new(Role, "iam:CreateServiceLinkedRole", $"arn:aws:iam::{Account}:role/aws-service-role/x", Account)
        {
            Keys = [("iam:AWSServiceName", AnyService)],
        };
        yield return new(Role, "iam:CreateRole", $"arn:aws:iam::{Account}:role/orders-dev-x", Account);
        yield return new(Role, "iam:CreateRole", $"arn:aws:iam::{Account}:role/orders-dev-x", Account)
        {
            Keys = [("iam:PermissionsBoundary", $"arn:aws:iam::{Account}:policy/other")],
        };
        foreach (var service in new[] { "inventory", "orders" })
        {
            yield return new(Role, "iam:PassRole", $"arn:aws:iam::{Account}:role/{service}-dev-x", Account)
            {
                Keys = [("iam:PassedToService", "sagemaker.amazonaws.com")],
            };
        }

        yield return new(Role, "iam:PassRole", $"arn:aws:iam::{Account}:role/datomic-dev-x", Account)
        {
            Keys = [("iam:PassedToService", "sagemaker.amazonaws.com")],
        };
        yield return new(Role, "lambda:CreateEventSourceMapping", "*", Account)
        {
            Keys = [("lambda:FunctionArn", $"arn:aws:lambda:{Place}:function:other")],
        };
    }

    /// <summary>A statement that several roles have by one policy, or several services alike, is one statement.</summary>
    private IEnumerable<Mutation> Mutations()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in policies.Statements.Where(statement => statement.Allows))
        {
            if (!IsTrust(statement) && !seen.Add(statement.Json.ToJsonString()))
            {
                continue;
            }

            foreach (var (name, json) in Widened(statement.Json))
            {
                yield return new Mutation(
                    statement.Owner,
                    name,
                    [
                        .. policies.Statements.Select(other =>
                            IsSame(statement, other) ? other with { Json = json.DeepClone().AsObject() } : other
                        ),
                    ],
                    policies
                        .Statements.Where(other => IsSame(statement, other))
                        .SelectMany(other => new[] { other.Owner, other.Role })
                        .ToHashSet(StringComparer.Ordinal)
                );
            }
        }

        static bool IsSame(DeployedPolicies.Statement one, DeployedPolicies.Statement other) =>
            IsTrust(one) ? one.Owner == other.Owner : !IsTrust(other) && JsonNode.DeepEquals(one.Json, other.Json);
    }

    private static JsonObject Without(JsonObject statement, string member)
    {
        var without = statement.DeepClone().AsObject();
        without.Remove(member);
        return without;
    }

    private static IEnumerable<(string Name, JsonObject Json)> Widened(JsonObject statement)
    {
        foreach (var (operation, keys) in statement["Condition"] as JsonObject ?? [])
        {
            foreach (var key in keys!.AsObject().Select(pair => pair.Key))
            {
                yield return ($"without {(operation == "Null" ? "the need of " : string.Empty)}{key}", Without(operation, key));
                if (operation == "Null")
                {
                    continue;
                }

                var any = Without(operation, key);
                var like = operation.StartsWith("ForAllValues:", StringComparison.Ordinal) ? "ForAllValues:StringLike" : "StringLike";
                var conditions = any["Condition"] as JsonObject ?? [];
                any["Condition"] = conditions.DeepClone();
                if (any["Condition"]![like] is not JsonObject values)
                {
                    any["Condition"]![like] = values = [];
                }

                values[key] = "*";
                yield return ($"any {key}", any);
            }
        }

        if (statement["Principal"] is not JsonObject principal)
        {
            yield break;
        }

        var widened = statement.DeepClone().AsObject();
        widened["Principal"] = principal["Service"] is { } service
            ? new JsonObject { ["Service"] = new JsonArray(service.DeepClone(), AnyService) }
            : new JsonObject { ["AWS"] = "*" };
        yield return (principal.ContainsKey("Service") ? "any service" : "any principal", widened);

        JsonObject Without(string operation, string key)
        {
            var mutated = statement.DeepClone().AsObject();
            var conditions = mutated["Condition"]!.AsObject();
            conditions[operation]!.AsObject().Remove(key);
            if (conditions[operation]!.AsObject().Count == 0)
            {
                conditions.Remove(operation);
            }

            if (conditions.Count == 0)
            {
                mutated.Remove("Condition");
            }

            return mutated;
        }
    }

    /// <summary>All statements, one of them widened.</summary>
    private sealed record Mutation(
        string Statement,
        string Name,
        IReadOnlyList<DeployedPolicies.Statement> Statements,
        IReadOnlySet<string> Changed
    )
    {
        /// <summary>Whether what holds a request's answer is among what was widened.</summary>
        public bool Changes(string holder) => Changed.Contains(holder);
    }

    /// <summary>A request.</summary>
    /// <param name="Holder">
    /// The role whose policies allow it or not; or the trust, bucket, bus or queue whose policy does, for a caller that may do everything.
    /// </param>
    /// <param name="Action">The action.</param>
    /// <param name="Resource">The resource's ARN.</param>
    /// <param name="ResourceAccount">The account that it is in; of another than the role's, its own policy allows everything.</param>
    private sealed record Refusal(string Holder, string Action, string Resource, string ResourceAccount)
    {
        /// <summary>Of a request to a resource: the ARN of the role that makes it.</summary>
        public string? Caller { get; init; }

        /// <summary>Of a request to a resource: the service that makes it.</summary>
        public string? Service { get; init; }

        /// <summary>The request's condition keys.</summary>
        public (string Key, string Value)[] Keys { get; init; } = [];

        public bool IsAllowed(IReadOnlyList<DeployedPolicies.Statement> statements)
        {
            var isTrust = Action == "sts:AssumeRole";
            var kind = isTrust ? PolicyKind.Trust : PolicyKind.Resource;
            var caller = Caller ?? $"arn:aws:iam::{Account}:role/{Holder}";
            var keys = new ConditionKeys().With("aws:ResourceAccount", ResourceAccount);
            if (Service is null)
            {
                keys.With("aws:PrincipalArn", caller);
            }

            foreach (var (key, value) in Keys)
            {
                keys.With(key, value);
            }

            var ofResource = Caller is not null || Service is not null;
            var own = statements
                .Where(statement => ofResource ? statement.Owner == Holder : statement.Role == Holder && !IsTrust(statement))
                .Select(statement => statement.Json.ToJsonString())
                .ToList();
            own.ShouldNotBeEmpty(Holder);
            var needsPolicy = isTrust || ResourceAccount != caller.Split(':')[4];
            // An account that is named leaves it to its roles' own policies; "*" would let a role of the same account in alone.
            var anyone = isTrust
                ? $$"""{"Effect":"Allow","Principal":{"AWS":"{{caller.Split(':')[4]}}"},"Action":"sts:AssumeRole"}"""
                : """{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*"}""";
            var asks = Service is null
                ? new AccessCaller(caller.Split(':')[4], caller)
                {
                    RoleArn = caller,
                    Policies = [.. (ofResource ? [Everything] : own).Select(one => Document([one], PolicyKind.Identity))],
                }
                : new AccessCaller(string.Empty, Service) { Service = Service };
            return PolicyEngine
                .Decide(
                    new AccessQuestion(asks, Action, IamActions.Find(Action)?.JudgedOn(Resource) ?? Resource, ResourceAccount, keys)
                    {
                        ResourcePolicy =
                            ofResource ? Document(own, kind)
                            : needsPolicy ? Document([anyone], kind)
                            : null,
                        IsTrust = isTrust,
                    }
                )
                .Allowed;
        }

        public override string ToString() =>
            $"{Holder}: {Caller ?? Service} {Action} on {Resource} {string.Join(", ", Keys.Select(key => $"{key.Key}={key.Value}"))}";

        private static PolicyDocument Document(IReadOnlyList<string> statements, PolicyKind kind) =>
            PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""", kind);
    }
}
