using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Sources;
using NSubstitute;
using NSubstitute.Extensions;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>AWS's words come out of every entry without the secret values that the templates hold.</summary>
public sealed class StackSecretsTests
{
    private const string Words = "refused: by-the-step by-default hunter2-literal plain-word-at-us-east-1 of-the-grandchild t3.large";
    private const string Elsewhere = "https://s3.amazonaws.com/templates/";
    private const string Hidden = "refused: **** **** **** **** **** t3.large";

    [Fact]
    public async Task The_cause_of_an_update_is_free_of_every_secret_value()
    {
        var asked = new AskedCloudFormation(StackStatus.ROLLBACK_COMPLETE);
        await using var bench = await Open(asked, "");
        await bench.Enter(run =>
            run.Save(
                    run.Record.Keep<StackProgress>(kept =>
                        kept with
                        {
                            ChangeSet = "arn:change-set",
                            Stack = AskedCloudFormation.StackId,
                            Inputs = "x",
                        }
                    ) with
                    {
                        Action = StepAction.Created,
                        Resource = AskedCloudFormation.StackId,
                    }
                )
                .ContinueWith(_ => true)
        );
        var token = await bench.Enter(run => Task.FromResult(run.RequestToken));
        asked.Stack.LastUpdatedTime = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        asked.Happened(token, StackBench.StackName, ResourceStatus.CREATE_IN_PROGRESS, null);
        asked.Happened(token, "Topic", ResourceStatus.CREATE_FAILED, Words);
        asked.Happened(token, StackBench.StackName, ResourceStatus.ROLLBACK_COMPLETE, null);

        var message = await bench.Enter(async run =>
        {
            var failed = (await bench.Work.Advance(run)).ShouldBeOfType<Outcome.Failed>().Cause;
            failed.Hide(run.Secrets);
            return failed.Message;
        });

        message.ShouldContain($"Topic (AWS::SNS::Topic) failed: {Hidden}");
    }

    [Fact]
    public async Task The_refusal_of_a_change_set_is_free_of_every_secret_value()
    {
        await using var bench = await Open(Refusing(), Elsewhere);

        var message = await bench.Enter(async run =>
        {
            var refused = await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            refused.Hide(run.Secrets);
            return refused.Message;
        });

        message.ShouldBe($"stack inventory-dev-api: {Hidden}");
    }

    [Fact]
    public async Task What_a_plan_fails_with_is_free_of_every_secret_value()
    {
        await using var bench = await Open(Refusing(), Elsewhere);

        var plan = await bench.Plan(new Comparison.Changes("it differs"));

        plan.Problem.ShouldBe($"StackFailedException: stack inventory-dev-api: {Hidden}");
    }

    [Fact]
    public async Task The_problem_in_a_plan_is_free_of_every_secret_value()
    {
        var asked = new AskedCloudFormation(StackStatus.IMPORT_ROLLBACK_FAILED);
        asked.Stack.StackStatusReason = Words;
        await using var bench = await Open(asked, "");

        var plan = await bench.Plan(new Comparison.Changes("it differs"));

        plan.Problem.ShouldNotBeNull().ShouldContain($"IMPORT_ROLLBACK_FAILED: {Hidden}; repair it by hand first");
    }

    [Fact]
    public async Task What_a_template_that_cannot_be_read_is_given_is_secret()
    {
        await using var bench = await Open(Refusing(), Elsewhere);
        bench.Folder.With(
            "api.yaml",
            """
            Resources:
              Child:
                Type: AWS::CloudFormation::Stack
                Properties: { TemplateURL: !ImportValue child, Parameters: { Password: hunter2-literal } }
            """
        );
        bench.Begin("one", "template: api.yaml");

        var message = await bench.Enter(async run =>
        {
            var refused = await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            refused.Hide(run.Secrets);
            return refused.Message;
        });

        message.ShouldContain("by-default **** plain-word");
    }

