using Amazon.CloudFormation.Model;
using Amazon.EventBridge.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Who may not come in, and what is not believed. The accounts hold the deployers of dev and prod, by the product's templates.
/// </summary>
public sealed class RefusalTests(RefusalTests.Accounts accounts) : IClassFixture<RefusalTests.Accounts>
{
    private const string Tools = "222222222222";
    private const string Dev = "111111111111";
    private const string Prod = "333333333333";
    private const string Foreign = "999999999999";
    private const string Region = "us-east-1";
    private const string Bus = $"arn:aws:events:{Region}:{Tools}:event-bus/deployer-dev";

    [Theory]
    [InlineData("deployer-dev-UpdateStack", Prod, "deployer-prod-target")]
    [InlineData("deployer-dev-UpdateStack", Prod, "deployer-prod-ions")]
    [InlineData("deployer-dev-build-inventory", Prod, "deployer-prod-ions")]
    [InlineData("deployer-prod-UpdateStack", Dev, "deployer-dev-target")]
    public async Task The_deployer_of_one_stage_does_not_come_into_the_account_of_another(string caller, string account, string role) =>
        (await Refused(Principal.AssumedRole(Tools, caller, "s"), account, role)).ShouldContain(
            "because no role trust policy allows the sts:AssumeRole action"
        );

    /// <summary>An account outside of AllowedTargets that would trust this stage's roles is not entered either.</summary>
    [Fact]
    public async Task An_account_that_is_no_target_is_not_entered_even_if_its_role_lets_the_deployer_in()
    {
        await accounts.Trust(Foreign, "deployer-dev-target");

        (await Refused(Principal.AssumedRole(Tools, "deployer-dev-UpdateStack", "s"), Foreign, "deployer-dev-target")).ShouldContain(
            "because no identity-based policy allows the sts:AssumeRole action"
        );
    }

    [Theory]
    [InlineData("deployer-dev-target")]
    [InlineData("deployer-dev-ions")]
    public async Task The_role_of_a_stage_trusts_no_role_of_another_stage_even_if_that_may_assume_it(string role)
    {
        await accounts.Allow("deployer-prod-Plan", "sts:AssumeRole");

        (await Refused(Principal.AssumedRole(Tools, "deployer-prod-Plan", "s"), Dev, role)).ShouldContain(
            "because no role trust policy allows the sts:AssumeRole action"
        );
    }

    [Fact]
    public async Task Only_the_build_comes_in_to_run_ion_dev()
    {
        await accounts.Allow("deployer-dev-Plan", "sts:AssumeRole");

        (await Refused(Principal.AssumedRole(Tools, "deployer-dev-Plan", "s"), Dev, "deployer-dev-ions")).ShouldContain(
            "because no role trust policy allows the sts:AssumeRole action"
        );
    }

    [Theory]
    [InlineData("deployer-dev-target")]
    [InlineData("deployer-dev-ions")]
    [InlineData("deployer-dev-cloudformation")]
    [InlineData("deployer-dev-events")]
    public async Task A_foreign_account_assumes_no_role(string role) =>
        (await Refused(Principal.Root(Foreign), Dev, role)).ShouldContain("no role trust policy allows");

    [Fact]
    public async Task A_foreign_account_reads_no_artifact_and_reaches_no_bus()
    {
        (await accounts.Refused(() => Get(Principal.Root(Foreign)))).ShouldContain("not authorized to perform: s3:GetObject");
        (await accounts.Refused(() => Put(Principal.Root(Foreign), "acme.orders"))).ShouldContain(
            "not authorized to perform: events:PutEvents"
        );

        object Get(Principal principal) =>
            accounts.Opened.Rehearsal.World.Api.GetObject(principal, Region, $"deployer-dev-{Tools}", "artifacts/inventory/x");
    }

