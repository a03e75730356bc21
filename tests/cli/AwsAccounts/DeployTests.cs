using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>Deployments of a served deployer, by processes with an operator's credentials.</summary>
[Collection(nameof(ServedService))]
public sealed partial class DeployTests(ServedService served)
{
    [Fact]
    public async Task A_deployment_is_followed_to_its_end_and_a_second_one_has_nothing_to_do()
    {
        var first = await served.Run("deploy", served.Folder, "--target", "dev", "--json", "-");
        var second = await served.Run("deploy", served.Folder, "--target", "dev");

        first.ExitCode.ShouldBe(0, first.Error);
        var document = JsonDocument.Parse(first.Output).RootElement;
        document.GetProperty("verdict").GetString().ShouldBeOneOf("succeeded", "nothing-to-do");
        document
            .GetProperty("deployment")
            .GetString()
            .ShouldStartWith("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:");
        document.GetProperty("by").GetString().ShouldBe("assumed-role/deployer-dev-operator/jane with deployer deploy");
        document.GetProperty("settled").GetBoolean().ShouldBeTrue();
        first.Error.ShouldContain("execution succeeded");
        first.Error.ShouldContain("uploaded s3://deployer-dev-222222222222/incoming/");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Output.ShouldContain("✓ inventory to dev: nothing to do in ");
        second.Output.ShouldContain("the lock is free");
        second.Output.Words().ShouldContain("by assumed-role/deployer-dev-operator/jane with deployer deploy");
        second.Output.ShouldContain("https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/arn:");
    }

