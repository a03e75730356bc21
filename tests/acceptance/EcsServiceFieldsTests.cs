using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>An ECS service of which a step changes named fields.</summary>
public sealed class EcsServiceFieldsTests : IDisposable
{
    private const string Step = """
          web:
            service: inventory-${target}-web
            cluster: inventory-${target}
            cpu: 512
            memory: 1536
            task: { cpu: 1024, memory: 2048 }
            environment: { LOG_LEVEL: debug }
            secrets: { PASSPHRASE: /inventory/dev/passphrase }
        """;

    private const string Parameter = """
          Passphrase: { Type: AWS::SSM::Parameter, Properties: { Name: /inventory/dev/passphrase, Type: String, Value: hidden } }
          Log:
        """;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Size_environment_and_secrets_are_those_of_the_file_and_the_image_stays()
    {
        var service = await Write(Step);

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", State);
        var deployed = await ContainerService.Rehearse(service, State);
        var again = await ContainerService.Rehearse(service, State);

        plan.Json.ShouldContain("task memory would be 2048 instead of 1024");
        plan.Json.ShouldContain("container web would be given the secret PASSPHRASE from /inventory/dev/passphrase");
        deployed.ExitCode.ShouldBe(0, deployed.Report.Cause ?? deployed.Terminal);
        var definition = await Described(service);
        (definition.Cpu, definition.Memory).ShouldBe(("1024", "2048"));
        var web = definition.ContainerDefinitions.ShouldHaveSingleItem();
        (web.Cpu, web.Memory, web.Image).ShouldBe((512, 1536, $"{ContainerService.Repository}:first"));
        web.Environment.Select(variable => $"{variable.Name}={variable.Value}").ShouldBe(["LOG_LEVEL=debug"], "the other is a secret now");
        web.Secrets.ShouldHaveSingleItem().ValueFrom.ShouldBe("/inventory/dev/passphrase");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
    }

    [Fact]
    public async Task A_size_that_Fargate_does_not_have_is_refused_with_the_sizes_that_it_has()
    {
        var service = await Write(Step.Replace("task: { cpu: 1024, memory: 2048 }", "task: { cpu: 1024 }", StringComparison.Ordinal));

        var refused = await ContainerService.Rehearse(service, State);

        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "inventory-dev-web would be a task with a cpu of 1024 and a memory of 1024 MiB, which Fargate does not have; it has a "
                    + "memory of 2048 to 8192 MiB in steps of 1024 with a cpu of 1024"
            );
        (refused.Count("RegisterTaskDefinition"), refused.Count("UpdateService")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_rolled_back_with_the_cause()
    {
        var service = await Write(Step.Replace("dev/passphrase", "dev/missing", StringComparison.Ordinal));

        var failed = await ContainerService.Rehearse(service, State);

        failed.Report.Error.ShouldBe("ServiceRolledBackException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("invalid ssm parameters: /inventory/dev/missing");
    }

    private async Task<string> Write(string step)
    {
        var service = await ContainerService.Write(_folder.Path, step, from: "  Log:", to: Parameter.TrimEnd());
        await SmallService.Change(
            service,
            "accounts/containers.yaml",
            "                  - ecr:GetAuthorizationToken\n",
            "                  - ecr:GetAuthorizationToken\n                  - ssm:GetParameters\n"
        );
        return service;
    }

    private async Task<TaskDefinition> Described(string service)
    {
        var running = (await ContainerService.Find(service, State)).TaskDefinition;
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        return (
            await accounts
                .Target.Target("us-east-1")
                .Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = running })
        ).TaskDefinition;
    }
}
