using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// The example with a stack whose template is too large for a request and names code and a nested template of the service's folder.
/// </summary>
public sealed class PackagedTemplates : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public CommandResult Again { get; private set; } = null!;

    public CommandResult Changed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await File.AppendAllTextAsync(
            Path.Combine(service, "deployer.yaml"),
            """

              packaged:
                stack: inventory-${target}-packaged
                template: packaged/root.yaml
                publish: /inventory/${target}/packaged
            """
        );
        var packaged = Directory.CreateDirectory(Path.Combine(service, "packaged")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(packaged, "root.yaml"),
            $$"""
            Metadata: { Padding: {{new string('x', 52_000)}} }
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [ { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole } ]
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: inventory-dev-packaged
                  Runtime: nodejs22.x
                  Handler: index.handler
                  Role: !GetAtt Role.Arn
                  Code: code
              Nested:
                Type: AWS::CloudFormation::Stack
                Properties: { TemplateURL: nested/inner.yaml }
            Outputs:
              Function: { Value: !GetAtt Function.Arn }
            """
        );
        Directory.CreateDirectory(Path.Combine(packaged, "nested"));
        await File.WriteAllTextAsync(Path.Combine(packaged, "nested", "inner.yaml"), "Resources: { Log: { Type: AWS::Logs::LogGroup } }");
        var code = Path.Combine(Directory.CreateDirectory(Path.Combine(packaged, "code")).FullName, "index.js");
        await File.WriteAllTextAsync(code, "exports.handler = async () => 1;");

        First = await Rehearse();
        Again = await Rehearse();
        await File.WriteAllTextAsync(code, "exports.handler = async () => 2;");
        Changed = await Rehearse();

        Task<CommandResult> Rehearse() =>
            CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PackagedTemplatesTests(PackagedTemplates rehearsal) : IClassFixture<PackagedTemplates>
{
    [Fact]
    public void Template_code_and_nested_template_are_read_from_the_deployers_bucket_by_the_roles_of_the_target()
    {
        rehearsal.First.Report.Cause.ShouldBeNull();
        rehearsal.First.Report.Stacks.ShouldContain(stack =>
            stack.Name == "inventory-dev-packaged" && stack.Action == StepAction.Created && stack.Status == "CREATE_COMPLETE"
        );
        rehearsal.First.Count("PutObject", "deployer-dev-PrepareStack").ShouldBe(3);
        rehearsal.First.Count("GetObject", "deployer-dev-cloudformation").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void Nothing_is_uploaded_and_published_again_when_nothing_changed()
    {
        rehearsal.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        rehearsal.Again.ShouldChangeNothing();
        rehearsal.Again.Count("PutObject", "deployer-dev-PrepareStack").ShouldBe(0);
        rehearsal.Again.Count("PutParameter").ShouldBe(0);
    }

    [Fact]
    public void Changed_code_updates_the_stack_and_unchanged_outputs_are_not_written_again()
    {
        rehearsal.First.Count("PutParameter").ShouldBeGreaterThan(1);
        rehearsal.Changed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rehearsal
            .Changed.Report.Stacks.Select(stack => (stack.Name, stack.Action))
            .ShouldContain(("inventory-dev-packaged", StepAction.Updated));
        rehearsal.Changed.Count("GetParameters", "deployer-dev-target").ShouldBeGreaterThan(0);
        rehearsal.Changed.Count("PutParameter").ShouldBe(0);
    }
}
