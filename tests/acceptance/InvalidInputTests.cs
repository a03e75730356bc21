using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>Input that is wrong is refused before anything is called.</summary>
public sealed class InvalidInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_faults_of_a_broken_file_come_together_with_line_and_expectation()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var description = Path.Combine(service, "deployer.yaml");
        await File.WriteAllTextAsync(
            description,
            (await File.ReadAllTextAsync(description))
                .Replace("account: \"111111111111\"", "account: \"1111\"", StringComparison.Ordinal)
                .Replace("kind: datomic-query-group", "kind: datomic-cluster", StringComparison.Ordinal)
                .Replace("after: [ ions ]", "after: [ ion ]", StringComparison.Ordinal)
                .Replace("via: vpc-endpoint", "via: pigeon", StringComparison.Ordinal)
        );

        var refused = await Refused("SpecInvalidException", "rehearse", service, "--target", "dev");

        var faults = refused.Report.Cause!.Split('\n');
        faults.Length.ShouldBe(4);
        faults.ShouldAllBe(fault => fault.Contains("; expected "));
        faults[0].ShouldStartWith("deployer.yaml:5:");
        faults[0].ShouldEndWith("expected 12 digits in quotes");
        faults[1].ShouldStartWith("deployer.yaml:10:");
        faults[1].ShouldContain("expected one of plain, datomic-storage, datomic-compute, datomic-query-group");
        faults[2].ShouldContain("\"ion\"");
        faults[3].ShouldContain("\"pigeon\"");
    }

    [Fact]
    public async Task An_unknown_fault_is_refused() =>
        (
            await Refused("FaultUnknown", "rehearse", CommandLine.Inventory, "--target", "dev", "--fault", "earthquake")
        ).Report.Cause!.ShouldContain("stack-rolls-back");

    [Fact]
    public async Task An_unknown_target_is_refused() =>
        (await Refused("TargetUnknown", "rehearse", CommandLine.Inventory, "--target", "moon")).Report.Cause!.ShouldContain(
            "expected one of dev, prod"
        );

    [Fact]
    public async Task A_missing_folder_is_refused() =>
        (
            await Refused("ServiceNotFound", "rehearse", Path.Combine(_folder.Path, "nowhere"), "--target", "dev")
        ).Report.Cause!.ShouldContain("there is no such folder");

    [Fact]
    public async Task Wrong_options_are_refused_together()
    {
        var refused = await Refused("OptionsInvalid", "rehearse", CommandLine.Inventory, "--seed", "first", "--colour");

        refused.Report.Cause!.ShouldContain("'--target' is required");
        refused.Report.Cause!.ShouldContain("'first'");
        refused.Report.Cause!.ShouldContain("'--colour'");
    }

    [Fact]
    public async Task A_redrive_without_a_rehearsal_is_refused()
    {
        var refused = await CommandLine.InProcess(
            "redrive",
            "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:unknown",
            "--state",
            _folder.Path
        );

        refused.ExitCode.ShouldBe(2);
        (refused.Report.Verdict, refused.Report.Error).ShouldBe(("invalid", "StateInvalid"));
    }

    private async Task<CommandResult> Refused(string error, params string[] arguments)
    {
        var state = Path.Combine(_folder.Path, "state");
        var refused = await CommandLine.InProcess([.. arguments, "--state", state]);
        refused.ExitCode.ShouldBe(2);
        refused.Report.Verdict.ShouldBe("invalid");
        refused.Report.Error.ShouldBe(error);
        refused.Report.Calls.ShouldBeEmpty();
        refused.Report.LambdaInvocations.ShouldBe(0);
        refused.Report.Deployment.ShouldBeNull();
        Directory.Exists(state).ShouldBeFalse("no account was opened");
        return refused;
    }
}
