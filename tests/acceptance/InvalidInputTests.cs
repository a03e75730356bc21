using Deployer.Acceptance.Tests.Running;
using Deployer.Cli;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

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
        faults[0].ShouldStartWith("deployer.yaml:8:");
        faults[0].ShouldEndWith("expected 12 digits in quotes");
        faults[1].ShouldStartWith("deployer.yaml:16:");
        faults[1].ShouldContain("expected one of plain, datomic-storage, datomic-compute, datomic-query-group");
        faults[2].ShouldContain("\"ion\"");
        faults[3].ShouldContain("\"pigeon\"");
    }

    [Fact]
    public async Task An_unknown_fault_is_refused() =>
        (
            await Refused("FaultUnknown", "rehearse", CommandLine.Inventory, "--target", "dev", "--fault", "earthquake")
        ).Report.Cause!.ShouldContain("stack-rolls-back");

    [Theory]
    [InlineData("validation-fails:Nowhere", "the fault validation-fails strikes no resource 'Nowhere'")]
    [InlineData("stack-rolls-back:Nowhere", "the fault stack-rolls-back strikes no resource 'Nowhere'")]
    [InlineData("lambdas-half-fail:nobody", "the fault lambdas-half-fail strikes no ion Lambda 'nobody'; known: ")]
    [InlineData("tasks-do-not-start:nothing", "the fault tasks-do-not-start strikes no ECS service 'nothing'")]
    [InlineData("tasks-do-not-start", "the fault tasks-do-not-start strikes no ECS service: no template of the service declares one")]
    [InlineData("throttled:cloudformation:DescribeStack", "no operation 'DescribeStack' of the service 'cloudformation' is simulated")]
    [InlineData("server-error:cloudfront:GetDistribution", "no service 'cloudfront' is simulated")]
    [InlineData("events-lost:all", "the fault events-lost strikes nothing that can be named")]
    public async Task A_fault_whose_target_does_not_exist_is_refused(string fault, string problem)
    {
        var refused = await CommandLine.InProcess("rehearse", CommandLine.Inventory, "--target", "dev", "--fault", fault);

        refused.ExitCode.ShouldBe(2);
        (refused.Report.Verdict, refused.Report.Error).ShouldBe((Verdict.Invalid, "FaultTargetUnknown"));
        refused.Report.Cause!.ShouldStartWith(problem);
        refused.Report.Deployment.ShouldBeNull();
        refused.Terminal.ShouldNotContain("preparing the accounts");
    }

    [Theory]
    [InlineData("stack-never-ends")]
    [InlineData("rollback-hangs")]
    public async Task A_fault_of_stacks_is_refused_where_no_step_deploys_one(string fault)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            service,
            """
              endpoint:
                endpoint: vpce-1
                via: vpc-endpoint
                functions: { names: [ "inventory-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}:8182" }
            """
        );

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--fault", fault);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "FaultTargetUnknown"));
        refused.Report.Cause.ShouldBe($"the fault {fault} strikes no stack: no step of the service deploys one");
    }

    [Theory]
    [InlineData("ion-load-fails")]
    [InlineData("ion-deploy-hangs")]
    [InlineData("alert-after-deploy")]
    [InlineData("memory-low-after-deploy")]
    [InlineData("throttled-after-deploy")]
    [InlineData("lambdas-half-fail")]
    [InlineData("lambdas-half-fail:nobody")]
    public async Task A_fault_of_ions_is_refused_for_a_service_without_ions(string fault)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, """  network: { stack: "inventory-${target}-small", template: stacks/small.yaml }""");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks/small.yaml"),
            "Resources: { Log: { Type: AWS::Logs::LogGroup } }\n",
            TestContext.Current.CancellationToken
        );

        (await Refused("FaultTargetUnknown", "rehearse", service, "--target", "dev", "--fault", fault)).Report.Cause.ShouldBe(
            $"the fault {fault.Split(':')[0]} strikes no revision of ions: no step of the service deploys ions"
        );
    }

    /// <summary>What a loop makes is declared, and what it does not make is not.</summary>
    [Fact]
    public async Task A_fault_of_a_resource_that_no_loop_makes_is_refused()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, """  network: { stack: "inventory-${target}-small", template: stacks/small.yaml }""");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks/small.yaml"),
            "Transform: AWS::LanguageExtensions\n"
                + "Resources: { \"Fn::ForEach::Logs\": [ N, [ Orders ], { \"Log${N}\": { Type: AWS::Logs::LogGroup } } ] }\n",
            TestContext.Current.CancellationToken
        );

        (
            await Refused("FaultTargetUnknown", "rehearse", service, "--target", "dev", "--fault", "stack-rolls-back:LogNope")
        ).Report.Cause.ShouldBe("the fault stack-rolls-back strikes no resource 'LogNope': no template of the service declares it");
    }

    /// <summary>The file's own mistake, which is nobody's fault but its writer's.</summary>
    [Fact]
    public async Task A_pipeline_that_no_stack_of_the_accounts_makes_is_named()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.Change(service, "accounts/accounts.yaml", "\npipeline: inventory-pipeline-", "\npipeline: inventory-typo-");

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "PipelineMissing"));
        refused.Report.Cause.ShouldBe(
            "'pipeline' of accounts/accounts.yaml is inventory-typo-dev, and no stack of the accounts has made one of this name in account "
                + "222222222222, us-east-1; expected the name of one that a stack in the file makes"
        );
    }

    [Fact]
    public async Task Accounts_without_the_deployer_of_the_target_are_refused()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.Drop(
            service,
            "accounts/accounts.yaml",
            "  - account: tools                       # the deployer itself",
            "  - account: target                      # the deployer's roles"
        );

        (await Refused("DeployerMissing", "rehearse", service, "--target", "dev")).Report.Cause.ShouldBe(
            "no stack of accounts/accounts.yaml makes the deployer of stage dev; expected one with account: tools, template: deployer and "
                + "the parameter Stage: dev"
        );
    }

    /// <summary>A folder of the service's files is no place for the accounts, and is left as it was.</summary>
    [Fact]
    public async Task A_folder_with_files_of_the_service_is_no_state()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var stacks = Path.Combine(service, "stacks");
        var before = Directory.GetFileSystemEntries(stacks).Order().ToList();

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", stacks);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "StateInvalid"));
        refused.Report.Cause!.ShouldStartWith($"{stacks} holds api.yaml, which is of no rehearsal's state; expected ");
        Directory.GetFileSystemEntries(stacks).Order().ShouldBe(before);
    }

    [Theory]
    [InlineData("rehearse")]
    [InlineData("plan")]
    public async Task User_parameters_that_validate_refuses_are_refused_before_anything_starts(string command)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.OwnPipeline(service, "#{SourceVariables.CommitId}", "#{SourceVariables.AuthorDisplayName}");

        var refused = await CommandLine.InProcess(command, service, "--target", "dev");

        refused.ExitCode.ShouldBe(2);
        refused.Terminal.ShouldContain("accounts/pipeline.yaml:72:33: the pipeline has no variable #{SourceVariables.AuthorDisplayName}");
        refused.Terminal.ShouldNotContain("preparing the accounts");
    }

    /// <summary>The source has such a variable for pull requests alone, so that nothing is wrong with the file.</summary>
    [Fact]
    public async Task A_variable_that_this_commit_does_not_have_fails_the_pipeline_with_its_name()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.OwnPipeline(service, "#{SourceVariables.CommitId}", "#{SourceVariables.PullRequestTitle}");
        await SmallService.TakeOwnPipeline(service);

        var failed = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        (failed.ExitCode, failed.Report.Error).ShouldBe((1, "PipelineFailed"));
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("#{SourceVariables.PullRequestTitle}");
        failed.Terminal.ShouldContain("#{SourceVariables.PullRequestTitle}");
    }

    [Theory]
    [InlineData("rehearse")]
    [InlineData("plan")]
    public async Task A_pipe_in_the_folder_of_a_service_without_ions_is_refused_before_anything_starts(string command)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, """  network: { stack: "inventory-${target}-small", template: stacks/small.yaml }""");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks/small.yaml"),
            "Resources: { Log: { Type: AWS::Logs::LogGroup } }\n",
            TestContext.Current.CancellationToken
        );
        using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(service, "stacks/p")]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = await CommandLine.InProcess(command, service, "--target", "dev");

        refused.ExitCode.ShouldBe(2);
        refused.Terminal.ShouldContain("stacks/p is neither a file nor a folder, but a pipe, socket or device; remove it from the service");
        refused.Terminal.ShouldNotContain("preparing the accounts");
    }

    [Fact]
    public async Task Faults_are_read_from_a_file()
    {
        var file = Path.Combine(_folder.Path, "faults.txt");
        await File.WriteAllTextAsync(
            file,
            "# what goes wrong\nevents-lost\n\nearthquake\nthrottled:nosuch:Foo\n\u001b[31mflood\n",
            TestContext.Current.CancellationToken
        );

        var refused = await Refused("FaultUnknown", "rehearse", CommandLine.Inventory, "--target", "dev", "--faults", file);

        refused.Report.Cause!.Split('\n').Select(line => line.Split(": ")[0]).ShouldBe([$"{file}:4", $"{file}:5", $"{file}:6"]);
        refused.Report.Cause!.ShouldContain("unknown fault 'earthquake'");
        refused.Report.Cause!.ShouldContain("?[31mflood");
        await Refused("FaultFileUnreadable", "rehearse", CommandLine.Inventory, "--target", "dev", "--faults", file + "-not");
    }

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
        (refused.Report.Verdict, refused.Report.Error).ShouldBe((Verdict.Invalid, "StateInvalid"));
    }

    [Fact]
    public async Task A_development_instance_that_cannot_be_is_refused() =>
        (
            await Refused("InstanceInvalid", "rehearse", CommandLine.Inventory, "--target", "dev", "--instance", "Not A Name")
        ).Report.Cause.ShouldBe(
            "--instance: the name of the development instance is \"Not A Name\"; expected 1 to 20 lower-case letters, digits and hyphens, "
                + "not at its ends"
        );

    [Fact]
    public async Task A_result_that_cannot_be_written_is_refused_before_anything_runs()
    {
        using var written = new StringWriter();
        var screen = new Screen(TextWriter.Synchronized(written), 1000);

        var exit = await Program.Run(
            ["rehearse", CommandLine.Inventory, "--target", "dev", "--in-process", "--json", _folder.Path],
            new Terminal(screen, screen)
        );

        exit.ShouldBe(2);
        Lines(written).ShouldHaveSingleItem().ShouldContain($"--json '{_folder.Path}' cannot be written: it is a folder");
    }

    [Fact]
    public async Task A_state_inside_of_the_service_is_no_part_of_it()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var state = Path.Combine(service, "state");
        var first = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state);
        var again = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state);

        (first.ExitCode, first.Report.Verdict).ShouldBe((0, Verdict.Succeeded), first.Terminal);
        (again.ExitCode, again.Report.Verdict).ShouldBe((0, Verdict.NothingToDo), again.Terminal);
        again.Report.Revision.ShouldBe(first.Report.Revision);
    }

    [Fact]
    public async Task The_service_itself_is_no_state()
    {
        var service = CommandLine.CopyInventory(_folder.Path);

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", service);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "StateInvalid"));
        refused.Report.Cause!.ShouldContain("is the service's own folder");
    }

    [Theory]
    [InlineData("{\"Folder\":\"/orders\",\"Target\":\"dev\",\"Service\":\"orders\"}", "holds the accounts of service 'orders' (/orders)")]
    [InlineData("{\"Folder\":\"/ord", "is damaged")]
    [InlineData("null", "is damaged")]
    public async Task A_state_of_another_service_or_a_half_written_one_is_refused(string kept, string said)
    {
        var state = Path.Combine(_folder.Path, "state");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "rehearsal.json"), kept);

        var refused = await CommandLine.Rehearse("--state", state);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "StateInvalid"));
        refused.Report.Cause!.ShouldContain(said);
        Directory.EnumerateFileSystemEntries(state).Count().ShouldBe(1, "nothing was opened");
    }

    [Fact]
    public async Task A_state_where_nothing_can_be_written_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has /proc");

        var refused = await CommandLine.Rehearse("--state", "/proc/deployer-state");

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "StateInvalid"));
        refused.Report.Cause.ShouldBe(
            "--state /proc/deployer-state cannot be used: nothing can be written there; expected a folder, or a name in a folder that can "
                + "be written to"
        );
    }

    [Fact]
    public async Task A_damaged_state_is_refused()
    {
        var state = Path.Combine(_folder.Path, "state");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "journal"), "deployer-rehearsal 1\nnonsense\nmore\n");

        var refused = await CommandLine.Rehearse("--state", state);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "StateInvalid"));
        refused.Report.Cause!.ShouldContain("line 2 is not an entry of a rehearsal's journal");
    }

    [Fact]
    public async Task A_pipe_in_the_service_is_refused()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(service, "pipe")))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Refused("FileUnusable", "rehearse", service, "--target", "dev");

        refused.Report.Cause!.ShouldStartWith("pipe is neither a file nor a folder");
    }

    [Fact]
    public async Task What_a_command_in_kept_accounts_names_has_to_be_there()
    {
        var state = Path.Combine(_folder.Path, "state");
        var service = CommandLine.Inventory;
        (await CommandLine.Rehearse("--state", state)).ExitCode.ShouldBe(0);

        foreach (
            var (said, arguments) in new (string, string[])[]
            {
                ("revision 'ffffffff' was never deployed to dev", ["rollback", service, "--target", "dev", "--to", "ffffffff"]),
                ("deployer.yaml has no step 'nothing'", ["group", "off", service, "--target", "dev", "--step", "nothing"]),
                ("the step 'ions' has no capacity that could be changed", ["group", "off", service, "--target", "dev", "--step", "ions"]),
                ("there is no development instance 'nobody'", ["remove", service, "--target", "dev", "--instance", "nobody"]),
                (
                    "deployer-dev-deploy:unknown in the rehearsed accounts",
                    ["redrive", "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:unknown"]
                ),
            }
        )
        {
            var refused = await CommandLine.InProcess([.. arguments, "--state", state]);

            refused.ExitCode.ShouldBe(2, refused.Terminal);
            refused.Report.Verdict.ShouldBe(Verdict.Invalid);
            refused.Report.Cause!.ShouldContain(said);
            refused.Report.Deployment.ShouldBeNull("nothing was started");
            if (arguments[0] == "redrive")
            {
                refused.Terminal.ShouldNotContain("preparing the accounts");
            }
        }

        // A copy of the service in another folder: the accounts stay those of the first one, and whoever names the copy reads that.
        var copy = CommandLine.CopyInventory(Directory.CreateDirectory(Path.Combine(_folder.Path, "copy")).FullName);
        var kept = await File.ReadAllTextAsync(Path.Combine(state, "rehearsal.json"));
        var other = await CommandLine.InProcess("group", "off", copy, "--target", "dev", "--step", "nothing", "--state", state);
        other.ExitCode.ShouldBe(2, other.Terminal);
        other.Report.Cause!.ShouldEndWith(
            $"--state {state} holds the accounts of {service}, a service of the same name as {copy}; expected that "
                + "folder, or another --state"
        );
        (await File.ReadAllTextAsync(Path.Combine(state, "rehearsal.json"))).ShouldBe(kept);
    }

    private static string[] Lines(StringWriter written) => written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<CommandResult> Refused(string error, params string[] arguments)
    {
        var state = Path.Combine(_folder.Path, "state");
        var refused = await CommandLine.InProcess([.. arguments, "--state", state]);
        refused.ExitCode.ShouldBe(2);
        refused.Report.Verdict.ShouldBe(Verdict.Invalid);
        refused.Report.Error.ShouldBe(error);
        refused.Report.Calls.ShouldBeEmpty();
        refused.Report.LambdaInvocations.ShouldBe(0);
        refused.Report.Deployment.ShouldBeNull();
        Directory.Exists(state).ShouldBeFalse("no account was opened");
        return refused;
    }
}
