using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Bootstrap;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Tests.Rehearsals;
using Deployer.Cli.Tests.Serving;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Tests.Bootstrap;

/// <summary>From empty accounts to a deployment, by processes over HTTP.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    private const string Tools = "222222222222";
    private const string Target = "111111111111";
    private const string Other = "333333333333";

    private readonly SmallService _service = new();
    private ServeProcess? _serve;

    public async ValueTask InitializeAsync()
    {
        _serve = await ServeProcess.Start();
        await using var zip = await ZipFile.OpenAsync(Functions, ZipArchiveMode.Create);
        await using var entry = await zip.CreateEntry("bootstrap").OpenAsync();
        entry.Write("#!/bin/sh\n"u8);
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        _service.Dispose();
    }

    [Fact]
    public async Task The_stacks_are_made_in_empty_accounts_changed_by_nothing_but_a_change_and_deleted()
    {
        string[] tools = ["bootstrap", "tools", "--stage", "dev", "--functions", Functions];
        string[] target = ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools];
        string[] service = ["bootstrap", "service", _service.Folder, "--target", "dev", "--tools-account", Tools];

        var withoutTargets = await Run(Tools, [.. tools, "--yes"]);
        var unconfirmed = await Run(Target, target);
        var made = await Run(Tools, [.. tools, "--parameter", $"AllowedTargets={Target}", "--yes"]);
        var again = await Run(Tools, [.. tools, "--yes"]);
        var targetMade = await Run(Target, [.. target, "--yes"]);
        var wrongAccount = await Run(Tools, [.. service, "--yes"]);
        var serviceMade = await Run(Target, [.. service, "--yes"]);
        var serviceAgain = await Run(Target, [.. service, "--yes"]);
        var plan = await Run(Tools, "history", _service.Folder, "--target", "dev");
        var serviceGone = await Run(Target, "teardown", "service", _service.Folder, "--target", "dev", "--yes");
        var targetGone = await Run(Target, "teardown", "target", "--stage", "dev", "--yes");
        var toolsGone = await Run(Tools, "teardown", "tools", "--stage", "dev", "--yes");

        Refused(withoutTargets, "a new deployer needs the accounts that it may deploy to");
        Refused(unconfirmed, "not confirmed, and no stack was changed");
        unconfirmed.Error.ShouldContain("stack deployer-target-dev in account 111111111111, us-east-1: new\n");
        unconfirmed.Error.ShouldContain("  +   TargetRole AWS::IAM::Role");
        unconfirmed.Output.ShouldBeEmpty();
        Succeeded(made, "✓ stack deployer-dev in account 222222222222, us-east-1: CREATE_COMPLETE");
        made.Error.ShouldContain("  +   Table AWS::DynamoDB::Table");
        Command(made).ShouldBe(["bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--tools-region", "us-east-1"]);
        Succeeded(again, "✓ stack deployer-dev in account 222222222222, us-east-1: no changes");
        Succeeded(targetMade, "✓ stack deployer-target-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Refused(wrongAccount, "target 'dev' is account 111111111111, us-east-1, and the credentials are of account 222222222222");
        Succeeded(serviceMade, "✓ stack deployer-inventory-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Succeeded(serviceAgain, "no changes");
        Command(targetMade).ShouldBe(["bootstrap", "service", ".", "--target", "dev", "--tools-account", Tools]);
        Command(serviceMade).ShouldBe(["plan", _service.Folder, "--target", "dev", "--region", "us-east-1", "--stage", "dev"]);
        Succeeded(plan, "inventory was not deployed to dev by this deployer in the last 90 days");
        Succeeded(serviceGone, "is deleted");
        Succeeded(targetGone, "is deleted");
        Succeeded(toolsGone, "is deleted");
        toolsGone
            .Output.Words()
            .ShouldContain("stays: Table (AWS::DynamoDB::Table) deployer-dev; its template retains it, since it holds the records");
        toolsGone.Output.Words().ShouldContain("stays: Bucket (AWS::S3::Bucket) deployer-dev-222222222222; its template retains it");
    }

    /// <summary>IAM deletes no role that has policies, and the stack would be left half deleted.</summary>
    [Fact]
    public async Task The_roles_of_a_target_are_not_deleted_while_the_policies_of_services_are_attached_to_them()
    {
        string[] target = ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--yes"];
        string[] service = ["bootstrap", "service", "--target", "dev", "--tools-account", Tools, "--yes"];
        var catalog = await Catalog();
        Succeeded(await Run(Target, target), "CREATE_COMPLETE");
        Succeeded(await Run(Target, [.. target, "--region", "eu-west-1", "--tools-region", "us-east-1"]), "CREATE_COMPLETE");
        Succeeded(await Run(Target, [.. service, _service.Folder]), "CREATE_COMPLETE");
        Succeeded(await Run(Target, [.. service, catalog, "--region", "eu-west-1"]), "CREATE_COMPLETE");
        string[] teardown = ["teardown", "target", "--stage", "dev", "--yes"];

        var refused = await Run(Target, teardown);
        var document = await Run(Target, [.. teardown, "--json", "-"]);
        var unchanged = await Run(Target, target);
        await Run(Target, "teardown", "service", _service.Folder, "--target", "dev", "--yes");
        var stillRefused = await Run(Target, teardown);
        var further = await Run(Target, "teardown", "service", catalog, "--target", "dev", "--region", "eu-west-1", "--yes");
        var gone = await Run(Target, teardown);

        refused.ExitCode.ShouldBe(2, refused.Error + refused.Output);
        refused.Output.Words().ShouldContain("cannot be deleted yet, and nothing was changed");
        refused
            .Output.Words()
            .ShouldContain(
                "Stack deployer-inventory-dev, us-east-1, has attached policies to deployer-dev-cloudformation, deployer-dev-ions, "
                    + "deployer-dev-target. In the folder of inventory, with its target:"
            );
        refused.Output.Words().ShouldContain("Stack deployer-catalog-dev, eu-west-1, has attached policies to ");
        document.ExitCode.ShouldBe(2, document.Error);
        var report = JsonNode.Parse(document.Output)!;
        report["verdict"]!.GetValue<string>().ShouldBe("refused");
        report["status"]!.GetValue<string>().ShouldBe("CREATE_COMPLETE");
        report["next"]!
            .AsArray()
            .Select(next => string.Join(' ', Words(next!["command"]!.GetValue<string>())))
            .Order(StringComparer.Ordinal)
            .ShouldBe(["teardown service . --target dev --stage dev", "teardown service . --target dev --stage dev --region eu-west-1"]);
        Succeeded(unchanged, "no changes");
        stillRefused.ExitCode.ShouldBe(2, stillRefused.Error);
        stillRefused.Output.ShouldNotContain("inventory");
        Succeeded(further, "is deleted");
        Succeeded(gone, "is deleted");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("functions")]
    public async Task Functions_that_Lambda_could_not_start_are_refused_before_anything_is_made(string? entry)
    {
        var zip = _service.At("wrong.zip");
        if (entry is null)
        {
            await File.WriteAllTextAsync(zip, "notzip", TestContext.Current.CancellationToken);
        }
        else
        {
            await using var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, TestContext.Current.CancellationToken);
            archive.CreateEntry(entry);
        }

        string[] tools = ["bootstrap", "tools", "--stage", "dev", "--functions", zip, "--parameter", $"AllowedTargets={Target}", "--yes"];

        Refused(await Run(Tools, tools), $"{zip} has no functions; expected --functions with a zip that has the native executable");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("deployer")]
    [InlineData("datomic-code")]
    public async Task A_system_whose_name_would_reach_what_is_others_is_refused(string system)
    {
        (
            await Run(Target, "bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--tools-region", "us-east-1", "--yes")
        ).ExitCode.ShouldBe(0);

        var refused = await Run(
            Target,
            "bootstrap",
            "service",
            _service.Folder,
            "--target",
            "dev",
            "--tools-account",
            Tools,
            "--parameter",
            $"System={system}",
            "--yes"
        );

        refused.ExitCode.ShouldNotBe(0);
        (refused.Error + refused.Output).Words().ShouldContain("System");
    }

    /// <summary>A system's stacks are touched where the service has steps for them, and no longer where it has none any more.</summary>
    [Fact]
    public async Task What_the_system_s_own_stacks_need_is_granted_while_the_file_has_steps_for_them()
    {
        string[] service = ["bootstrap", "service", _service.Folder, "--target", "dev", "--tools-account", Tools, "--yes"];
        var file = Path.Combine(_service.Folder, "deployer.yaml");
        var without = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var with = without.Replace(
            "steps:\n",
            "steps:\n  storage: { stack: \"${system}\", kind: datomic-storage, template: https://s3.amazonaws.com/acme/storage.json }\n",
            StringComparison.Ordinal
        );
        with.ShouldNotBe(without);

        (
            await Run(Target, "bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--tools-region", "us-east-1", "--yes")
        ).ExitCode.ShouldBe(0);
        await File.WriteAllTextAsync(file, with, TestContext.Current.CancellationToken);
        var granted = await Run(Target, service);
        await File.WriteAllTextAsync(file, without, TestContext.Current.CancellationToken);
        var taken = await Run(Target, service);

        Succeeded(granted, "CREATE_COMPLETE");
        granted.Error.ShouldContain("  +   SystemStoragePolicy AWS::IAM::ManagedPolicy");
        Succeeded(taken, "UPDATE_COMPLETE");
        taken.Error.ShouldContain("  -   SystemStoragePolicy AWS::IAM::ManagedPolicy");
    }

    /// <summary>
    /// The names of roles are global to an account: the stack of a further region makes none, and its events go to the one bus.
    /// </summary>
    [Fact]
    public async Task A_further_region_of_an_account_shares_the_roles_that_the_first_one_has()
    {
        string[] target = ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools];
        string[] further = [.. target, "--region", "eu-west-1"];
        string[] service = ["bootstrap", "service", _service.Folder, "--target", "dev", "--tools-account", Tools];
        var catalog = await Catalog();

        var first = await Run(Target, [.. target, "--yes"]);
        var withoutRegion = await Run(Target, [.. further, "--yes"]);
        var made = await Run(Target, [.. further, "--tools-region", "us-east-1", "--yes"]);
        var again = await Run(Target, [.. further, "--yes"]);
        var serviceMade = await Run(Target, [.. service, "--yes"]);
        var otherService = await Run(
            Target,
            ["bootstrap", "service", catalog, "--target", "dev", "--tools-account", Tools, "--region", "eu-west-1", "--yes"]
        );
        var gone = await Run(Target, "teardown", "target", "--stage", "dev", "--region", "eu-west-1", "--yes");

        Succeeded(first, "stack deployer-target-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Refused(
            withoutRegion,
            "account 111111111111 has the roles of stage dev from another region, and the stack of a further region needs the "
                + "region of the deployer: --tools-region us-east-1"
        );
        Succeeded(made, "stack deployer-target-dev in account 111111111111, eu-west-1: CREATE_COMPLETE");
        made.Error.ShouldContain("  +   ForwardedEvents AWS::Events::Rule");
        made.Error.ShouldNotContain("AWS::IAM::Role");
        Succeeded(again, "no changes");
        Succeeded(serviceMade, "stack deployer-inventory-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Succeeded(otherService, "stack deployer-catalog-dev in account 111111111111, eu-west-1: CREATE_COMPLETE");
        Succeeded(gone, "is deleted");
        gone.Error.Words().ShouldContain("no longer receives events from this region; its roles, which another region has, stay");
    }

    /// <summary>Both targets are of the stage that their names begin with, which no command names.</summary>
    [Fact]
    public async Task A_service_in_two_regions_of_a_stage_has_access_in_each_one_role_for_its_builds_and_one_pipeline()
    {
        var file = Path.Combine(_service.Folder, "deployer.yaml");
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .Replace(
                    "steps:",
                    """
                      dev-eu: { account: "333333333333", region: eu-west-1, values: { system: datomic-eu } }
                    steps:
                    """,
                    StringComparison.Ordinal
                )
                .Replace("connection/c\"", "connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        string[] service = ["bootstrap", "service", _service.Folder, "--tools-account", Tools, "--yes"];
        string[] build = ["bootstrap", "build", _service.Folder, "--yes"];

        await Run(
            Tools,
            "bootstrap",
            "tools",
            "--stage",
            "dev",
            "--functions",
            Functions,
            "--parameter",
            $"AllowedTargets={Target}",
            "--yes"
        );
        await Run(Target, "bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--yes");
        await Run(
            Other,
            [
                "bootstrap",
                "target",
                "--stage",
                "dev",
                "--tools-account",
                Tools,
                "--tools-region",
                "us-east-1",
                "--region",
                "eu-west-1",
                "--yes",
            ]
        );
        var first = await Run(Target, [.. service, "--target", "dev"]);
        var second = await Run(Other, [.. service, "--target", "dev-eu", "--region", "eu-west-1"]);
        var firstBuild = await Run(Tools, [.. build, "--target", "dev"]);
        var secondBuild = await Run(Tools, [.. build, "--target", "dev-eu"]);
        var pipeline = await Run(Tools, "bootstrap", "pipeline", _service.Folder, "--yes");

        Succeeded(first, "stack deployer-inventory-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Succeeded(second, "stack deployer-inventory-dev in account 333333333333, eu-west-1: CREATE_COMPLETE");
        Command(second)[..6].ShouldBe(["plan", _service.Folder, "--target", "dev-eu", "--region", "us-east-1"]);
        Succeeded(firstBuild, "stack deployer-inventory-dev-build in account 222222222222, us-east-1: CREATE_COMPLETE");
        Succeeded(secondBuild, "stack deployer-inventory-dev-build in account 222222222222, us-east-1: UPDATE_COMPLETE");
        Succeeded(pipeline, "stack inventory-pipeline in account 222222222222, us-east-1: CREATE_COMPLETE");
        (await Parameters("deployer-inventory-dev-build"))["Targets"].ShouldBe("111111111111,333333333333");
        var parameters = await Parameters("inventory-pipeline");
        (parameters["FirstStage"], parameters["FirstTarget"]).ShouldBe(("dev", string.Empty));
        (parameters["SecondStage"], parameters["SecondTarget"]).ShouldBe(("dev", "dev-eu"));

        Succeeded(await Run(Tools, [.. build, "--target", "dev-eu"]), "no changes");
        Succeeded(await Run(Tools, "bootstrap", "pipeline", _service.Folder, "--yes"), "no changes");

        // What the file has no longer is taken back.
        await File.WriteAllLinesAsync(
            file,
            (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Where(line =>
                !line.StartsWith("  dev-eu:", StringComparison.Ordinal)
            ),
            TestContext.Current.CancellationToken
        );
        Succeeded(await Run(Tools, "bootstrap", "pipeline", _service.Folder, "--yes"), "UPDATE_COMPLETE");
        parameters = await Parameters("inventory-pipeline");
        (parameters["FirstStage"], parameters["SecondStage"], parameters["SecondTarget"]).ShouldBe(("dev", string.Empty, string.Empty));
    }

    [Fact]
    public async Task A_stack_that_fails_names_the_resource_and_the_command_that_deletes_what_is_left()
    {
        string[] service = ["bootstrap", "service", _service.Folder, "--target", "dev", "--tools-account", Tools, "--yes"];

        // The roles that its policies are attached to are made by the target's stack.
        var failed = await Run(Target, [.. service, "--json", "-"]);
        var shown = await Run(Target, service);
        var report = JsonNode.Parse(failed.Output)!;
        var left = report["next"]![0]!["command"]!.GetValue<string>();
        var removed = await Run(Target, [.. Words(left), "--yes", "--json", "-"]);
        var again = await Run(Target, service);

        failed.ExitCode.ShouldBe(1, failed.Error);
        report["verdict"]!.GetValue<string>().ShouldBe("failed");
        report["stack"]!.ToJsonString().ShouldBe("""{"name":"deployer-inventory-dev","account":"111111111111","region":"us-east-1"}""");
        report["status"]!.GetValue<string>().ShouldBe("ROLLBACK_COMPLETE");
        report["cause"]!
            .GetValue<string>()
            .ShouldMatch(@"^\w+ \(AWS::IAM::ManagedPolicy\) failed: .*deployer-dev-.*; stack deployer-inventory-dev is");
        report["changes"]!.AsArray().ShouldContain(change => change!["resource"]!.GetValue<string>() == "TargetPolicy");
        Refused(shown, "ROLLBACK_COMPLETE");
        removed.ExitCode.ShouldBe(0, removed.Error);
        JsonNode.Parse(removed.Output)!["verdict"]!.GetValue<string>().ShouldBe("deleted");
        again.ExitCode.ShouldBe(1, again.Error);
        again.Output.ShouldStartWith("✗ stack deployer-inventory-dev in account 111111111111, us-east-1: ROLLBACK_COMPLETE\n\nCause\n");
        again.Output.Words().ShouldContain("Correct the cause, delete what is left of the stack, then run the same command again:");
    }

    [Fact]
    public async Task A_template_that_a_request_cannot_hold_goes_by_way_of_the_bucket()
    {
        var connection = new AwsConnection(
            new BasicAWSCredentials(Target, _serve!.Variables["AWS_SECRET_ACCESS_KEY"]),
            "us-east-1",
            _serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );
        var access = new AwsAccess(connection, Target, "user/jane", new AwsSettings(null, null, null), TimeSpan.Zero);
        await using IProgressView progress = new ProgressLines(new Screen(TextWriter.Null, 100));
        var template = File.ReadAllText(Path.Combine(Repository.Root, "templates", "target.yaml"));
        var larger = template + $"# {new string('x', ProductTemplates.LargestInRequest - template.Length)}";
        using var account = new AccountClients(connection, Target);

        var small = await ProductTemplates.Place(access, "small.yaml", template, progress, CancellationToken.None);
        var large = await ProductTemplates.Place(access, "large.yaml", larger, progress, CancellationToken.None);
        var summary = await account.CloudFormation.GetTemplateSummaryAsync(
            new GetTemplateSummaryRequest { TemplateURL = large.Url },
            TestContext.Current.CancellationToken
        );

        small.ShouldBe(new PlacedTemplate(template, null));
        large.Body.ShouldBeNull();
        large.Url!.ShouldStartWith("https://s3.us-east-1.amazonaws.com/deployer-artifacts-111111111111-us-east-1/");
        summary.Parameters.ShouldContain(parameter => parameter.ParameterKey == "ToolsAccount");
    }

    [Fact]
    public async Task A_parameter_that_the_template_does_not_have_is_named()
    {
        var refused = await Run(
            Target,
            ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--parameter", "Colour=red", "--yes"]
        );

        Refused(refused, "the template of stack deployer-target-dev has no parameter 'Colour'; expected one of ");
    }

    /// <summary>The folder of another service, in another region of the same account.</summary>
    private async Task<string> Catalog()
    {
        var catalog = Path.Combine(Path.GetDirectoryName(_service.Folder)!, "catalog");
        Folders.Copy(_service.Folder, catalog);
        var file = Path.Combine(catalog, "deployer.yaml");
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .Replace("inventory", "catalog", StringComparison.Ordinal)
                .Replace("region: us-east-1", "region: eu-west-1", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        return catalog;
    }

    /// <summary>The parameters of a stack of the deployer's account.</summary>
    private async Task<IReadOnlyDictionary<string, string>> Parameters(string stack)
    {
        var connection = new AwsConnection(
            new BasicAWSCredentials(Tools, _serve!.Variables["AWS_SECRET_ACCESS_KEY"]),
            "us-east-1",
            _serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );
        using var account = new AccountClients(connection, Tools);
        var found = await account.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stack });
        return found.Stacks[0].Parameters.ToDictionary(parameter => parameter.ParameterKey, parameter => parameter.ParameterValue);
    }

    private string Functions => _service.At("functions.zip");

    private async Task<Finished> Run(string account, params string[] arguments)
    {
        var start = DeployerProcess.Start(arguments);
        foreach (var (name, value) in _serve!.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_ACCESS_KEY_ID"] = account;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return await DeployerProcess.Finish(process);
    }

    /// <summary>The words after the program's name of the last line, which is the command to go on with.</summary>
    private static string[] Command(Finished run) => Words(run.Output.TrimEnd().Split('\n')[^1]);

    private static string[] Words(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        words[0].ShouldBe(ProgramName.Find(Path.GetFullPath(DeployerProcess.Executable), "", Environment.CurrentDirectory));
        return words[1..];
    }

    private static void Refused(Finished run, string said)
    {
        run.ExitCode.ShouldBe(2, run.Error + run.Output);
        run.Error.Words().ShouldContain(said);
    }

    private static void Succeeded(Finished run, string said)
    {
        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        run.Output.Words().ShouldContain(said);
    }
}
