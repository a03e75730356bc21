using Deployer.Rehearsal.Ec2;

namespace Deployer.Rehearsal.Tests.Ec2;

public sealed class InstanceSizesTests
{
    [Theory]
    [InlineData("t2.small", 1)]
    [InlineData("t3.small", 2)]
    [InlineData("t3.medium", 2)]
    [InlineData("m6g.medium", 1)]
    [InlineData("i3.large", 2)]
    [InlineData("i3.xlarge", 4)]
    [InlineData("m5.24xlarge", 96)]
    public void A_type_has_the_vCPUs_of_its_size(string type, int cpus) => InstanceSizes.Cpus(type).ShouldBe(cpus);
}
