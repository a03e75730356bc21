using Amazon.Lambda.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>What a look at drift may read with the roles that the templates make, and with nothing else.</summary>
public sealed class DriftReadsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_the_grant_what_was_changed_by_hand_is_found_and_refuses_the_deployment()
    {
        var service = await Changed("yes");

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        (await accounts.Doctor()).Checks.ShouldNotContain(check => check.Check.StartsWith("permissions ", StringComparison.Ordinal));
        var refused = await accounts.Deploy();

        refused.Verdict.ShouldBe(Verdict.Failed);
        refused.Error.ShouldBe("DriftedException");
        refused
            .Cause.ShouldNotBeNull()
            .ShouldContain("Function (AWS::Lambda::Function) of stack inventory-dev-small was changed by hand: /Timeout: 5 → 6");
        refused.Notices.ShouldNotContain(notice => notice.Contains("could not be checked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_it_each_resource_is_named_and_the_doctor_says_what_grants_it()
    {
        var service = await Changed("no");

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var missing = (await accounts.Doctor()).Checks.Single(check => check.Check == "permissions deployer-dev-target");
        var deployed = await accounts.Deploy();

        missing.Text.ShouldContain("iam:GetRole on arn:aws:iam::111111111111:role/inventory-dev-check");
        missing.Remedy.ShouldEndWith("deployer bootstrap service SERVICE --target dev --tools-account 222222222222");
        deployed.Verdict.ShouldBe(Verdict.Succeeded, deployed.Cause);
        deployed.Notices.ShouldContain(notice =>
            notice.StartsWith(
                "small: Function (AWS::Lambda::Function) of stack inventory-dev-small could not be checked",
                StringComparison.Ordinal
            )
        );
    }

    /// <summary>A service whose stack was deployed, then changed by hand, and whose template has changed since.</summary>
    private async Task<string> Changed(string drift)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, """  small: { stack: "inventory-${target}-small", template: stacks/small.yaml }""");
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, drift: refuse, ");
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "Service: inventory, System: \"${system}\"",
            $"Service: inventory, System: \"${{system}}\", Drift: \"{drift}\""
        );
        await Template(service, 7);
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        await accounts.Call<UpdateFunctionConfigurationResponse>(
            new UpdateFunctionConfigurationRequest { FunctionName = "inventory-dev-small", Timeout = 6 }
        );
        await Template(service, 14);
        await accounts.Publish();
        return service;
    }

    private static Task Template(string service, int days) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "small.yaml"),
            $$"""
            Resources:
              Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: inventory-dev-small, RetentionInDays: {{days}} } }
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: inventory-dev-small
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [ { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" } ]
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: inventory-dev-small
                  Runtime: nodejs22.x
                  Handler: index.handler
                  Timeout: 5
                  Role: !GetAtt Role.Arn
                  Code: { ZipFile: "exports.handler = async () => 1;" }

            """
        );
}
