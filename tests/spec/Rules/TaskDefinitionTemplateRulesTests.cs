using Deployer.Spec.Tests.Templates;

namespace Deployer.Spec.Tests.Rules;

/// <summary>The containers of a task definition that a template makes.</summary>
public sealed class TaskDefinitionTemplateRulesTests
{
    private const string Template = """
        Parameters:
          Stop: { Type: Number, Default: 60 }
        Resources:
          Definition:
            Type: AWS::ECS::TaskDefinition
            Properties:
              RequiresCompatibilities: [FARGATE]
              ContainerDefinitions:
                - Name: web
                  Image: a
                  StopTimeout: !Ref Stop
                  DependsOn: [{ ContainerName: proxy, Condition: START }]
                - Name: proxy
                  Image: b
                  DependsOn: []
        """;

    private const string Circle = "DependsOn: [{ ContainerName: web, Condition: START }]";

    [Fact]
    public void Containers_that_start_and_stop_are_no_fault() => OneTemplate.Faults(Template, "{ Stop: 120 }").ShouldBeEmpty();

    [Theory]
    [InlineData("{ Stop: 121 }", "121")]
    [InlineData("{ Stop: 600 }", "600")]
    public void A_stop_that_Fargate_does_not_have_is_a_fault(string parameters, string seconds)
    {
        OneTemplate
            .Faults(Template, parameters)
            .ShouldHaveSingleItem()
            .ShouldEndWith($":11:24: Fargate has no stopTimeout of {seconds} seconds; expected 0 to 120 seconds");
        OneTemplate.Faults(Template.Replace("FARGATE", "EC2", StringComparison.Ordinal), parameters).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "DependsOn: []",
        Circle,
        ":12:22: the containers web, proxy wait for each other, so that none of them starts; expected an order"
    )]
    [InlineData(
        "ContainerName: proxy",
        "ContainerName: web",
        ":12:22: the container web waits for itself, so that it never starts; expected an"
    )]
    public void Containers_that_wait_for_each_other_are_a_fault(string from, string to, string fault) =>
        OneTemplate
            .Faults(Template.Replace(from, to, StringComparison.Ordinal), "{ Stop: 60 }")
            .ShouldHaveSingleItem()
            .ShouldContain(fault);
}
