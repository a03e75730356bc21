using System.Text.Json;
using System.Text.RegularExpressions;
using Deployer.Cli.Validation;

namespace Deployer.Cli.Tests.Validation;

public sealed class ValidateTests : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-validate-").FullName;

    [Fact]
    public async Task A_service_without_fault_ends_with_0()
    {
        var run = await DeployerProcess.Run("validate", Repository.Example);

        (run.ExitCode, run.Output, run.Error).ShouldBe((0, "no faults\n", ""));
    }

    [Fact]
    public async Task A_folder_that_is_none_is_refused_with_what_is_expected()
    {
        var missing = await DeployerProcess.Run("validate", Path.Combine(_folder, "nope"));
        missing.ExitCode.ShouldBe(2);
        missing.Error.ReplaceLineEndings(" ").ShouldContain("nope: there is no such folder; expected one with deployer.yaml");

        var file = Path.Combine(_folder, "a.yaml");
        await File.WriteAllTextAsync(file, "service: a", Cancellation);
        var written = await DeployerProcess.Run("validate", file);
        written.ExitCode.ShouldBe(2);
        written.Error.ReplaceLineEndings(" ").ShouldContain("a.yaml is a file; expected the folder with deployer.yaml");
    }

    [Fact]
    public async Task The_example_holds_nothing_that_a_rehearsal_cannot_simulate()
    {
        var run = await DeployerProcess.Run("validate", Repository.Example, "--rehearsal");

        (run.ExitCode, run.Output, run.Error).ShouldBe((0, "no faults\n", ""));
    }

    [Fact]
    public async Task A_fault_of_the_accounts_has_the_place_that_it_is_at()
    {
        Copy();
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "accounts/custom-resources.yaml"),
            "Custom::X: { Value: hello }\n",
            TestContext.Current.CancellationToken
        );

        var run = await DeployerProcess.Run("validate", _folder, "--rehearsal");

        run.ExitCode.ShouldBe(2);
        run.Output.Split('\n')[0]
            .ShouldBe($"{_folder}/accounts/custom-resources.yaml:1:14: unknown key 'Value'; expected physicalId or outputs");
    }

    [Fact]
    public async Task What_a_rehearsal_cannot_take_is_reported_with_all_other_faults_in_one_round()
    {
        Copy();
        var spec = Path.Combine(_folder, "deployer.yaml");
        var text = await File.ReadAllTextAsync(spec, Cancellation);
        await File.WriteAllTextAsync(spec, Regex.Replace(text, "(?m)^repository:\n(?:  .*\n)+", string.Empty), Cancellation);
        var run = await DeployerProcess.Run("validate", _folder, "--rehearsal");
        run.Output.ShouldContain("deployer.yaml:1:1: there is no \"repository\", and the pipeline of stack inventory-pipeline-");

        await File.AppendAllTextAsync(spec, "  more: { stack: more, template: stacks/more.yaml, colour: red }\n", Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "stacks/more.yaml"),
            "Hooks: {}\nResources: { A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Nothing } } }\n",
            Cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "accounts/custom-resources.yaml"),
            "Custom::X: { Value: hello }\n",
            Cancellation
        );

        run = await DeployerProcess.Run("validate", _folder, "--rehearsal");

        run.ExitCode.ShouldBe(2);
        foreach (
            var fault in new[]
            {
                "the key \"colour\"",
                "/stacks/more.yaml:1:1: the rehearsal does not support the section Hooks",
                "Ref names \"Nothing\"",
                "/accounts/custom-resources.yaml:1:14: unknown key 'Value'",
            }
        )
        {
            run.Output.ShouldContain(fault);
        }
    }

    [Fact]
    public async Task Faults_of_all_files_are_reported_at_once_with_their_places()
    {
        Spoil();

        var run = await DeployerProcess.Run("validate", _folder);

        run.ExitCode.ShouldBe(2);
        var lines = run.Output.TrimEnd().Split('\n');
        lines[^1].ShouldBe($"{lines.Length - 1} faults");
        lines[..^1].ShouldAllBe(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^\S+:\d+:\d+: .+; expected .+$"));
        foreach (
            var file in new[]
            {
                "deployer.yaml",
                "stacks/api.yaml",
                "accounts/pipeline.yaml",
                "ions/deps.edn",
                "ions/resources/datomic/ion-config.edn",
            }
        )
        {
            lines.ShouldContain(line => line.StartsWith(Path.Combine(_folder, file) + ":", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_document_has_the_same_faults_and_nothing_else_is_on_standard_output()
    {
        Spoil();

        var run = await DeployerProcess.Run("validate", _folder, "--json", "-");

        run.ExitCode.ShouldBe(2);
        var document = JsonSerializer.Deserialize<ValidationReport>(run.Output, JsonSerializerOptions.Web)!;
        document.Verdict.ShouldBe("invalid");
        document.Service.ShouldBeNull();
        document.Faults.ShouldBe(ValidationReport.Check(_folder).Faults);
    }

    [Fact]
    public async Task The_document_with_a_fault_and_a_notice_is_the_approved_one_as_a_whole()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "deployer.yaml"),
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
              api: { stack: api, template: api.yaml, colour: red }
              topics: { stack: topics, template: topics.yaml }
            """,
            Cancellation
        );
        await File.WriteAllTextAsync(Path.Combine(_folder, "api.yaml"), "Resources: { T: { Type: AWS::SNS::Topic } }\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder, "topics.yaml"), "Resources: { T: { Type: AWS::SNS::Topics } }\n", Cancellation);

        var run = await DeployerProcess.Run("validate", _folder, "--json", "-");

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeApproved("tests/cli/Approved/validation.json");
    }

    [Fact]
    public async Task The_document_of_a_service_without_fault_names_it()
    {
        var file = Path.Combine(_folder, "validation.json");

        var run = await DeployerProcess.Run("validate", Repository.Example, "--json", file);

        run.Output.ShouldBe("no faults\n");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        document.RootElement.GetProperty("verdict").GetString().ShouldBe("valid");
        document.RootElement.GetProperty("service").GetString().ShouldBe("inventory");
        document.RootElement.GetProperty("faults").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_type_that_no_schema_has_is_a_notice()
    {
        Copy();
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "stacks/api.yaml"),
            """
            Parameters: { Group: { Type: String } }
            Resources: { T: { Type: AWS::SNS::Topics }, F: { Type: Acme::Any::Thing }, C: { Type: Custom::X, Properties: {
              ServiceToken: a } } }
            """,
            TestContext.Current.CancellationToken
        );

        var run = await DeployerProcess.Run("validate", _folder);

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldBe(
            $"{_folder}/stacks/api.yaml:2:25: notice: no public schema of CloudFormation has the resource type AWS::SNS::Topics (did you "
                + "mean \"AWS::SNS::Topic\"?); nothing of it was checked\nno faults\n"
        );
    }

    [Fact]
    public async Task Notices_stand_beside_the_faults_and_do_not_stop()
    {
        Copy();
        var config = Path.Combine(_folder, "ions/resources/datomic/ion-config.edn");
        await File.WriteAllTextAsync(
            config,
            (await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Replace(
                "{:app-name",
                "{:system \"datomic-dev\" :app-name",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );

        var noticed = await DeployerProcess.Run("validate", _folder);
        var written = await DeployerProcess.Run("validate", _folder, "--json", "-");

        noticed.ExitCode.ShouldBe(0);
        noticed.Output.ShouldMatch(
            @"^\S+/ion-config\.edn:\d+:\d+: notice: Datomic ignores the key :system of ion-config\.edn\nno faults\n$"
        );
        written.ExitCode.ShouldBe(0);
        var document = JsonSerializer.Deserialize<ValidationReport>(written.Output, JsonSerializerOptions.Web)!;
        document.Verdict.ShouldBe("valid");
        document.Notices.ShouldHaveSingleItem().Text.ShouldBe("Datomic ignores the key :system of ion-config.edn");
    }

    [Fact]
    public async Task User_parameters_are_checked_against_the_service()
    {
        var file = Path.Combine(_folder, "parameters.json");
        await File.WriteAllTextAsync(
            file,
            "{\"service\":\"inventory\",\n \"target\":\"def\", \"steps\":[\"grup\"]}",
            TestContext.Current.CancellationToken
        );

        var run = await DeployerProcess.Run("validate", Repository.Example, "--user-parameters", file);

        run.ExitCode.ShouldBe(2);
        var lines = run.Output.TrimEnd().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldMatch(@"/parameters\.json:2:11: there is no target ""def""; expected one of .*\(did you mean ""dev""\?\)$");
        lines[1].ShouldMatch(@"/parameters\.json:2:27: there is no step ""grup""; expected one of .*\(did you mean ""group""\?\)$");
    }

    [Fact]
    public async Task A_missing_file_of_user_parameters_is_named()
    {
        var run = await DeployerProcess.Run("validate", Repository.Example, "--user-parameters", Path.Combine(_folder, "nowhere.json"));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("nowhere.json");
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "nowhere");

        var run = await DeployerProcess.Run("validate", missing);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(missing);
    }

    [Fact]
    public async Task What_the_schema_of_a_resource_refuses_is_reported_once_with_everything_else()
    {
        Copy();
        WrongResources();
        await File.AppendAllTextAsync(Path.Combine(_folder, "deployer.yaml"), "stepps: {}\n", TestContext.Current.CancellationToken);

        var faults = ValidationReport.Check(_folder).Faults;

        faults
            .Where(fault => fault.File.StartsWith("stacks/", StringComparison.Ordinal))
            .Select(fault => $"{fault.File}:{fault.Line}:{fault.Column}: {fault.Problem}; expected {fault.Expected}")
            .ShouldBe([
                "stacks/api.yaml:8:7: Logs of the type AWS::Logs::LogGroup has no property \"RetentionInDay\"; "
                    + "expected one of BearerTokenAuthenticationEnabled, DataProtectionPolicy, DeletionProtectionEnabled, "
                    + "FieldIndexPolicies, KmsKeyId, LogGroupClass, LogGroupName, ResourcePolicyDocument, RetentionInDays, Tags "
                    + "(did you mean \"RetentionInDays\"?)",
                "stacks/api.yaml:11:12: Logs of the type AWS::Logs::LogGroup has no attribute \"Arm\"; expected one of Arn "
                    + "(did you mean \"Arn\"?)",
            ]);
        faults.Select(fault => fault.File).ShouldContain("deployer.yaml");
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("rehearse")]
    public async Task A_plan_and_a_rehearsal_refuse_the_same_before_anything_is_opened(string command)
    {
        Copy();
        WrongResources();
        var expected = ValidationReport.Check(_folder).Faults;

        var run = await DeployerProcess.Run(command, _folder, "--target", "dev", "--json", "-");

        run.ExitCode.ShouldBe(2);
        expected.Count.ShouldBe(2);
        foreach (var fault in expected)
        {
            (run.Output + run.Error).ShouldContain($"{fault.File}:{fault.Line}:{fault.Column}: ");
        }

        run.Error.ShouldNotContain("preparing");
    }

    [Fact]
    public void Another_text_than_is_written_is_found_where_the_schema_of_a_resource_wants_a_text()
    {
        Copy();
        File.WriteAllText(
            Path.Combine(_folder, "stacks", "api.yaml"),
            """
            Parameters: { Group: { Type: String } }
            Conditions: { C: !Equals [ !Ref Group, a ] }
            Resources:
              Logs:
                Type: AWS::Logs::LogGroup
                Properties:
                  LogGroupName: 1234e56
                  RetentionInDays: !If [ C, 7, 14 ]
                  KmsKeyId: !If [ C, 1_000, b ]
              Rule:
                Type: AWS::Events::Rule
                Properties:
                  Description: yes
                  ScheduleExpression: rate(1 day)
                  Targets: [ { Id: 0x1F, Arn: 1.10, Input: "1.10", InputPath: 42 } ]
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties: { ComparisonOperator: LessThanThreshold, EvaluationPeriods: 1, Threshold: 1.10, ActionsEnabled: yes,
                  Metrics: [] }
            """
        );

        var report = ValidationReport.Check(_folder);

        report
            .Faults.Select(fault => $"{fault.Line}: {fault.Problem}; expected {fault.Expected}")
            .ShouldBe([
                "7: Logs.LogGroupName is 1234e56, which CloudFormation reads as the number 1.234E59; expected \"1234e56\" in quotes",
                "9: Logs.KmsKeyId is 1_000, which CloudFormation reads as a number; expected \"1_000\" in quotes",
                "15: Rule.Targets[0].Id is 0x1F, which CloudFormation reads as a number; expected \"0x1F\" in quotes",
                "15: Rule.Targets[0].Arn is 1.10, which CloudFormation reads as the number 1.1; expected \"1.10\" in quotes",
            ]);
        report
            .Notices.Where(notice => notice.File == "stacks/api.yaml")
            .Select(notice => $"{notice.Line}: {notice.Text}")
            .ShouldBe([
                "13: Rule.Description is yes, which CloudFormation reads as the boolean true; "
                    + "where a text is meant, write \"yes\" in quotes",
            ]);
    }

    [Fact]
    public async Task A_path_that_is_packaged_is_no_value_of_another_type()
    {
        Copy();
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "stacks/api.yaml"),
            """
            Parameters: { Group: { Type: String } }
            Resources:
              Worker:
                Type: AWS::Lambda::Function
                Properties: { Code: network.yaml, Role: !Ref Group, Handler: a.b, Runtime: nodejs22.x }
            """,
            TestContext.Current.CancellationToken
        );

        ValidationReport.Check(_folder).Faults.ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_template_that_is_a_link_is_named_as_one_and_not_as_missing()
    {
        Copy();
        var template = Path.Combine(_folder, "stacks/api.yaml");
        File.Move(template, Path.Combine(_folder, "stacks/moved.yaml"));
        File.CreateSymbolicLink(template, "moved.yaml");

        var run = await DeployerProcess.Run("validate", _folder);

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("the template \"stacks/api.yaml\" is a link that is not followed; expected the file itself");
        run.Output.ShouldNotContain("does not exist");
    }

    [Fact]
    public async Task What_is_no_part_of_the_service_is_a_notice_with_its_reason()
    {
        Copy();
        for (var number = 1; number <= 8; number++)
        {
            File.CreateSymbolicLink(Path.Combine(_folder, $"link{number}"), "deployer.yaml");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "back\\slash"), "x", Cancellation);

        var run = await DeployerProcess.Run("validate", _folder);

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("back\\slash:1:1: notice: its name contains a backslash, so that it is no part of the service\n");
        run.Output.ShouldContain(
            "link1:1:1: notice: it is a link that is not followed, so that it is no part of the service; "
                + "so it is with link2, link3, link4, link5, link6 and 2 more\n"
        );
    }

    private void Copy() => Folders.Copy(Repository.Example, _folder);

    /// <summary>A template that is well-formed, of which two types refuse something.</summary>
    private void WrongResources() =>
        File.WriteAllText(
            Path.Combine(_folder, "stacks/api.yaml"),
            """
            Parameters:
              Group: { Type: String }
            Resources:
              Logs:
                Type: AWS::Logs::LogGroup
                Properties:
                  LogGroupName: !Sub ${Group}-api
                  RetentionInDay: 14
            Outputs:
              Logs:
                Value: !GetAtt Logs.Arm

            """
        );

    /// <summary>The example with a fault in each kind of file.</summary>
    private void Spoil()
    {
        Copy();
        File.AppendAllText(Path.Combine(_folder, "deployer.yaml"), "stepps: {}\n");
        File.AppendAllText(Path.Combine(_folder, "stacks/api.yaml"), "  : [\n");
        File.WriteAllText(
            Path.Combine(_folder, "accounts/pipeline.yaml"),
            File.ReadAllText(Path.Combine(Repository.Root, "tests/acceptance/Fixtures/pipeline.yaml"))
                .Replace("\"service\":", "\"servise\":", StringComparison.Ordinal)
        );
        File.AppendAllText(Path.Combine(_folder, "ions/deps.edn"), "}");
        File.AppendAllText(Path.Combine(_folder, "ions/resources/datomic/ion-config.edn"), "}");
    }
}
