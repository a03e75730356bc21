using System.Text.Json;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// Two revisions of the example on a served deployer, and what a person does with them: goes back, turns the groups off and on, makes a
/// development instance and removes it. Each command is a process with an operator's credentials.
/// </summary>
public sealed class RevisionTests(ServedInventory served) : IClassFixture<ServedInventory>
{
    [Fact]
    public async Task Revisions_are_rolled_back_groups_are_turned_off_and_on_and_instances_are_removed()
    {
        await Succeeds("deploy", served.Folder, "--target", "dev");
        var first = await Revision();
        await File.AppendAllTextAsync(
            Path.Combine(served.Folder, "ions", "src", "inventory", "ions.clj"),
            "\n; a second release\n",
            TestContext.Current.CancellationToken
        );
        await Succeeds("deploy", served.Folder, "--target", "dev");
        var second = await Revision();

        var rolledBack = await Succeeds("rollback", served.Folder, "--target", "dev", "--to", first);
        var back = await Revision();
        var off = await Succeeds("group", "off", served.Folder, "--target", "dev");
        var refused = await served.Run("deploy", served.Folder, "--target", "dev");
        var on = await Succeeds("group", "on", served.Folder, "--target", "dev");
        var instance = await Succeeds("deploy", served.Folder, "--target", "dev", "--instance", "try");
        var removed = await Succeeds("remove", served.Folder, "--target", "dev", "--instance", "try");
        var again = await served.Run("remove", served.Folder, "--target", "dev", "--instance", "try");
        var history = await Succeeds("history", served.Folder, "--target", "dev");

        second.ShouldNotBe(first);
        back.ShouldBe(first);
        rolledBack.Output.ShouldContain("✓ ions  released");
        rolledBack.Output.ShouldContain($"group inventory-dev: revision {first}");
        off.Output.ShouldContain("✓ group  off");
        off.Output.Words().ShouldContain($"group on {served.Folder} --target dev");
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("GroupOffException");
        on.Output.ShouldContain("✓ group  on");
        instance.Output.ShouldContain("✓ inventory to dev-try: succeeded in ");
        removed.Output.ShouldContain("stack inventory-dev-try: removed");
        removed.Output.ShouldNotContain("group inventory-dev-try: ", Case.Sensitive, "the group is gone");
        again.ExitCode.ShouldBe(2, again.Output);
        history.Output.Words().ShouldContain($"revision {first}");
        history.Output.Words().ShouldContain($"revision {second}");
    }

    private async Task<Finished> Succeeds(params string[] arguments)
    {
        var finished = await served.Run(arguments);
        finished.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}\n{finished.Error}{finished.Output}");
        return finished;
    }

    /// <summary>The uname or commit of the ions that run, as <c>deployer releases</c> says.</summary>
    private async Task<string> Revision()
    {
        var releases = await Succeeds("releases", served.Folder, "--target", "dev", "--json", "-");
        return JsonDocument
            .Parse(releases.Output)
            .RootElement.GetProperty("releases")
            .EnumerateArray()
            .Single(release => release.GetProperty("step").GetString() == "ions")
            .GetProperty("resource")
            .GetString()!;
    }
}
