using Deployer.Cli.FaultList;
using Deployer.Cli.Output;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Tests.FaultList;

public sealed class FaultsViewTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void Every_fault_is_shown_within_the_window(int width)
    {
        using var output = new StringWriter { NewLine = "\n" };

        new FaultsView().Show(Faults.Known, new Screen(output, width));

        var lines = output.ToString().Split('\n');
        lines.ShouldAllBe(line => line.Length <= width);
        Faults.Known.ShouldAllBe(fault => lines.Any(line => line.StartsWith(fault.Name, StringComparison.Ordinal)));
        output.ToString().ShouldContain("stack-rolls-back[:LogicalId]");
        output.ToString().ShouldContain("server-error:SERVICE:OPERATION[:N]");
    }

    [Fact]
    public void The_page_about_faults_has_the_same_table()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "faults.md"));

        page.Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ShouldBe(Faults.Known.Select(fault => $"| `{fault.Form}` | {fault.Effect} |"));
    }

    [Fact]
    public async Task The_document_has_name_what_and_effect()
    {
        var run = await DeployerProcess.Run("faults", "--json", "-");

        run.ExitCode.ShouldBe(0);
        using var document = System.Text.Json.JsonDocument.Parse(run.Output);
        document.RootElement.GetArrayLength().ShouldBe(Faults.Known.Count);
        document.RootElement[0].GetProperty("name").GetString().ShouldBe("stack-rolls-back");
        document.RootElement[0].GetProperty("what").GetString().ShouldBe("LogicalId");
        document.RootElement[0].GetProperty("effect").GetString().ShouldBe(Faults.Known[0].Effect);
    }
}
