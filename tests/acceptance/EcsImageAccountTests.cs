using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>An image of a repository in another account, here the deployer's own, and images of other registries.</summary>
public sealed class EcsImageAccountTests : IDisposable
{
    private const string Tools = "222222222222";

    private const string Step = """
          web:
            service: inventory-${target}-web
            cluster: inventory-${target}
            image: 222222222222.dkr.ecr.us-east-1.amazonaws.com/shared:${revision}
        """;

    private const string Shared = """
        Parameters:
          Actions: { Type: CommaDelimitedList }
        Resources:
          Images:
            Type: AWS::ECR::Repository
            Properties:
              RepositoryName: shared
              RepositoryPolicyText:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: { AWS: "arn:aws:iam::111111111111:root" }
                    Action: !Ref Actions

        """;

    private const string Pull = "ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_of_another_account_is_resolved_there_and_pulled_where_its_policy_allows_it()
    {
        var deployed = await Rehearse($"ecr:DescribeImages,{Pull}", names: true);

        deployed.ExitCode.ShouldBe(0, deployed.Report.Cause ?? deployed.Terminal);
        deployed.Terminal.ShouldMatch(@"image\s+222222222222\.dkr\.ecr\.us-east-1\.amazonaws\.com/shared@sha256:");
    }

    [Theory]
    [InlineData(Pull, true)]
    [InlineData("ecr:DescribeImages," + Pull, false)]
    public async Task Without_the_leave_of_both_accounts_nothing_is_changed_and_the_cause_says_whose_is_missing(string actions, bool names)
    {
        var failed = await Rehearse(actions, names);

        failed.Report.Error.ShouldBe("ImageMissingException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain($"cannot be looked up in account {Tools}: User: arn:aws:sts::111111111111:");
        failed.Report.Cause.ShouldContain("the policy of the repository has to allow ecr:DescribeImages to the account 111111111111");
        failed.Report.Cause.ShouldContain(
            names ? "because no resource-based policy allows the ecr:DescribeImages action" : "because no identity-based policy allows"
        );
        failed.Count("RegisterTaskDefinition").ShouldBe(0);
    }

    [Fact]
    public async Task An_image_that_may_be_looked_up_and_not_pulled_is_rolled_back_with_the_cause()
    {
        var failed = await Rehearse("ecr:DescribeImages", names: true);

        failed.Report.Error.ShouldBe("ServiceRolledBackException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("CannotPullContainerError");
        failed.Report.Cause.ShouldContain("403 Forbidden");
    }

    [Theory]
    [InlineData("public.ecr.aws/nginx/nginx:1.27")]
    [InlineData("nginx:1.27")]
    public async Task The_tag_of_another_registry_is_refused_with_what_to_write(string image)
    {
        var service = await ContainerService.Write(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", ContainerService.Repository + ":${revision}", image);

        var failed = await ContainerService.Rehearse(service, Path.Combine(_folder.Path, "state"));

        failed.ExitCode.ShouldBe(2, failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain($"the tag of the image \"{image}\" cannot be resolved to a digest");
        failed.Report.Cause.ShouldContain("or an image by its digest, NAME@sha256:DIGEST");
    }

    [Theory]
    [InlineData("public.ecr.aws/nginx/nginx@sha256:")]
    [InlineData("nginx@sha256:")]
    public async Task The_digest_of_another_registry_is_deployed_as_it_is(string image)
    {
        var service = await ContainerService.Write(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", ContainerService.Repository + ":${revision}", image + new string('4', 64));

        var deployed = await ContainerService.Rehearse(service, Path.Combine(_folder.Path, "state"));

        deployed.ExitCode.ShouldBe(0, deployed.Report.Cause ?? deployed.Terminal);
    }

    private async Task<CommandResult> Rehearse(string actions, bool names)
    {
        var service = await ContainerService.Write(
            _folder.Path,
            Step,
            from: "Resource: !GetAtt Images.Arn",
            to: "Resource: [!GetAtt Images.Arn, \"arn:aws:ecr:us-east-1:222222222222:repository/shared\"]"
        );
        await File.WriteAllTextAsync(Path.Combine(service, "accounts", "shared.yaml"), Shared);
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "  - account: target\n    stack: containers\n",
            $"  - account: tools\n    stack: shared\n    template: shared.yaml\n    parameters: {{ Actions: \"{actions}\" }}\n"
                + "  - account: target\n    stack: containers\n"
        );
        if (names)
        {
            await SmallService.Change(
                service,
                "accounts/accounts.yaml",
                "Service: inventory, ",
                $"Service: inventory, ImageAccount: \"{Tools}\", ImageRepository: shared, "
            );
        }

        return await ContainerService.Rehearse(service, Path.Combine(_folder.Path, "state"));
    }
}
