using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>What an approval is of: a digest that differs where anything differs that is deployed, or that the plan looked at.</summary>
public sealed class PlanDigestTests : IDisposable
{
    private const string File = "deployer.yaml";

    private readonly TemporaryFolder _folder = new();
    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    private string Template => Path.Combine(_service, "stacks", "logs.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_template_parameter_expression_or_stack_is_another_digest_and_the_same_things_are_the_same()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            _service,
            """
              logs:
                stack: inventory-${target}-logs
                template: stacks/logs.yaml
                parameters: { Days: "1", Name: "${target}" }
            """
        );
        await System.IO.File.WriteAllTextAsync(
            Template,
            """
            Parameters: { Days: { Type: Number }, Name: { Type: String } }
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: !Sub "inventory-dev-${Name}", RetentionInDays: !Ref Days }

            """,
            TestContext.Current.CancellationToken
        );
        (await Run("rehearse")).Report.Verdict.ShouldBe(Verdict.Succeeded);

        var digests = new List<string>
        {
            await Digest(),
            await With(Template, "RetentionInDays: !Ref Days", "RetentionInDays: 5"),
            await With(File, "Days: \"1\"", "Days: \"3\""),
            await With(File, "Name: \"${target}\"", "Name: \"${service}\""),
        };
        (await Digest()).ShouldBe(digests[0]);
        await ByHand();
        digests.Add(await Digest());

        digests.ShouldAllBe(digest => digest.Length == 64);
        digests.Distinct().Count().ShouldBe(5);
    }

    /// <summary>The same files of another commit are another approval, and so is a part of the steps.</summary>
    [Fact]
    public async Task Another_revision_or_other_steps_are_another_digest()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            _service,
            """
              logs: { stack: "inventory-${target}-logs", template: stacks/logs.yaml }
              more: { stack: "inventory-${target}-more", template: stacks/more.yaml }
            """
        );
        await SmallService.Change(_service, File, "region: us-east-1, values", "region: us-east-1, approval: true, values");
        foreach (var name in new[] { "logs", "more" })
        {
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(_service, "stacks", $"{name}.yaml"),
                $"Resources: {{ Orders: {{ Type: AWS::Logs::LogGroup, Properties: {{ LogGroupName: inventory-dev-{name} }} }} }}\n",
                TestContext.Current.CancellationToken
            );
        }

        await (await SimulatedAccounts.OpenService(_service, State)).DisposeAsync();
        var (one, again) = (await Waiting("--revision", "1111111"), await Waiting("--revision", "1111111"));
        var digests = new[] { one, await Waiting("--revision", "2222222"), await Waiting("--revision", "1111111", "--step", "logs") };

        digests.ShouldAllBe(digest => digest.Length == 64);
        digests.Distinct().Count().ShouldBe(3);
        again.ShouldBe(one);
    }

    private async Task<string> Waiting(params string[] options)
    {
        var waiting = await CommandLine.InProcess(["deploy", _service, "--target", "dev", "--state", State, .. options]);
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        await using (var accounts = await SimulatedAccounts.OpenService(_service, State))
        {
            // The empty stacks of the plan are deleted by then: they are what the next one looks at.
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        }

        return waiting.Report.Plan!.Digest!;
    }

    private Task<CommandResult> Run(string command) => CommandLine.InProcess(command, _service, "--target", "dev", "--state", State);

    private async Task<string> Digest() => PlannedExample.Read(await Run("plan")).Digest!;

    /// <summary>The digest with a change, which is taken back.</summary>
    private async Task<string> With(string file, string from, string to)
    {
        await SmallService.Change(_service, file, from, to);
        var digest = await Digest();
        await SmallService.Change(_service, file, to, from);
        return digest;
    }

    private async Task ByHand()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        await accounts.Target.CloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = "inventory-dev-logs",
                UsePreviousTemplate = true,
                Parameters =
                [
                    new Parameter { ParameterKey = "Days", ParameterValue = "7" },
                    new Parameter { ParameterKey = "Name", UsePreviousValue = true },
                ],
            }
        );
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
    }
}
