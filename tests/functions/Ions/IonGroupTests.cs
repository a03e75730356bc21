using Amazon.AutoScaling;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Functions.Ions;
using NSubstitute;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonGroupTests
{
    [Fact]
    public async Task The_targets_of_a_large_group_are_read_in_pages_and_in_batches_that_CodeDeploy_takes()
    {
        var ids = Enumerable.Range(0, 130).Select(number => $"i-{number}").ToList();
        var codeDeploy = Substitute.For<IAmazonCodeDeploy>();
        codeDeploy
            .ListDeploymentTargetsAsync(Arg.Any<ListDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
                call.Arg<ListDeploymentTargetsRequest>().NextToken is null
                    ? new ListDeploymentTargetsResponse { TargetIds = ids[..100], NextToken = "next" }
                    : new ListDeploymentTargetsResponse { TargetIds = ids[100..] }
            );
        codeDeploy
            .BatchGetDeploymentTargetsAsync(Arg.Any<BatchGetDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                var asked = call.Arg<BatchGetDeploymentTargetsRequest>().TargetIds;
                return asked.Count > 25
                    ? throw new DeploymentTargetListSizeExceededException("more than 25")
                    : new BatchGetDeploymentTargetsResponse
                    {
                        DeploymentTargets = asked.ConvertAll(id => new DeploymentTarget
                        {
                            InstanceTarget = new InstanceTarget { TargetId = id },
                        }),
                    };
            });

        var targets = await new IonGroup(codeDeploy, Substitute.For<IAmazonAutoScaling>(), "inventory", "inventory-dev").Targets("d-1");

        targets.Select(target => target.TargetId).ShouldBe(ids);
    }
}
