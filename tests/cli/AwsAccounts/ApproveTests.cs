using System.Globalization;
using System.Text.Json;
using Amazon.StepFunctions.Model;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>Plans that wait for approval on a served deployer, decided about by processes.</summary>
[Collection(nameof(ServedService))]
public sealed class ApproveTests(ServedService served) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-approved-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plan_waits_is_approved_once_and_the_next_one_is_rejected()
    {
        Folders.Copy(served.Folder, _folder);
        var file = Path.Combine(_folder, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file,
            text.Replace("values: { system: datomic-dev } }", "values: { system: datomic-dev }, approval: true }", StringComparison.Ordinal)
                .Replace("inventory-${target}", "inventory-${target}-approved", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var waiting = await served.Run("deploy", _folder, "--target", "dev", "--json", "-");
        var plan = Plan(waiting);
        var seen = await served.Run("deploy", _folder, "--target", "dev");
        var superseded = await served.Run("approve", plan);
        var newest = seen.Output.Split(['\n', ' ']).Last(word => word.StartsWith("arn:aws:states", StringComparison.Ordinal));
        var withoutPolicy = await served.Run("approve", newest);
        var digest = seen.Output.Split('\n').Single(line => line.Trim().StartsWith("digest ", StringComparison.Ordinal)).Trim()[
            "digest ".Length..
        ];
        // The approval is recorded, and nothing was started by it yet.
        var (code, output, interrupted) = await ServedAccounts.Interrupt(
            await served.StartAsApprover("approve", newest, "--reason", "looked at it"),
            "DynamoDB_20120810.PutItem"
        );
        var approved = await served.RunAsApprover("approve", newest, "--reason", "looked at it", "--digest", digest.ToUpperInvariant());
        var again = await served.RunAsApprover("approve", newest);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "stacks", "group.yaml"),
            "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 3 } } }\n",
            TestContext.Current.CancellationToken
        );
        var next = await served.Run("deploy", _folder, "--target", "dev", "--json", "-");
        var rejected = await served.RunAsApprover("reject", Plan(next), "--reason", "not today");
        var rejectedAgain = await served.RunAsApprover("reject", Plan(next));
        var emptyDigest = await served.RunAsApprover("reject", Plan(next), "--digest", "");
        var tooLate = await served.RunAsApprover("approve", Plan(next));

        waiting.ExitCode.ShouldBe(4, waiting.Error);
        seen.ExitCode.ShouldBe(4, seen.Error);
        seen.Output.ShouldStartWith("▸ inventory to dev: waiting for approval");
        seen.Output.ShouldContain($"approve {newest}");
        seen.Output.ShouldNotContain("This run");
        superseded.ExitCode.ShouldBe(2);
        superseded.Error.Words().ShouldContain("is superseded by the newer plan");
        withoutPolicy.ExitCode.ShouldBe(2);
        withoutPolicy.Error.Words().ShouldContain("DynamoDBv2 PutItem of deployer-dev was denied");
        (code, output).ShouldBe((130, string.Empty), interrupted);
        interrupted
            .Words()
            .ShouldContain("interrupted; whether the plan was approved already is not known here. To approve it, or to see ");
        interrupted.TrimEnd().Split('\n')[^1].ShouldMatch($"^  [^ ]*deployer approve {newest} --reason 'looked at it'$");
        approved.ExitCode.ShouldBe(0, approved.Error + approved.Output);
        approved.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
        approved.Output.Words().ShouldContain("approved by assumed-role/approver/jane with deployer approve");
        again.ExitCode.ShouldBe(0, again.Error);
        Execution(again).ShouldBe(Execution(approved));
        next.ExitCode.ShouldBe(4, next.Error);
        rejected.ExitCode.ShouldBe(0, rejected.Error);
        rejected.Output.ShouldStartWith("- inventory to dev: rejected");
        rejected.Output.ShouldNotContain("already");
        rejectedAgain.ExitCode.ShouldBe(0, rejectedAgain.Error);
        rejectedAgain
            .Output.Words()
            .ShouldContain(
                "nothing was recorded now: the plan was already rejected by assumed-role/approver/jane with deployer reject at "
            );
        rejectedAgain.Output.Words().ShouldContain(": not today");
        // By AWS's clock, which is years ahead of this machine's here.
        MomentOfRejection(rejectedAgain)
            .ShouldBeGreaterThan((await Described(Plan(next))).StopDate!.Value.ToUniversalTime().AddSeconds(-1));
        emptyDigest.ExitCode.ShouldBe(2);
        emptyDigest.Error.Words().ShouldContain("--digest is '', and plan ");
        tooLate.ExitCode.ShouldBe(2);
        tooLate.Error.Words().ShouldContain("was rejected by assumed-role/approver/jane with deployer reject");
        tooLate.Error.Words().ShouldContain(": not today; make another plan");
    }

    private async Task<DescribeExecutionResponse> Described(string execution)
    {
        using var stepFunctions = served.StepFunctions();
        return await stepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = execution },
            TestContext.Current.CancellationToken
        );
    }

    private static DateTime MomentOfRejection(Finished finished)
    {
        var words = finished.Output.Words();
        const string Before = " with deployer reject at ";
        var moment = words[(words.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..][.."2040-01-01 00:00:00Z".Length];
        return DateTimeOffset.ParseExact(moment, "u", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;
    }

    private static string Plan(Finished finished) =>
        JsonDocument.Parse(finished.Output).RootElement.GetProperty("plan").GetProperty("plan").GetString()!;

    private static string Execution(Finished finished) =>
        finished.Output.Split('\n').Single(line => line.StartsWith("  execution ", StringComparison.Ordinal));
}
