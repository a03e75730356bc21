using System.Text.Json;

namespace Deployer.Cdk.Tests;

public sealed class TemplateParametersTests
{
    private static readonly Dictionary<string, object> None = [];

    [Fact]
    public void What_the_configuration_adds_is_given_beside_what_the_app_says()
    {
        var given = Given(
            "template.yaml",
            """{ "LogRetention": 30, "Repositories": ["acme/inventory"], "GitKey": "/git/key" }""",
            "Stage",
            "dev"
        );

        given["Stage"].ShouldBe("dev");
        given["LogRetention"].ShouldBe(30d);
        given["Repositories"].ShouldBeOfType<string[]>().ShouldBe(["acme/inventory"]);
        given["GitKey"].ShouldBe("/git/key");
    }

    [Theory]
    [InlineData(
        """{ "LogRetentoin": 30 }""",
        "LogRetentoin of stack s (template.yaml) does not exist; expected one of Stage, AllowedTargets"
    )]
    [InlineData("""{ "LogRetention": 31 }""", "LogRetention of stack s (template.yaml) is '31'; expected one of 1, 3, 5")]
    [InlineData("""{ "LogRetention": "30" }""", "LogRetention of stack s (template.yaml) is \"30\"; expected a number")]
    [InlineData("""{ "GitKey": "git/key" }""", "GitKey of stack s (template.yaml) is 'git/key'; expected what matches (/[A-Za-z0-9_.-]+)*")]
    [InlineData("""{ "GitKey": true }""", "GitKey of stack s (template.yaml) is true; expected a text")]
    [InlineData(
        """{ "Repositories": "acme/inventory" }""",
        "Repositories of stack s (template.yaml) is \"acme/inventory\"; expected a list of texts"
    )]
    [InlineData("""{ "Stage": "prod" }""", "Stage of stack s (template.yaml) is set by the app; expected the keys of the file")]
    [InlineData(
        """{ "ExternalId": "inventory" }""",
        "ExternalId of stack s (template.yaml) is a secret; expected cdk deploy --parameters s:ExternalId=VALUE, so that no file holds it"
    )]
    public void A_value_that_the_template_would_not_take_is_refused_by_its_name(string added, string expected) =>
        Should
            .Throw<ConfigurationException>(() => Given("template.yaml", added, "Stage", "dev"))
            .Message.ShouldStartWith($"parameter {expected}");

    /// <summary>What the app itself sets is no parameter of the stack either, so that nobody else would check it.</summary>
    [Fact]
    public void What_the_app_sets_is_checked_too() =>
        Should
            .Throw<ConfigurationException>(() => Given("template.yaml", "{}", "Stage", "dev-eu"))
            .Message.ShouldBe("parameter Stage of stack s (template.yaml) is 'dev-eu'; expected what matches [a-z][a-z0-9]{1,11}");

    private static Dictionary<string, object> Given(string template, string added, string name, string value) =>
        new TemplateParameters(template).Given(
            "s",
            new Dictionary<string, object>(None) { [name] = value },
            JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(added)!
        );
}
