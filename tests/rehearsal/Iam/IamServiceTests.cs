using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Tests.Wire;
using IamRole = Deployer.Rehearsal.Iam.Role;

namespace Deployer.Rehearsal.Tests.Iam;

public sealed class IamServiceTests
{
    private const string Role = "arn:aws:iam::222222222222:role/reader";

    [Fact]
    public async Task A_simulation_judges_by_the_policies_of_the_role_and_the_keys_that_are_given()
    {
        await using var aws = await TestAws.Start(world => new IamService(world));
        await aws.World.Do(() =>
        {
            var roles = new Roles(aws.World);
            roles.Create(
                new IamRole
                {
                    Account = TestAws.Tools,
                    Name = "reader",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
                    "Action":"sts:AssumeRole"}}
                    """,
                }
            );
            roles.PutInlinePolicy(
                TestAws.Tools,
                "reader",
                "read",
                """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::mine/*",
                "Condition":{"StringEquals":{"aws:ResourceAccount":"222222222222"} } },
                {"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::mine/secret"}]}
                """
            );
        });
        using var iam = new AmazonIdentityManagementServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonIdentityManagementServiceConfig())
        );

        (await Simulate("arn:aws:s3:::mine/a", "222222222222")).ShouldBe(["s3:GetObject allowed", "s3:PutObject implicitDeny"]);
        (await Simulate("arn:aws:s3:::mine/a", null)).ShouldBe(["s3:GetObject implicitDeny", "s3:PutObject implicitDeny"]);
        (await Simulate("arn:aws:s3:::mine/secret", "222222222222")).ShouldBe(["s3:GetObject explicitDeny", "s3:PutObject implicitDeny"]);
        await Should.ThrowAsync<NoSuchEntityException>(() =>
            iam.SimulatePrincipalPolicyAsync(
                new SimulatePrincipalPolicyRequest { PolicySourceArn = Role + "2", ActionNames = ["s3:GetObject"] }
            )
        );

        async Task<IReadOnlyList<string>> Simulate(string resource, string? account) =>
            [
                .. (
                    await iam.SimulatePrincipalPolicyAsync(
                        new SimulatePrincipalPolicyRequest
                        {
                            PolicySourceArn = Role,
                            ActionNames = ["s3:GetObject", "s3:PutObject"],
                            ResourceArns = [resource],
                            ContextEntries = account is null
                                ? null
                                :
                                [
                                    new ContextEntry
                                    {
                                        ContextKeyName = "aws:ResourceAccount",
                                        ContextKeyType = ContextKeyTypeEnum.String,
                                        ContextKeyValues = [account],
                                    },
                                ],
                        }
                    )
                ).EvaluationResults.Select(result => $"{result.EvalActionName} {result.EvalDecision}"),
            ];
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html</summary>
    [Fact]
    public async Task A_key_of_many_values_is_given_as_a_list()
    {
        await using var aws = await TestAws.Start(world => new IamService(world));
        await aws.World.Do(() =>
            new Roles(aws.World).Create(
                new IamRole
                {
                    Account = TestAws.Tools,
                    Name = "reader",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
                    "Action":"sts:AssumeRole"} }
                    """,
                    InlinePolicies =
                    {
                        ["read"] = """
                        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*",
                        "Condition":{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":"REVISIONS#*"} } } }
                        """,
                    },
                }
            )
        );
        using var iam = new AmazonIdentityManagementServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonIdentityManagementServiceConfig())
        );

        (await Simulate(ContextKeyTypeEnum.StringList)).EvaluationResults[0].EvalDecision.ShouldBe(PolicyEvaluationDecisionType.Allowed);
        (await Should.ThrowAsync<AmazonIdentityManagementServiceException>(Simulate(ContextKeyTypeEnum.String))).Message.ShouldContain(
            "dynamodb:LeadingKeys as stringList only"
        );

        Task<SimulatePrincipalPolicyResponse> Simulate(ContextKeyTypeEnum type) =>
            iam.SimulatePrincipalPolicyAsync(
                new SimulatePrincipalPolicyRequest
                {
                    PolicySourceArn = $"arn:aws:iam::{TestAws.Tools}:role/reader",
                    ActionNames = ["dynamodb:Query"],
                    ResourceArns = [$"arn:aws:dynamodb:us-east-1:{TestAws.Tools}:table/t"],
                    ContextEntries =
                    [
                        new ContextEntry
                        {
                            ContextKeyName = "dynamodb:LeadingKeys",
                            ContextKeyType = type,
                            ContextKeyValues = ["REVISIONS#inventory"],
                        },
                    ],
                }
            );
    }

    [Fact]
    public async Task The_managed_policies_of_a_role_are_listed()
    {
        await using var aws = await TestAws.Start(world => new IamService(world));
        await aws.World.Do(() =>
        {
            var roles = new Roles(aws.World);
            var policy = roles.CreatePolicy(
                TestAws.Tools,
                "all",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"} }"""
            );
            roles.Create(
                new IamRole
                {
                    Account = TestAws.Tools,
                    Name = "reader",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
                    "Action":"sts:AssumeRole"}}
                    """,
                }
            );
            roles.Attach(TestAws.Tools, "reader", policy.Arn);
        });
        using var iam = new AmazonIdentityManagementServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonIdentityManagementServiceConfig())
        );

        (await iam.ListAttachedRolePoliciesAsync(new ListAttachedRolePoliciesRequest { RoleName = "reader" }))
            .AttachedPolicies.ShouldHaveSingleItem()
            .PolicyName.ShouldBe("all");
    }
}
