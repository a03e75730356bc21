using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Iam;

public sealed class AuthorizerTests
{
    private const string Tools = "222222222222";
    private const string Prod = "333333333333";
    private const string NobodysTrust = """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
        "Action":"sts:AssumeRole"}}
        """;

    [Fact]
    public async Task A_session_may_do_what_the_policies_of_its_role_say()
    {
        await using var world = World();
        await world.Do(() =>
        {
            var roles = new Roles(world);
            roles.Create(
                new Role
                {
                    Account = Tools,
                    Name = "writer",
                    Path = "/deployer/",
                    TrustPolicy = NobodysTrust,
                }
            );
            roles.PutInlinePolicy(Tools, "writer", "write", Allow("s3:PutObject", "arn:aws:s3:::sources/*"));
            roles.Attach(Tools, "writer", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
            var session = Principal.AssumedRole(Tools, "writer", "s");

            world.Api.Check(session, Tools, ["arn:aws:s3:::sources/a"], "s3:PutObject");
            world.Api.Check(session, Tools, [$"arn:aws:logs:us-east-1:{Tools}:log-group:x"], "logs:PutLogEvents");
            Should
                .Throw<ApiException>(() => world.Api.Check(session, Tools, ["arn:aws:s3:::sources/a"], "s3:GetObject"))
                .Message.ShouldBe(
                    $"User: arn:aws:sts::{Tools}:assumed-role/writer/s is not authorized to perform: s3:GetObject on resource: "
                        + "arn:aws:s3:::sources/a "
                        + "because no identity-based policy allows the s3:GetObject action"
                );
        });
    }

    [Fact]
    public async Task A_session_policy_narrows_what_the_role_may_do()
    {
        await using var world = World();
        await world.Do(() =>
        {
            new Roles(world).Create(
                new Role
                {
                    Account = Tools,
                    Name = "reader",
                    TrustPolicy = NobodysTrust,
                    InlinePolicies = { ["read"] = Allow("s3:*", "*") },
                }
            );
            var session = Principal.AssumedRole(Tools, "reader", "s") with
            {
                SessionPolicy = Allow("s3:GetObject", "arn:aws:s3:::artifacts/*"),
            };

            world.Api.Check(session, Tools, ["arn:aws:s3:::artifacts/a"], "s3:GetObject");
            Should.Throw<ApiException>(() => world.Api.Check(session, Tools, ["arn:aws:s3:::others/a"], "s3:GetObject"));
        });
    }

    [Fact]
    public async Task A_service_names_the_resource_that_makes_it_call()
    {
        await using var world = World();
        await world.Do(() =>
        {
            const string Rule = "arn:aws:events:us-east-1:222222222222:rule/stacks";
            const string Function = "arn:aws:lambda:us-east-1:222222222222:function:resume";
            const string Policy = $$$"""
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                "Action":"lambda:InvokeFunction","Resource":"{{{Function}}}",
                "Condition":{"ArnLike":{"AWS:SourceArn":"{{{Rule}}}"} } } }
                """;

            world.Api.Check(Principal.Service("events.amazonaws.com", Tools, Rule), Tools, [Function], "lambda:InvokeFunction", Policy);
            Should.Throw<ApiException>(() =>
                world.Api.Check(
                    Principal.Service("events.amazonaws.com", Tools, Rule + "-other"),
                    Tools,
                    [Function],
                    "lambda:InvokeFunction",
                    Policy
                )
            );
        });
    }

    /// <summary>
    /// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html: ListDeploymentTargets has no resource
    /// type, so that a policy for a deployment group does not give it.
    /// </summary>
    [Theory]
    [InlineData("arn:aws:codedeploy:us-east-1:222222222222:deploymentgroup:a/b", false)]
    [InlineData("*", true)]
    public async Task An_action_without_resource_types_is_judged_on_all_resources(string granted, bool isAllowed)
    {
        await using var world = World();
        await world.Do(() =>
        {
            var roles = new Roles(world);
            var role = roles.Create(
                new Role
                {
                    Account = Tools,
                    Name = "reader",
                    TrustPolicy = NobodysTrust,
                }
            );
            roles.PutInlinePolicy(Tools, "reader", "read", Allow("codedeploy:ListDeploymentTargets", granted));
            const string Group = "arn:aws:codedeploy:us-east-1:222222222222:deploymentgroup:a/b";
            var authorizer = (Authorizer)world.Api.Authorizer!;

            authorizer
                .Decide(
                    Principal.AssumedRole(Tools, "reader", "s"),
                    "codedeploy:ListDeploymentTargets",
                    Group,
                    Tools,
                    resourcePolicy: null,
                    new Dictionary<string, string>()
                )
                .Allowed.ShouldBe(isAllowed);
            authorizer.Simulate(role, "codedeploy:ListDeploymentTargets", Group, new ConditionKeys()).Allowed.ShouldBe(isAllowed);
        });
    }

    [Fact]
    public async Task A_session_whose_role_is_gone_may_do_nothing()
    {
        await using var world = World();
        await world.Do(() =>
        {
            var roles = new Roles(world);
            roles.Create(
                new Role
                {
                    Account = Tools,
                    Name = "admin",
                    TrustPolicy = NobodysTrust,
                    ManagedPolicies = { "arn:aws:iam::aws:policy/AdministratorAccess" },
                }
            );
            var session = Principal.AssumedRole(Tools, "admin", "s");
            world.Api.Check(session, Tools, ["*"], "s3:ListAllMyBuckets");
            roles.Detach(Tools, "admin", "arn:aws:iam::aws:policy/AdministratorAccess");
            roles.Delete(Tools, "admin");

            Should.Throw<ApiException>(() => world.Api.Check(session, Tools, ["*"], "s3:ListAllMyBuckets"));
        });
    }

    [Fact]
    public async Task The_organisation_of_the_world_is_a_condition_key()
    {
        await using var world = World();
        await world.Do(() =>
        {
            new Roles(world).Create(
                new Role
                {
                    Account = Tools,
                    Name = "teller",
                    TrustPolicy = NobodysTrust,
                    InlinePolicies = { ["tell"] = Allow("events:PutEvents", "*") },
                }
            );
            var policy = (string organization) =>
                $$$"""
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"events:PutEvents",
                    "Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"{{{organization}}}"} } } }
                    """;
            var bus = $"arn:aws:events:us-east-1:{Prod}:event-bus/deployer";
            var session = Principal.AssumedRole(Tools, "teller", "s");

            world.Api.Check(session, Tools, [bus], "events:PutEvents", policy(Authorizer.OrganizationId));
            Should.Throw<ApiException>(() => world.Api.Check(session, Tools, [bus], "events:PutEvents", policy("o-anotherone")));
        });
    }

    [Fact]
    public async Task A_role_is_passed_only_to_a_service_that_it_trusts_and_that_the_caller_may_pass_it_to()
    {
        await using var world = World();
        await world.Do(() =>
        {
            var roles = new Roles(world);
            var passed = roles
                .Create(
                    new Role
                    {
                        Account = Tools,
                        Name = "function",
                        TrustPolicy = NobodysTrust,
                    }
                )
                .Arn;
            roles.Create(
                new Role
                {
                    Account = Tools,
                    Name = "creator",
                    TrustPolicy = NobodysTrust,
                    InlinePolicies = { ["pass"] = Allow("iam:PassRole", passed) },
                }
            );
            var creator = Principal.AssumedRole(Tools, "creator", "s");
            var passRole = new PassRole(world);

            passRole.Check(creator, passed, "lambda.amazonaws.com");
            Should
                .Throw<ApiException>(() => passRole.Check(creator, passed, "codebuild.amazonaws.com"))
                .Message.ShouldContain("cannot be assumed by codebuild");
            Should
                .Throw<ApiException>(() => passRole.Check(Principal.AssumedRole(Tools, "function", "s"), passed, "lambda.amazonaws.com"))
                .Message.ShouldContain("iam:PassRole");
        });
    }

    [Fact]
    public async Task Roles_and_policies_outlive_the_process()
    {
        var directory = Directory.CreateTempSubdirectory("deployer-").FullName;
        try
        {
            await using (var world = World(directory))
            {
                await world.Do(() =>
                {
                    var roles = new Roles(world);
                    var policy = roles.CreatePolicy(Tools, "read", Allow("s3:GetObject", "*"));
                    return roles.Create(
                        new Role
                        {
                            Account = Tools,
                            Name = "reader",
                            TrustPolicy = NobodysTrust,
                            ManagedPolicies = { policy.Arn },
                        }
                    );
                });
            }

            await using var again = World(directory);
            await again.Do(() => again.Api.Check(Principal.AssumedRole(Tools, "reader", "s"), Tools, ["arn:aws:s3:::a/b"], "s3:GetObject"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task What_iam_refuses_is_refused_in_its_words()
    {
        await using var world = World();
        await world.Do(() =>
        {
            var roles = new Roles(world);
            roles.Create(
                new Role
                {
                    Account = Tools,
                    Name = "r",
                    TrustPolicy = NobodysTrust,
                }
            );

            Should
                .Throw<ApiException>(() =>
                    roles.Create(
                        new Role
                        {
                            Account = Tools,
                            Name = "r",
                            TrustPolicy = NobodysTrust,
                        }
                    )
                )
                .Code.ShouldBe("EntityAlreadyExists");
            Should.Throw<ApiException>(() => roles.PutInlinePolicy(Tools, "r", "p", NobodysTrust)).Code.ShouldBe("MalformedPolicyDocument");
            Should.Throw<ApiException>(() => roles.Attach(Tools, "r", "arn:aws:iam::aws:policy/Unknown")).Code.ShouldBe("NoSuchEntity");
            Should.Throw<ApiException>(() => roles.Delete(Tools, "s")).Code.ShouldBe("NoSuchEntity");
        });
    }

    private static RehearsalWorld World(string? directory = null)
    {
        var world = new RehearsalWorld(new RehearsalOptions { StateDirectory = directory });
        world.Api.Authorizer = new Authorizer(world);
        return world;
    }

    private static string Allow(string action, string resource) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}]}""";
}
