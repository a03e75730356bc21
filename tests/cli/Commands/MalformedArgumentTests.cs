namespace Deployer.Cli.Tests.Commands;

/// <summary>Arguments of which the command line and the service's files alone show that they are wrong.</summary>
public sealed class MalformedArgumentTests : IDisposable
{
    private const string Number = "expected a whole number from";

    private readonly string _state = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "rehearse SERVICE --target dev --seed abc", $"--seed is 'abc'; {Number} 0 to 18446744073709551615" },
            { "rehearse SERVICE --target dev --seed -1", $"--seed is '-1'; {Number} 0 to 18446744073709551615" },
            { "plan SERVICE --target dev --seed 1.5", $"--seed is '1.5'; {Number} 0 to 18446744073709551615" },
            { "history SERVICE --target dev --most x", $"--most is 'x'; {Number} 1 to 1000" },
            { "history SERVICE --target dev --most 0", $"--most is '0'; {Number} 1 to 1000" },
            { "serve --port x", $"--port is 'x'; {Number} 0 to 65535" },
            { "serve --port 65536", $"--port is '65536'; {Number} 0 to 65535" },
            { "serve --for soon", "--for 'soon' is not a duration; expected a number and s, m or h, such as 90s" },
            { "serve --client-patience soon", "--client-patience 'soon' is not a duration; expected a number and s, m or h, such as 90s" },
            {
                "redrive arn:foo --rehearsed STATE",
                "'arn:foo' is not an execution of a deployer; expected arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-deploy:NAME, "
                    + "as the result of its deployment and 'deployer history' have it"
            },
            {
                "group off SERVICE --target dev --step \"a b\" --rehearsed STATE",
                "--step is 'a b'; expected the name of a step: 1 to 64 letters, digits, hyphens and underscores, beginning with a letter"
            },
            {
                "deploy SERVICE --target dev --step nothing --rehearsed STATE",
                "deployer.yaml has no step 'nothing'; expected one of group, ions, network, api, endpoint"
            },
            { "init SERVICE/new --account 12", "--account is '12', which is no account; expected 12 digits" },
            {
                "bootstrap target --stage dev --tools-account 12345678901a --yes",
                "--tools-account is '12345678901a', which is no account; expected 12 digits"
            },
            {
                "bootstrap service SERVICE --target dev --tools-account 12 --yes",
                "--tools-account is '12', which is no account; expected 12 digits"
            },
            {
                "bootstrap tools --stage dev --parameter AllowedTargets=111111111111,12 --yes",
                "--parameter AllowedTargets is '12', which is no account; expected 12 digits"
            },
            {
                "deploy SERVICE --target dev --revision x --rehearsed STATE",
                "--revision is 'x'; expected a commit of 7 or more characters"
            },
            {
                "rollback SERVICE --target dev --to ab*cdefg --rehearsed STATE",
                "--to is 'ab*cdefg'; expected a commit or uname that was pushed before, or its first 7 or more characters"
            },
            {
                "rollback SERVICE --target dev --to abc --rehearsed STATE",
                "--to is 'abc'; expected a commit or uname that was pushed before, or its first 7 or more characters"
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_malformed_argument_is_one_sentence_before_accounts_are_prepared(string line, string sentence)
    {
        // The accounts of somebody's rehearsal, which are not looked into.
        await File.WriteAllTextAsync(
            Path.Combine(_state, "rehearsal.json"),
            $$"""{"Folder":"{{Repository.Example}}","Target":"dev","Service":"inventory"}""",
            TestContext.Current.CancellationToken
        );

        var run = await DeployerProcess.Run([
            .. System
                .CommandLine.Parsing.CommandLineParser.SplitCommandLine(line)
                .Select(word => word.Replace("SERVICE", Repository.Example, StringComparison.Ordinal))
                .Select(word => word == "STATE" ? _state : word),
        ]);

        (run.ExitCode, run.Output, run.Error.Words()).ShouldBe((2, "", sentence));
        Directory.GetFileSystemEntries(_state).ShouldHaveSingleItem();
    }
}