    /// <summary>As it happens, and not at the end: time stands while the stack is updated, until that has been shown.</summary>
    [Fact]
    public async Task A_step_is_shown_with_its_time_when_it_begins_waits_and_ends()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-shown-").FullName;
        try
        {
            Folders.Copy(served.Folder, folder);
            await File.WriteAllTextAsync(
                Path.Combine(folder, "stacks", "group.yaml"),
                "Resources: { Log: { Type: AWS::Logs::LogGroup }, Shown: { Type: AWS::Logs::LogGroup } }\n",
                TestContext.Current.CancellationToken
            );
            var held = await served.HoldTime();
            using var process = Process.Start(served.Start("deploy", folder, "--target", "dev"))!;
            var lines = new List<string>();
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lines.Add(line);
                if (held is not null && line.EndsWith("group: waits for stack inventory-dev", StringComparison.Ordinal))
                {
                    await held.DisposeAsync();
                    held = null;
                }
            }

            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.ShouldBe(0, output);
            held.ShouldBeNull(string.Join('\n', lines));
            var shown = lines.Select(line => Timed().Match(line)).Where(line => line.Success).ToList();
            shown[0].Groups["text"].Value.ShouldMatch("^execution inventory-dev-deploy-[0-9a-f]{12} started$");
            shown
                .Skip(1)
                .Select(line => line.Groups["text"].Value)
                .ShouldBe([
                    "steps: group",
                    "group: prepare stack",
                    "group: update stack",
                    "group: waits for stack inventory-dev",
                    "group: succeeded",
                    "execution succeeded",
                ]);
            Seconds(shown[5]).ShouldBeGreaterThan(Seconds(shown[3]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static int Seconds(Match line) =>
            60 * int.Parse(line.Groups["minutes"].Value, CultureInfo.InvariantCulture)
            + int.Parse(line.Groups["seconds"].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_detached_deployment_goes_on_and_is_watched_to_its_end_by_another_process()
    {
        var detached = await served.Run("deploy", served.Folder, "--target", "dev", "--detach");

        detached.ExitCode.ShouldBe(0, detached.Error);
        detached.Output.ShouldContain("The deployment goes on by itself.");
        var arn = Watched().Match(detached.Output).Groups["arn"].Value;
        arn.ShouldNotBeEmpty();

        var watched = await served.Run("watch", arn);

        watched.ExitCode.ShouldBe(0, watched.Error);
        watched.Output.ShouldMatch("✓ inventory to dev: (succeeded|nothing to do) in ");
        watched.Output.ShouldContain($"execution {arn}");
    }

    [Fact]
    public async Task Whoever_interrupts_it_has_stopped_nothing()
    {
        var held = await served.HoldTime();
        using var process = Process.Start(served.Start("deploy", served.Folder, "--target", "dev"))!;
        var arn = await Started(process);
        using (var kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(130);
        Watched().Match(output).Groups["arn"].Value.ShouldEndWith(arn);
        await held.DisposeAsync();

        var watched = await served.Run("watch", $"arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:{arn}");
        watched.ExitCode.ShouldBe(0, watched.Error);
    }

    /// <summary>The answer to the request that starts it comes after the interruption: it was started all the same.</summary>
    [Fact]
    public async Task Whoever_interrupts_it_while_it_is_started_hears_which_one_goes_on()
    {
        var start = served.Start("deploy", served.Folder, "--target", "dev");
        await using var way = new HeldRequest(start.Environment["AWS_ENDPOINT_URL"]!, "AWSStepFunctions.StartExecution");
        start.Environment["http_proxy"] = way.Address;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await Task.WhenAny(way.IsHeld, error)).ShouldBe(way.IsHeld, error.IsCompleted ? await error : null);
        using (var kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        way.Release();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(130, await error);
        output.ShouldStartWith("▸ inventory to dev: running");
        var watched = await served.Run("watch", Watched().Match(output).Groups["arn"].Value);
        watched.ExitCode.ShouldBe(0, watched.Error);
    }

    /// <summary>Nothing of the tool has failed, and nobody is asked for a report: the deployment goes on.</summary>
    [Fact]
    public async Task Credentials_that_end_while_it_is_followed_stop_nothing_and_the_end_is_not_known()
    {
        await served.CreateOperator("leaver");
        var leaver = await served.Assume("leaver");
        var held = await served.HoldTime();
        using var process = Process.Start(
            served.Start(["deploy", served.Folder, "--target", "dev"], leaver.AccessKeyId, leaver.SecretAccessKey, leaver.SessionToken)
        )!;
        var arn = await Started(process);
        await served.DeleteStack("leaver");

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(3, error);
        output.ShouldStartWith("▸ inventory to dev: running");
        output.Words().ShouldContain("was denied");
        Watched().Match(output).Groups["arn"].Value.ShouldEndWith(arn);
        (output + error).ShouldNotContain("report this", Case.Insensitive);
        await held.DisposeAsync();

        var watched = await served.Run("watch", $"arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:{arn}");
        watched.ExitCode.ShouldBe(0, watched.Error);
    }

    [Fact]
    public async Task A_step_that_there_is_not_is_refused_before_anything_is_uploaded()
    {
        var refused = await served.Run("deploy", served.Folder, "--target", "dev", "--steps", "nowhere");

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("deployer.yaml has no step 'nowhere'; expected one of group");
        refused.Error.ShouldNotContain("uploading");
    }

    [Fact]
    public async Task A_failed_deployment_is_shown_with_its_cause_and_its_redrive()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-failing-");
        try
        {
            Folders.Copy(served.Folder, folder.FullName);
            await served.CreateStackInTarget(
                "taken",
                "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: taken } } }"
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "stacks", "group.yaml"),
                "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: taken } } }\n",
                TestContext.Current.CancellationToken
            );

            var failed = await served.Run("deploy", folder.FullName, "--target", "dev");

            failed.ExitCode.ShouldBe(1, failed.Error);
            failed.Output.ShouldContain("✗ inventory to dev: failed in ");
            failed.Output.ShouldContain("Exception");
            failed.Output.ShouldContain("the lock is free");
            var redrive = Redrive().Match(failed.Output).Groups["arn"].Value;
            redrive.ShouldNotBeEmpty(failed.Output);

            var again = await served.Run("redrive", redrive);

            again.ExitCode.ShouldBe(1, again.Error);
            again.Output.Words().ShouldContain("; redriven once");
            again.Error.ShouldContain("redriven");
            again.Error.ShouldNotContain("started");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What was done before a redrive is the deployment's, too, and was released when it was done.</summary>
    [Fact]
    public async Task The_report_of_a_redriven_deployment_is_that_of_the_whole_deployment()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-redriven-");
        try
        {
            Folders.Copy(served.Folder, folder.FullName);
            await served.CreateStackInTarget(
                "held",
                "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: held } } }"
            );
            await File.AppendAllTextAsync(
                Path.Combine(folder.FullName, "deployer.yaml"),
                "\n  web: { stack: \"inventory-${target}-web\", template: stacks/web.yaml, after: [group] }\n",
                TestContext.Current.CancellationToken
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "stacks", "group.yaml"),
                "Resources: { Log: { Type: AWS::Logs::LogGroup }, More: { Type: AWS::Logs::LogGroup } }\n",
                TestContext.Current.CancellationToken
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "stacks", "web.yaml"),
                "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: held } } }\n",
                TestContext.Current.CancellationToken
            );
            var failed = await served.Run("deploy", folder.FullName, "--target", "dev", "--json", "-");
            var first = JsonDocument.Parse(failed.Output).RootElement;
            var execution = first.GetProperty("deployment").GetString()!;
            var before = await served.Run("releases", folder.FullName, "--json", "-");

            var redriven = await served.Run("redrive", execution, "--json", "-");
            var shown = await served.Run("watch", execution);
            var after = await served.Run("releases", folder.FullName, "--json", "-");

            failed.ExitCode.ShouldBe(1, failed.Error);
            redriven.ExitCode.ShouldBe(1, redriven.Error);
            var second = JsonDocument.Parse(redriven.Output).RootElement;
            var action = first.GetProperty("steps")[0].GetProperty("action").GetString();
            action.ShouldBeOneOf("created", "updated");
            second.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()).ShouldBe(["group", "web"]);
            second.GetProperty("steps")[0].GetRawText().ShouldBe(first.GetProperty("steps")[0].GetRawText());
            second.GetProperty("steps")[1].GetProperty("action").GetString().ShouldBe("failed");
            second.GetProperty("stacks")[0].GetProperty("action").GetString().ShouldBe(action);
            second.GetProperty("startedAt").GetRawText().ShouldBe(first.GetProperty("startedAt").GetRawText());
            second.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(first.GetProperty("seconds").GetDouble());
            shown.Output.ShouldContain($"stack inventory-dev: {action}\n");
            Group(after).GetRawText().ShouldBe(Group(before).GetRawText());
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static JsonElement Group(Finished releases) =>
            JsonDocument
                .Parse(releases.Output)
                .RootElement.GetProperty("releases")
                .EnumerateArray()
                .Single(release => release.GetProperty("step").GetString() == "group");
    }

    [Fact]
    public async Task A_plan_of_the_deployer_is_shown()
    {
        var plan = await served.Run("plan", served.Folder, "--target", "dev", "--stage", "dev", "--json", "-");

        plan.ExitCode.ShouldBe(0, plan.Error);
        JsonDocument.Parse(plan.Output).RootElement.GetProperty("steps")[0].GetProperty("step").GetString().ShouldBe("group");
    }

    /// <summary>The steps before the one that refers to it would be deployed first.</summary>
    [Fact]
    public async Task A_service_that_refers_to_its_commit_is_not_deployed_without_one()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-without-commit-").FullName;
        try
        {
            Folders.Copy(served.Folder, folder);
            await File.AppendAllTextAsync(
                Path.Combine(folder, "deployer.yaml"),
                "\n  web: { service: web, cluster: c, image: \"111111111111.dkr.ecr.us-east-1.amazonaws.com/web:${revision}\" }\n",
                TestContext.Current.CancellationToken
            );

            var whole = await served.Run("deploy", folder, "--target", "dev");
            var part = await served.Run("deploy", folder, "--target", "dev", "--step", "group", "--detach");

            whole.ExitCode.ShouldBe(2, whole.Output);
            whole
                .Error.Words()
                .ShouldContain("${revision} is the commit that is deployed, and none is named; expected --revision COMMIT, 'revision' in");
            whole.Error.ShouldNotContain("uploaded");
            part.ExitCode.ShouldBe(0, part.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_rollback_to_a_revision_that_there_is_not_is_refused()
    {
        var refused = await served.Run("rollback", served.Folder, "--target", "dev", "--to", "0123456789");

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("revision '0123456789' was never deployed to dev by this deployer");
    }

    /// <summary>Waits until a process has started its execution, and gives its name.</summary>
    private static async Task<string> Started(Process process)
    {
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (Execution().Match(line) is { Success: true } found)
            {
                return found.Groups["name"].Value;
            }
        }

        throw new InvalidOperationException("it ended before it started an execution");
    }

    [GeneratedRegex("^ +(?<minutes>[0-9]+):(?<seconds>[0-9]{2})  (?<text>.*)$")]
    private static partial Regex Timed();

    [GeneratedRegex("watch (?<arn>arn:aws:states:[^ \n]+)")]
    private static partial Regex Watched();

    [GeneratedRegex("redrive (?<arn>arn:aws:states:[^ \n]+)")]
    private static partial Regex Redrive();

    [GeneratedRegex("execution (?<name>inventory-dev-deploy-[0-9a-f]{12}) started")]
    private static partial Regex Execution();
}