    [Fact]
    public async Task What_a_mapping_and_an_output_of_another_nested_stack_give_to_a_secret_parameter_is_cut_out()
    {
        var asked = Refusing();
        asked.Resources.Add(
            new StackResourceSummary
            {
                LogicalResourceId = "Vault",
                PhysicalResourceId = "arn:vault",
                ResourceType = "AWS::CloudFormation::Stack",
                ResourceStatus = ResourceStatus.CREATE_COMPLETE,
            }
        );
        asked.Stack.Outputs = [new Output { OutputKey = "Password", OutputValue = "hunter2-literal" }];
        await using var bench = await Open(asked, Elsewhere);
        bench.Folder.With(
            "api.yaml",
            $$"""
            Mappings: { Words: { dev: { Password: plain-word } } }
            Resources:
              Vault: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "{{Elsewhere}}grandchild.yaml" } }
              Child:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: "{{Elsewhere}}child.yaml"
                  Parameters: { Literal: !GetAtt Vault.Outputs.Password, Substituted: !FindInMap [ Words, dev, Password ], Size: t3.large }
            """
        );
        bench.Begin("one", "template: api.yaml");

        var message = await bench.Enter(async run =>
        {
            var refused = await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            refused.Hide(run.Secrets);
            return refused.Message;
        });

        message.ShouldContain("refused: by-the-step by-default **** ****-at-us-east-1 **** t3.large");
    }

    [Fact]
    public async Task The_value_that_a_secret_parameter_has_from_Systems_Manager_is_cut_out_and_the_name_is_not()
    {
        var asked = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        asked
            .Client.Configure()
            .CreateChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(_ =>
                Task.FromException<CreateChangeSetResponse>(
                    new AmazonCloudFormationException("Value 'hunter2-of-ssm' of /inventory/level") { ErrorCode = "ValidationError" }
                )
            );
        var parameters = Substitute.For<IAmazonSimpleSystemsManagement>();
        parameters
            .GetParametersAsync(Arg.Is<GetParametersRequest>(request => request.Names.Contains("/inventory/level")), default)
            .ReturnsForAnyArgs(new GetParametersResponse { Parameters = [new() { Name = "/inventory/level", Value = "hunter2-of-ssm" }] });
        await using var bench = new StackBench(await Desk.Open(), asked.Client, parameters: parameters);
        bench.Folder.With(
            "api.yaml",
            """
            Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", NoEcho: true, Default: /inventory/level } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            """
        );

        var message = await bench.Enter(async run =>
        {
            var refused = await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            refused.Hide(run.Secrets);
            return refused.Message;
        });

        message.ShouldBe("stack inventory-dev-api: Value '****' of /inventory/level");
    }

    /// <summary>
    /// Outputs are not masked (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html): a step
    /// that is given one has the secret in its own causes, and one after it may have it too.
    /// </summary>
    [Fact]
    public async Task What_an_output_of_an_earlier_step_holds_of_its_secret_is_cut_out_and_another_output_is_not()
    {
        const string First = """
            Parameters: { Secret: { Type: String, NoEcho: true } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            Outputs: { P: { Value: !Sub "pre-${Secret}" }, Q: { Value: the-database } }
            """;
        const string Second = """
            Parameters: { X: { Type: String } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            Outputs: { R: { Value: !Join [ "-", [ first, !Select [ 1, !Split [ "-", !Ref X ] ] ] ] } }
            """;
        var asked = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        asked
            .Client.Configure()
            .CreateChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                Task.FromException<CreateChangeSetResponse>(
                    new AmazonCloudFormationException("'%pre-S3cr3t' of the-second at the-database: first-S3cr3t, part")
                    {
                        ErrorCode = "ValidationError",
                    }
                )
            );
        asked
            .Client.GetTemplateSummaryAsync(default(GetTemplateSummaryRequest)!, default)
            .ReturnsForAnyArgs(
                new GetTemplateSummaryResponse
                {
                    Parameters = [.. new[] { "A", "B", "C" }.Select(name => new ParameterDeclaration { ParameterKey = name })],
                }
            );
        asked
            .Client.Configure()
            .GetTemplateAsync(Arg.Is<GetTemplateRequest>(request => request.StackName == "arn:first"), Arg.Any<CancellationToken>())
            .Returns(new GetTemplateResponse { TemplateBody = First });
        asked
            .Client.Configure()
            .GetTemplateAsync(Arg.Is<GetTemplateRequest>(request => request.StackName == "arn:second"), Arg.Any<CancellationToken>())
            .Returns(new GetTemplateResponse { TemplateBody = Second });
        await using var bench = new StackBench(await Desk.Open(), asked.Client);
        bench.Folder.With(
            "api.yaml",
            """
            Parameters: { A: { Type: String }, B: { Type: String }, C: { Type: String } }
            Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Select [ 1, !Split [ S3c, !Ref B ] ] } } }
            """
        );
        bench.Begin("one", "template: api.yaml");
        bench.Folder.With("first.yaml", First);
        bench.Folder.With("second.yaml", Second);
        bench.Folder.With(
            "deployer.yaml",
            $$"""
            service: inventory
            targets: { dev: { account: "{{StackBench.Account}}", region: us-east-1 } }
            steps:
              first: { stack: inventory-dev-first, template: first.yaml }
              second: { stack: inventory-dev-second, template: second.yaml, parameters: { X: "${steps.first.outputs.P}" } }
              api:
                stack: "{{StackBench.StackName}}"
                template: api.yaml
                parameters: { A: "${steps.first.outputs.P}", B: "${steps.second.outputs.R}", C: "${steps.first.outputs.Q}" }
            """
        );
        bench.Released["first"] = Of("first", new() { ["P"] = "pre-S3cr3t", ["Q"] = "the-database" });
        bench.Released["second"] = Of("second", new() { ["R"] = "first-S3cr3t" });

