using Amazon.Lambda.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>Plans of a service whose stacks exist, after changes of its files.</summary>
public sealed class PlanOfChangesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replacements_and_removals_in_nested_stacks_are_shown_with_their_risk()
    {
        var service = await Service("first");
        (await Run("rehearse", service)).ExitCode.ShouldBe(0);
        await Service("second");

        var planned = await Run("plan", service);

        var changes = PlannedExample.Read(planned).Steps.Single().Part(StackChange.Part)!;
        changes
            .Select(change => (change.Resource, change.Change))
            .ShouldBe(
                [("Logs", ChangeKind.Modified), ("Logs/Audit", ChangeKind.Removed), ("Logs/Orders", ChangeKind.Replaced)],
                ignoreOrder: true
            );
        changes.Single(change => change.Resource == "Logs/Orders").Properties.ShouldBe(["LogGroupName"]);
        changes
            .Where(change => change.Risk is not null)
            .Select(change => change.Resource)
            .ShouldBe(["Logs/Audit", "Logs/Orders"], ignoreOrder: true);
        PlannedExample.Read(planned).Risks.ShouldBe(2);
    }

    [Fact]
    public async Task A_stack_that_only_a_plan_has_made_is_removed_again()
    {
        var service = await Service("first");

        var first = PlannedExample.Read(await Run("plan", service));
        var again = PlannedExample.Read(await Run("plan", service));

        first
            .Steps.Single()
            .Part(StackChange.Part)!
            .Select(change => (change.Resource, change.Change))
            .ShouldBe([("Logs", ChangeKind.Added), ("Logs/Orders", ChangeKind.Added), ("Logs/Audit", ChangeKind.Added)], ignoreOrder: true);
        (first.Steps.Single().Action, again.Steps.Single().Action).ShouldBe((PlannedAction.Create, PlannedAction.Create));
    }

    [Fact]
    public async Task What_would_fail_is_shown_with_its_cause()
    {
        var service = await Service("first", "https://s3.amazonaws.com/datomic-cloud-1/lost.yaml");

        var planned = await Run("plan", service);

        planned.ExitCode.ShouldBe(1);
        PlannedExample.Read(planned).Steps.Single().Problem!.ShouldStartWith("StackFailedException: stack inventory-dev-logs: S3 error: ");
    }

    [Fact]
    public async Task A_parameter_that_the_template_at_hand_does_not_have_is_refused_before_anything_is_planned()
    {
        var service = await Service("first", "https://s3.amazonaws.com/datomic-cloud-1/first.yaml");
        await File.AppendAllLinesAsync(Path.Combine(service, "deployer.yaml"), ["    parameters: { Nothing: x }"]);

        var planned = await Run("plan", service);

        planned.ExitCode.ShouldBe(2);
        planned.Json.ShouldBeEmpty();
        planned.Terminal.ShouldContain("deployer.yaml:17:28: the parameter \"Nothing\" is not in ");
    }

    [Fact]
    public async Task Libraries_that_differ_from_the_last_release_are_shown_by_the_plan_and_at_the_end()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        (await Run("rehearse", service)).ExitCode.ShouldBe(0);
        var deps = Path.Combine(service, "ions", "deps.edn");
        await File.WriteAllTextAsync(
            deps,
            (await File.ReadAllTextAsync(deps))
                .Replace(
                    "org.clojure/tools.reader {:mvn/version \"1.4.2\"}",
                    "org.clojure/data.json {:mvn/version \"2.5.0\"}",
                    StringComparison.Ordinal
                )
                .Replace("\"1.0.131\"", "\"1.0.132\"", StringComparison.Ordinal)
        );

        var planned = await Run("plan", service);

        PlannedExample
            .Read(planned)
            .Steps.Single(step => step.Step == "ions")
            .Part(LibraryPlan.Part)
            .ShouldBe([
                new("com.datomic/client-cloud", "1.0.131", "1.0.132"),
                new("org.clojure/data.json", null, "2.5.0"),
                new("org.clojure/tools.reader", "1.4.2", null),
            ]);

        var deployed = await Run("rehearse", service);

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Report.Cause);
        deployed
            .Report.Pipeline!.Summary.ShouldNotBeNull()
            .ShouldEndWith(
                "; ions: deps.edn differs from the last release: com.datomic/client-cloud 1.0.131 -> "
                    + "1.0.132, org.clojure/data.json 2.5.0 added, org.clojure/tools.reader 1.4.2 removed"
            );
    }

    [Fact]
    public async Task Ion_Lambdas_that_would_become_others_are_named_with_the_reason()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        (await Run("rehearse", service)).ExitCode.ShouldBe(0);
        await using (var accounts = await SimulatedAccounts.Open(Path.Combine(_folder.Path, "state")))
        {
            await accounts
                .Target.Target("us-east-1")
                .Lambda.UpdateFunctionConfigurationAsync(
                    new UpdateFunctionConfigurationRequest { FunctionName = "inventory-dev-get-item", Timeout = 61 }
                );
        }

        var byHand = Ions(await Run("plan", service));

        (byHand.Action, byHand.Notices[0]).ShouldBe(
            (PlannedAction.Release, "inventory-dev-get-item has the timeout '61 s' instead of '60 s'")
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "ions", "resources", "datomic", "ion-config.edn"),
            """
            {:app-name "inventory"
             :allow [inventory.ions/in-stock?]
             :lambdas {:get-item {:fn inventory.ions/get-item :description "An item"}
                       :find-item {:fn inventory.ions/get-item}}}
            """
        );

        var changed = Ions(await Run("plan", service));

        changed
            .Notices.Skip(1)
            .TakeWhile(notice => !notice.StartsWith("revision ", StringComparison.Ordinal))
            .ShouldBe([
                "inventory-dev-get-item has the timeout '61 s' instead of '60 s'",
                "inventory-dev-get-item has the description 'An item of the inventory' instead of 'An item'",
                "inventory-dev-find-item does not exist",
                "inventory-dev-add-item still exists and ion-config.edn no longer names it",
            ]);
        changed.Notices[0].ShouldEndWith(", which was released last, is of other ions or of another group");
        changed.Part(RemovedLambdas.Part).ShouldBe(["inventory-dev-add-item"]);

        static StepPlan Ions(CommandResult planned) => PlannedExample.Read(planned).Steps.Single(step => step.Step == "ions");
    }

    [Fact]
    public async Task An_export_in_use_that_would_be_removed_is_named_with_the_stack_that_imports_it()
    {
        var service = await Service("first");
        var (logs, orders) = (Path.Combine(service, "stacks", "logs.yaml"), "Resources: { Orders: { Type: AWS::Logs::LogGroup } }");
        await File.WriteAllTextAsync(
            logs,
            orders + "\nOutputs: { Orders: { Value: !Ref Orders, Export: { Name: !Sub \"${AWS::StackName}-orders\" } } }"
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "reader.yaml"),
            "Resources: { Audit: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: "
                + "!Join [ /, [ audit, !ImportValue inventory-dev-logs-orders ] ] } } }"
        );
        await File.AppendAllLinesAsync(
            Path.Combine(service, "deployer.yaml"),
            ["  reader:", "    stack: inventory-${target}-reader", "    template: stacks/reader.yaml", "    after: [ logs ]"]
        );
        (await Run("rehearse", service)).ExitCode.ShouldBe(0);
        await File.WriteAllTextAsync(logs, orders);

        var planned = await Run("plan", service);

        planned.ExitCode.ShouldBe(1);
        PlannedExample
            .Read(planned)
            .Steps.Single(step => step.Step == "logs")
            .Problem!.ShouldStartWith(
                "ExportInUseException: stack inventory-dev-logs exports inventory-dev-logs-orders, "
                    + "which inventory-dev-reader imports, and the template exports it no longer\n"
            );
    }

    /// <summary>The folder does not show what outputs a macro makes: the change set's own template does.</summary>
    [Fact]
    public async Task A_removed_output_that_another_step_needs_is_found_in_what_a_macro_makes_before_anything_changes()
    {
        var service = await Service("first");
        var logs = Path.Combine(service, "stacks", "logs.yaml");
        await File.WriteAllTextAsync(logs, WithOutputsOf("Orders, Audit"));
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "reader.yaml"),
            "Parameters: { Group: { Type: String } }\n"
                + "Resources: { Copy: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub \"copy-${Group}\" } } }"
        );
        await File.AppendAllLinesAsync(
            Path.Combine(service, "deployer.yaml"),
            [
                "  reader:",
                "    stack: inventory-${target}-reader",
                "    template: stacks/reader.yaml",
                "    parameters: { Group: \"${steps.logs.outputs.AuditGroup}\" }",
            ]
        );
        var first = await Run("rehearse", service);
        first.ExitCode.ShouldBe(0, first.Report.Cause);
        await File.WriteAllTextAsync(logs, WithOutputsOf("Orders"));

        var planned = await Run("plan", service);
        var deployed = await Run("rehearse", service);

        const string Cause =
            "deployer.yaml:20:26: step 'reader' needs the output AuditGroup of stack inventory-dev-logs, which its template would not "
            + "have; it would have OrdersGroup";
        planned.ExitCode.ShouldBe(1);
        PlannedExample.Read(planned).Steps.Single(step => step.Step == "logs").Problem.ShouldBe($"SpecInvalidException: {Cause}");
        (deployed.ExitCode, deployed.Report.Error, deployed.Report.Cause).ShouldBe((1, "SpecInvalidException", Cause));
        deployed.Count("ExecuteChangeSet", "deployer-dev-target").ShouldBe(0);

        static string WithOutputsOf(string groups) =>
            $$"""
                Transform: AWS::LanguageExtensions
                Resources: { Orders: { Type: AWS::Logs::LogGroup }, Audit: { Type: AWS::Logs::LogGroup } }
                Outputs:
                  Fn::ForEach::Groups: [ Name, [ {{groups}} ], { "${Name}Group": { Value: { Ref: !Ref Name } } } ]
                """;
    }

    /// <summary>The example with one stack, which nests the template <c>first</c> or <c>second</c>.</summary>
    private async Task<string> Service(string nested, string template = "stacks/logs.yaml")
    {
        var service = Path.Combine(_folder.Path, "service");
        if (!Directory.Exists(service))
        {
            CommandLine.CopyInventory(_folder.Path);
            await SmallService.AllowCloudFormation(service, "logs:*");
            await File.WriteAllTextAsync(
                Path.Combine(service, "accounts", "datomic-cloud-1", "first.yaml"),
                Logs("first") + "\n  Audit:\n    Type: AWS::Logs::LogGroup"
            );
            await File.WriteAllTextAsync(Path.Combine(service, "accounts", "datomic-cloud-1", "second.yaml"), Logs("second"));
        }

        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "logs.yaml"),
            $"""
            Resources:
              Logs:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: https://s3.amazonaws.com/datomic-cloud-1/{nested}.yaml
            """
        );
        var description = (await File.ReadAllLinesAsync(Path.Combine(CommandLine.Inventory, "deployer.yaml"))).Select(line =>
            line.Replace("[ group, ions, network, api ]", "[ logs ]", StringComparison.Ordinal)
        );
        await File.WriteAllLinesAsync(
            Path.Combine(service, "deployer.yaml"),
            [
                .. description.TakeWhile(line => !line.StartsWith("steps:", StringComparison.Ordinal)),
                "steps:",
                "  logs:",
                "    stack: inventory-${target}-logs",
                $"    template: {template}",
            ]
        );
        return service;
    }

    private Task<CommandResult> Run(string command, string service) =>
        CommandLine.InProcess(command, service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));

    private static string Logs(string name) =>
        $"""
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties:
                  LogGroupName: {name}
            """;
}
