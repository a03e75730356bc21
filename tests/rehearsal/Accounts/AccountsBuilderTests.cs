using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Accounts;

/// <summary>Accounts of several targets, of which some share a stack.</summary>
public sealed class AccountsBuilderTests : IDisposable
{
    private const string Head = "tools: { account: \"222222222222\", region: us-east-1 }\npipeline: p\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-accounts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("111111111111,333333333333", null)]
    [InlineData(
        "${account}",
        "stack shared-dev (shared.yaml) was made for another target, and the accounts file gives it another template"
    )]
    public async Task Targets_of_a_stage_share_a_stack_that_is_the_same_for_both(string accounts, string? refusal)
    {
        await using var rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions(),
            (_, gateway) =>
                Task.FromResult<ILambdaHost>(
                    new InProcessHost((_, _, _, _, _, _) => throw new InvalidOperationException("no function is invoked"), gateway)
                )
        );
        Write(
            "accounts.yaml",
            Head
                + "stacks:\n"
                + "  - account: tools\n    stack: shared-${stage}\n    template: shared.yaml\n"
                + $"    parameters: {{ Accounts: \"{accounts}\" }}\n"
        );
        Write(
            "shared.yaml",
            "Parameters: { Accounts: { Type: String } }\n"
                + "Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Ref AWS::StackName } } }\n"
        );

        await Prepare(rehearsal, "dev", "111111111111");
        var second = await Record.ExceptionAsync(() => Prepare(rehearsal, "dev-two", "333333333333"));

        if (refusal is null)
        {
            second.ShouldBeNull();
        }
        else
        {
            second.ShouldBeOfType<AccountsFileException>().Message.ShouldStartWith(refusal);
        }
    }

    private Task Prepare(AwsRehearsal rehearsal, string target, string account) =>
        rehearsal.Prepare(
            AccountsFile.Read(
                Path.Combine(_folder, "accounts.yaml"),
                new Dictionary<string, string>
                {
                    ["target"] = target,
                    ["stage"] = "dev",
                    ["account"] = account,
                }
            ),
            target,
            account,
            "us-east-1",
            Repository.Root
        );

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