        var message = await bench.Enter(async run =>
        {
            var refused = await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            refused.Hide(run.Secrets);
            return refused.Message;
        });

        message.ShouldContain("'%****' of the-second at the-database: ****, part");

        static ReleasedStep Of(string step, Dictionary<string, string> outputs) =>
            new()
            {
                Deployment = new DeploymentId("zero"),
                Step = step,
                Inputs = "x",
                Resource = $"arn:{step}",
                Outputs = outputs,
            };
    }

    [Fact]
    public async Task The_templates_are_read_once_in_an_entry()
    {
        var asked = Refusing();
        await using var bench = await Open(asked, Elsewhere);

        await bench.Enter(async run =>
        {
            await StackSecrets.Read(run, bench.Desk.Settings);
            await Should.ThrowAsync<StackFailedException>(() => bench.Work.Prepare(run));
            return await Task.FromResult(true);
        });

        await asked.Client.ReceivedWithAnyArgs(1).GetTemplateAsync(default(GetTemplateRequest)!, TestContext.Current.CancellationToken);
    }

    private static AskedCloudFormation Refusing()
    {
        var asked = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        asked
            .Client.Configure()
            .CreateChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                Task.FromException<CreateChangeSetResponse>(new AmazonCloudFormationException(Words) { ErrorCode = "ValidationError" })
            );
        return asked;
    }

    private static async Task<StackBench> Open(AskedCloudFormation asked, string at)
    {
        asked
            .Client.GetTemplateSummaryAsync(default(GetTemplateSummaryRequest)!, default)
            .ReturnsForAnyArgs(
                new GetTemplateSummaryResponse
                {
                    Parameters =
                    [
                        .. new[] { "Password", "Defaulted", "Word", "Size" }.Select(name => new ParameterDeclaration
                        {
                            ParameterKey = name,
                            DefaultValue = "x",
                        }),
                    ],
                }
            );
        var s3 = Substitute.For<IAmazonS3>();
        var bench = new StackBench(await Desk.Open(), asked.Client, s3);
        s3.GetObjectAsync("templates", Arg.Any<string>(), Arg.Any<CancellationToken>())
            .Returns(call => new GetObjectResponse
            {
                ResponseStream = new MemoryStream(bench.Folder.Read(RelativePath.Parse(call.ArgAt<string>(1)))!),
            });
        bench.Folder.With(
            "api.yaml",
            $$"""
            Parameters:
              Password: { Type: String, NoEcho: "true" }
              Defaulted: { Type: String, NoEcho: true, Default: by-default }
              Word: { Type: String, Default: plain-word }
              Size: { Type: String }
            Resources:
              Child:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: {{at}}child.yaml
                  Parameters: { Literal: hunter2-literal, Substituted: !Sub "${Word}-at-${AWS::Region}", Size: !Ref Size }
            """
        );
        bench.Folder.With(
            "child.yaml",
            $$"""
            Parameters:
              Literal: { Type: String, NoEcho: true }
              Substituted: { Type: String, NoEcho: true }
              Size: { Type: String }
            Resources:
              Grandchild:
                Type: AWS::CloudFormation::Stack
                Properties: { TemplateURL: "{{at}}grandchild.yaml" }
            """
        );
        bench.Folder.With(
            "grandchild.yaml",
            """
            Parameters: { Deep: { Type: String, NoEcho: true, Default: of-the-grandchild } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            """
        );
        bench.Begin("one", "template: api.yaml, parameters: { Password: by-the-step, Size: t3.large }");
        return bench;
    }
}
