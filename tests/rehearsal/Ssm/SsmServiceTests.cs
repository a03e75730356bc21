using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.Ssm;

public sealed class SsmServiceTests : IAsyncDisposable
{
    private TestAws _aws = null!;

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_parameter_has_versions()
    {
        using var ssm = await Start();
        (
            await ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "/a/b",
                    Value = "one",
                    Type = ParameterType.String,
                }
            )
        ).Version.ShouldBe(1);
        await Should.ThrowAsync<ParameterAlreadyExistsException>(
            ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "/a/b",
                    Value = "two",
                    Type = ParameterType.String,
                }
            )
        );
        (
            await ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "/a/b",
                    Value = "two",
                    Overwrite = true,
                }
            )
        ).Version.ShouldBe(2);

        var latest = (await ssm.GetParameterAsync(new GetParameterRequest { Name = "/a/b" })).Parameter;
        latest.Value.ShouldBe("two");
        latest.Version.ShouldBe(2);
        latest.ARN.ShouldBe("arn:aws:ssm:us-east-1:222222222222:parameter/a/b");
        (await ssm.GetParameterAsync(new GetParameterRequest { Name = "/a/b:1" })).Parameter.Value.ShouldBe("one");
        await Should.ThrowAsync<ParameterVersionNotFoundException>(ssm.GetParameterAsync(new GetParameterRequest { Name = "/a/b:3" }));
        await Should.ThrowAsync<ParameterNotFoundException>(ssm.GetParameterAsync(new GetParameterRequest { Name = "/a" }));
    }

    /// <summary>https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html</summary>
    [Theory]
    [InlineData("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")]
    [InlineData("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base")]
    [InlineData("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id")]
    [InlineData("/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended/image_id")]
    [InlineData("/aws/service/bottlerocket/aws-ecs-2/x86_64/latest/image_id")]
    [InlineData("/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id")]
    public async Task A_public_parameter_of_a_machine_image_has_the_id_of_one(string name)
    {
        using var ssm = await Start();

        var found = (await ssm.GetParametersAsync(new GetParametersRequest { Names = [name] })).Parameters.Single();

        found.Value.ShouldMatch("^ami-[0-9a-f]{17}$");
        found.ARN.ShouldBe($"arn:aws:ssm:us-east-1::parameter{name}");
        (await ssm.GetParameterAsync(new GetParameterRequest { Name = name })).Parameter.Value.ShouldBe(found.Value);
    }

    [Fact]
    public async Task Another_public_parameter_is_refused_in_the_rehearsals_own_voice()
    {
        using var ssm = await Start();

        (
            await Should.ThrowAsync<AmazonSimpleSystemsManagementException>(
                ssm.GetParametersAsync(new GetParametersRequest { Names = ["/aws/service/global-infrastructure/version"] })
            )
        ).Message.ShouldBe(
            "The rehearsal does not simulate AWS's public parameter /aws/service/global-infrastructure/version, only those that name a "
                + "machine image; expected a parameter of the service's own, or the value itself."
        );
    }

    [Fact]
    public async Task A_secret_is_shown_only_with_decryption()
    {
        using var ssm = await Start();
        await ssm.PutParameterAsync(
            new PutParameterRequest
            {
                Name = "secret",
                Value = "hidden",
                Type = ParameterType.SecureString,
            }
        );

        (await ssm.GetParameterAsync(new GetParameterRequest { Name = "secret" })).Parameter.Value.ShouldNotContain("hidden");
        (await ssm.GetParameterAsync(new GetParameterRequest { Name = "secret", WithDecryption = true })).Parameter.Value.ShouldBe(
            "hidden"
        );
    }

    [Fact]
    public async Task A_path_is_read_page_by_page()
    {
        using var ssm = await Start();
        foreach (var name in new[] { "/p/a", "/p/b", "/p/c/d", "/pq" })
        {
            await ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = name,
                    Value = "v",
                    Type = ParameterType.String,
                }
            );
        }

        (await ssm.GetParametersByPathAsync(new GetParametersByPathRequest { Path = "/p" }))
            .Parameters.Select(parameter => parameter.Name)
            .ShouldBe(["/p/a", "/p/b"]);
        var first = await ssm.GetParametersByPathAsync(
            new GetParametersByPathRequest
            {
                Path = "/p/",
                Recursive = true,
                MaxResults = 2,
            }
        );
        first.Parameters.Select(parameter => parameter.Name).ShouldBe(["/p/a", "/p/b"]);
        var second = await ssm.GetParametersByPathAsync(
            new GetParametersByPathRequest
            {
                Path = "/p/",
                Recursive = true,
                MaxResults = 2,
                NextToken = first.NextToken,
            }
        );
        second.Parameters.Select(parameter => parameter.Name).ShouldBe(["/p/c/d"]);
        second.NextToken.ShouldBeNull();
    }

    [Fact]
    public async Task Missing_parameters_are_told_apart()
    {
        using var ssm = await Start();
        await ssm.PutParameterAsync(
            new PutParameterRequest
            {
                Name = "a",
                Value = "v",
                Type = ParameterType.String,
            }
        );

        var got = await ssm.GetParametersAsync(new GetParametersRequest { Names = ["a", "b"] });
        got.Parameters.ShouldHaveSingleItem().Name.ShouldBe("a");
        got.InvalidParameters.ShouldBe(["b"]);
        var deleted = await ssm.DeleteParametersAsync(new DeleteParametersRequest { Names = ["a", "b"] });
        deleted.DeletedParameters.ShouldBe(["a"]);
        deleted.InvalidParameters.ShouldBe(["b"]);
        await Should.ThrowAsync<ParameterNotFoundException>(ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = "a" }));
    }

    [Fact]
    public async Task Permission_is_judged_on_the_parameter()
    {
        await Start();
        var session = await _aws.Session(
            TestAws.Tools,
            "writer",
            """{"Effect":"Allow","Action":"ssm:PutParameter","Resource":"arn:aws:ssm:us-east-1:222222222222:parameter/inventory/*"}"""
        );
        using var ssm = new AmazonSimpleSystemsManagementClient(session, _aws.Configure(new AmazonSimpleSystemsManagementConfig()));

        await ssm.PutParameterAsync(
            new PutParameterRequest
            {
                Name = "/inventory/x",
                Value = "v",
                Type = ParameterType.String,
            }
        );
        (
            await Should.ThrowAsync<AmazonSimpleSystemsManagementException>(
                ssm.PutParameterAsync(
                    new PutParameterRequest
                    {
                        Name = "/other/x",
                        Value = "v",
                        Type = ParameterType.String,
                    }
                )
            )
        ).ErrorCode.ShouldBe("AccessDeniedException");
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused()
    {
        using var ssm = await Start();
        (
            await Should.ThrowAsync<AmazonSimpleSystemsManagementException>(
                ssm.PutParameterAsync(
                    new PutParameterRequest
                    {
                        Name = "a",
                        Value = "v",
                        Type = ParameterType.String,
                        AllowedPattern = ".*",
                    }
                )
            )
        ).Message.ShouldContain("AllowedPattern");
        await Should.ThrowAsync<AmazonSimpleSystemsManagementException>(
            ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "a/b",
                    Value = "v",
                    Type = ParameterType.String,
                }
            )
        );
        await Should.ThrowAsync<AmazonSimpleSystemsManagementException>(
            ssm.PutParameterAsync(new PutParameterRequest { Name = "a", Value = "v" })
        );
    }

    private async Task<AmazonSimpleSystemsManagementClient> Start()
    {
        _aws = await TestAws.Start(world => new SsmService(world));
        return new AmazonSimpleSystemsManagementClient(
            TestAws.Root(TestAws.Tools),
            _aws.Configure(new AmazonSimpleSystemsManagementConfig())
        );
    }
}
