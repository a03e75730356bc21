using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.World;

namespace Deployer.Acceptance.Tests;

public sealed class FaultsTests
{
    [Fact]
    public async Task Every_fault_stands_in_the_readme()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(CommandLine.Repository, "README.md"));

        Faults.Known.Keys.Where(fault => !readme.Contains($"| `{fault}", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