    /// <summary>
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: sources that begin with aws. are AWS's.
    /// </summary>
    [Fact]
    public async Task A_forged_event_is_refused_and_one_of_another_source_starts_nothing()
    {
        var forged = await accounts.Do(() => Put(Principal.Root(Dev), "aws.cloudformation"));
        // What the making of the accounts has sent arrives first.
        await accounts.Opened.Rehearsal.Pass(TimeSpan.FromMinutes(5));
        var before = await Calls();
        var other = await accounts.Do(() => Put(Principal.Root(Dev), "acme.cloudformation"));
        await accounts.Opened.Rehearsal.Pass(TimeSpan.FromMinutes(1));

        forged.Entries.Single().ErrorCode.ShouldBe("NotAuthorizedForSourceException");
        other.FailedEntryCount.ShouldBe(0);
        (await Calls()).ShouldBe(before);

        // The event of a stack that is really there does start it, so that the count would show a forged one.
        await accounts.Do(() =>
            accounts.Opened.Rehearsal.World.Api.Invoke<CreateStackResponse>(
                Principal.Root(Dev),
                Region,
                new CreateStackRequest
                {
                    StackName = "inventory-dev-genuine",
                    TemplateBody = """{"Resources":{"Handle":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}""",
                }
            )
        );
        await accounts.Opened.Rehearsal.Pass(TimeSpan.FromMinutes(1));

        (await Calls()).ShouldBeGreaterThan(before);

        Task<int> Calls() =>
            accounts.Do(() =>
                accounts.Opened.Rehearsal.World.Audit.Calls.Where(call => call.Role == "deployer-dev-Resume").Sum(call => call.Count)
            );
    }

    [Fact]
    public async Task Events_of_another_account_are_not_sent_with_the_role_of_this_one()
    {
        var rule = $"arn:aws:events:{Region}:{Foreign}:rule/deployer-dev";

        (
            await accounts.Refused(() =>
                new RoleSessions(accounts.Opened.Rehearsal.World).Act(
                    Principal.Service("events.amazonaws.com", Foreign, rule),
                    $"arn:aws:iam::{Dev}:role/deployer-dev-events",
                    "session"
                )
            )
        ).ShouldContain("no role trust policy allows");
    }

    /// <summary>
    /// Only the deployer's own functions write what CloudFormation reads; a revision of other bytes is refused where it is promoted
    /// (<see cref="PromotionTests"/>).
    /// </summary>
    [Theory]
    [InlineData(Dev, "deployer-dev-target")]
    [InlineData(Dev, "deployer-dev-cloudformation")]
    [InlineData(Dev, "deployer-dev-ions")]
    [InlineData(Tools, "deployer-dev-Pipeline")]
    [InlineData(Tools, "deployer-dev-build-inventory")]
    [InlineData(Tools, "deployer-prod-UpdateStack")]
    [InlineData(Tools, "inventory-pipeline-dev-us-east-1")]
    public async Task Nobody_else_writes_an_artifact(string account, string role) =>
        (
            await accounts.Refused(() =>
            {
                accounts.Opened.Rehearsal.World.Api.PutObject(
                    Principal.AssumedRole(account, role, "s"),
                    Region,
                    $"deployer-dev-{Tools}",
                    "artifacts/inventory/x",
                    [1]
                );
                return role;
            })
        ).ShouldContain("not authorized to perform: s3:PutObject");

    /// <summary>A dash ends a prefix: the names of another stage that begins alike are not this stage's.</summary>
    [Theory]
    [InlineData(
        "deployer-dev-target",
        "cloudformation:DeleteStack",
        "arn:aws:cloudformation:us-east-1:111111111111:stack/inventory-dev{0}/x"
    )]
    [InlineData("deployer-dev-target", "ssm:PutParameter", "arn:aws:ssm:us-east-1:111111111111:parameter/inventory/dev{0}/group")]
    [InlineData(
        "deployer-dev-ions",
        "states:StartExecution",
        "arn:aws:states:us-east-1:111111111111:stateMachine:datomic-inventory-dev{0}"
    )]
    [InlineData("deployer-dev-cloudformation", "iam:CreateRole", "arn:aws:iam::111111111111:role/inventory-dev{0}-NodeRole")]
    [InlineData(
        "deployer-dev-cloudformation",
        "lambda:CreateFunction",
        "arn:aws:lambda:us-east-1:111111111111:function:inventory-dev{0}-x"
    )]
    public async Task A_stage_whose_name_begins_alike_is_not_reached(string role, string action, string resource)
    {
        await accounts.Do(() => Check(""));

        (await accounts.Refused(() => Check("2"))).ShouldContain($"not authorized to perform: {action}");

        object Check(string more)
        {
            accounts.Opened.Rehearsal.World.Api.Check(
                Principal.AssumedRole(Dev, role, "s"),
                Dev,
                [resource.Replace("{0}", more, StringComparison.Ordinal)],
                action
            );
            return more;
        }
    }

