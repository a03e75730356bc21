using Deployer.Spec.Pipelines;

namespace Deployer.Spec.Tests.Pipelines;

public sealed class UserParametersTests
{
    private static readonly ServiceSpec Spec = Inventory.Read(Inventory.Yaml).Spec!;

    [Fact]
    public void Everything_is_read()
    {
        var read = UserParameters
            .Read(
                "{\n\t\"service\": \"inventory\", \"target\": \"dev\", \"revision\": \"0a1b\", \"steps\": [\"group\"], \"by\": \"Ada\"\n}",
                "p.json",
                Spec
            )
            .Parameters.ShouldNotBeNull();

        (read.Service, read.Target, read.Revision, read.By).ShouldBe(("inventory", "dev", "0a1b", "Ada"));
        read.Steps.ShouldBe(["group"]);
    }

    [Fact]
    public void What_may_be_left_out_is_null()
    {
        var read = UserParameters.Read("""{"service":"inventory","target":"dev"}""", "p.json").Parameters.ShouldNotBeNull();

        read.Instance.ShouldBeNull();
        read.Revision.ShouldBeNull();
        read.Steps.ShouldBeNull();
    }

    [Fact]
    public void An_action_may_only_plan_and_another_names_the_plan_and_where_it_was_approved()
    {
        var plans = UserParameters
            .Read("""{"service":"inventory","target":"dev","action":"plan"}""", "p.json", Spec)
            .Parameters.ShouldNotBeNull();
        var deploys = UserParameters
            .Read("""{"service":"inventory","target":"dev","plan":"p1","pipeline":"inventory-pipeline","execution":"e1"}""", "p.json", Spec)
            .Parameters.ShouldNotBeNull();

        (plans.OnlyPlans, plans.Plan).ShouldBe((true, null));
        (deploys.OnlyPlans, deploys.Plan, deploys.Pipeline, deploys.Execution).ShouldBe((false, "p1", "inventory-pipeline", "e1"));
    }

    [Fact]
    public void The_input_artifact_that_is_the_source_may_be_named() =>
        UserParameters
            .Read("""{"service":"inventory","target":"dev","artifact":"Source"}""", "p.json", Spec)
            .Parameters.ShouldNotBeNull()
            .Artifact.ShouldBe("Source");

    [Fact]
    public void A_development_instance_may_be_named() =>
        UserParameters
            .Read("""{"service":"inventory","target":"dev","instance":"feature-x"}""", "p.json", Spec)
            .Parameters.ShouldNotBeNull()
            .Instance.ShouldBe("feature-x");

    [Fact]
    public void Faults_are_reported_together_with_their_places() =>
        Faults("{\"servise\":\"inventory\",\n \"target\":\"dve\",\n \"steps\":[\"grup\", 3]}")
            .ShouldBe([
                "p.json:1:1: \"service\" of the user parameters is missing; expected 1 to 40 lower-case letters, "
                    + "digits and hyphens, beginning with a letter",
                "p.json:1:2: the key \"servise\" of the user parameters is not known; expected one of service, "
                    + "target, instance, revision, steps, action, artifact, plan, pipeline, execution, by (did you mean \"service\"?)",
                "p.json:2:11: there is no target \"dve\"; expected one of dev, prod (did you mean \"dev\"?)",
                "p.json:3:11: there is no step \"grup\"; expected one of group, ions, network, api, endpoint (did you mean \"group\"?)",
                "p.json:3:19: an item of \"steps\" of the user parameters is the number 3; expected 1 to 64 "
                    + "letters, digits, hyphens and underscores, beginning with a letter",
            ]);

    [Theory]
    [InlineData("", "p.json:1:1")]
    [InlineData("{\"service\":\"inventory\",\n target: dev}", "p.json:2:2")]
    public void What_is_not_JSON_is_refused_where_it_ends_to_be(string text, string place) =>
        Faults(text).ShouldHaveSingleItem().ShouldStartWith($"{place}: the user parameters are not JSON; expected JSON such as");

    [Fact]
    public void More_than_the_pipeline_takes_is_refused() =>
        Faults($$"""{"service":"inventory","target":"dev","revision":"{{new string('a', 1000)}}"}""")
            .ShouldHaveSingleItem()
            .ShouldContain("at most 1000");

    [Fact]
    public void Variables_stand_for_any_value_in_a_template_only()
    {
        const string Text = """{"service":"inventory","target":"${Target}","revision":"#{SourceVariables.CommitId}"}""";

        UserParameters.Read(Text, "p.json", Spec, template: true).Faults.ShouldBeEmpty();
        UserParameters.Read(Text, "p.json", Spec).Faults.ShouldHaveSingleItem().Problem.ShouldContain("${Target}");
    }

    [Theory]
    [InlineData(
        "A: { Configuration: { FunctionName: !Sub 'deployer-${S}-AnswerJob', UserParameters: !Sub "
            + "'{\"service\":\"inventory\",\"target\":\"stage\",\"revision\":\"#{V.C}\"}' } }"
    )]
    [InlineData(
        "{\"A\":[{\"FunctionName\":\"deployer-dev-AnswerJob\",\"UserParameters\":"
            + "{\"Fn::Sub\":[\"{\\\"service\\\":\\\"inventory\\\",\\\"target\\\":\\\"stage\\\"}\",{}]}}]}"
    )]
    public void Pipelines_of_the_folder_are_looked_through(string template) =>
        PipelineTemplates
            .Check(new MemoryFolder(("accounts/pipeline.yaml", template)), Spec)
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldMatch("^accounts/pipeline.yaml:1:[1-9][0-9]*: there is no target \"stage\"; expected one of dev, prod$");

    [Fact]
    public void Other_functions_parameters_are_left_alone() =>
        PipelineTemplates
            .Check(new MemoryFolder(("p.yaml", "# AnswerJob\nA: { FunctionName: other, UserParameters: anything }")), Spec)
            .Faults.ShouldBeEmpty();

    private static IEnumerable<string> Faults(string text) =>
        UserParameters.Read(text, "p.json", Spec).Faults.Select(fault => fault.ToString());
}