    [Theory]
    [InlineData("iam:PutRolePolicy", "arn:aws:iam::111111111111:role/deployer-dev-target")]
    [InlineData("iam:PassRole", "arn:aws:iam::111111111111:role/deployer-dev-cloudformation")]
    public async Task CloudFormation_changes_no_role_of_the_deployer(string action, string resource)
    {
        await accounts.Allow("deployer-dev-cloudformation", "iam:*", Dev, "arn:aws:iam::*:role/deployer-*");

        (
            await accounts.Refused(() =>
            {
                accounts.Opened.Rehearsal.World.Api.Check(
                    Principal.AssumedRole(Dev, "deployer-dev-cloudformation", "s"),
                    Dev,
                    [resource],
                    action,
                    conditionKeys: new Dictionary<string, string> { ["iam:PassedToService"] = "lambda.amazonaws.com" }
                );
                return 0;
            })
        ).ShouldContain("with an explicit deny in an identity-based policy");
    }

    private Task<string> Refused(Principal principal, string account, string role) =>
        accounts.Refused(() =>
            new RoleSessions(accounts.Opened.Rehearsal.World).Assume(principal, $"arn:aws:iam::{account}:role/{role}", "session")
        );

    private PutEventsResponse Put(Principal principal, string source) =>
        accounts.Opened.Rehearsal.World.Api.Invoke<PutEventsResponse>(
            principal,
            Region,
            new PutEventsRequest
            {
                Entries =
                [
                    new PutEventsRequestEntry
                    {
                        EventBusName = Bus,
                        Source = source,
                        DetailType = "CloudFormation Stack Status Change",
                        Detail = """{"stack-id":"x","status-details":{"status":"UPDATE_COMPLETE"}}""",
                    },
                ],
            }
        );

    /// <summary>The accounts of dev and prod, made once for all of these tests.</summary>
    public sealed class Accounts : IAsyncLifetime
    {
        private readonly TemporaryFolder _state = new();

        internal SimulatedAccounts Opened { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await (await SimulatedAccounts.OpenTarget("prod", _state.Path)).DisposeAsync();
            Opened = await SimulatedAccounts.Open(_state.Path);
        }

        public async ValueTask DisposeAsync()
        {
            await Opened.DisposeAsync();
            _state.Dispose();
        }

        internal Task<T> Do<T>(Func<T> work) => Opened.Rehearsal.World.Do(work);

        /// <summary>The message of the refusal.</summary>
        internal Task<string> Refused<T>(Func<T> work) =>
            Do(() =>
            {
                try
                {
                    var done = work();
                    return $"it was allowed: {done}";
                }
                catch (ApiException refusal) when (refusal.Status == 403)
                {
                    return refusal.Message;
                }
            });

        /// <summary>Makes a role that lets the tools account in.</summary>
        internal Task Trust(string account, string role) =>
            Do(() =>
                new Deployer.Rehearsal.Iam.Roles(Opened.Rehearsal.World).Create(
                    new Deployer.Rehearsal.Iam.Role
                    {
                        Account = account,
                        Name = role,
                        TrustPolicy = $$"""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{Tools}}"},"Action":"sts:AssumeRole"}]}
                        """,
                    }
                )
            );

        /// <summary>Gives a role more than the templates do, so that what else refuses is seen.</summary>
        internal Task Allow(string role, string action, string account = Tools, string resource = "*") =>
            Do(() =>
            {
                new Deployer.Rehearsal.Iam.Roles(Opened.Rehearsal.World).PutInlinePolicy(
                    account,
                    role,
                    "more",
                    $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}]}"""
                );
                return 0;
            });
    }
}
