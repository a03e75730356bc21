using System.Text.Json;
using Deployer.Rehearsal.EventBridge;

namespace Deployer.Rehearsal.Tests.EventBridge;

public sealed class InputTemplateTests
{
    private const string Rule = "arn:aws:events:us-east-1:111111111111:rule/stacks";

    private static readonly JsonElement Event = JsonDocument
        .Parse("""{"id":"e1","resources":["arn:a"],"detail":{"stack-id":"arn:s","n":3,"quote":"say \"x\"","more":{"a":[1]}}}""")
        .RootElement;

    [Theory]
    [InlineData("""{"s":<stack>}""", """{"s":"arn:s"}""")]
    [InlineData("""{"s":"stack <stack>!"}""", """{"s":"stack arn:s!"}""")]
    [InlineData("""{"n":<n>,"m":<more>}""", """{"n":3,"m":{"a":[1]}}""")]
    [InlineData("""{"m":"<more>"}""", """{"m":"{\"a\":[1]}"}""")]
    [InlineData("""{"q":"<quote>"}""", """{"q":"say \"x\""}""")]
    [InlineData("""{"f":<first>}""", """{"f":"arn:a"}""")]
    [InlineData("""{"a":"<missing>","b":<missing>}""", """{"a":"","b":""}""")]
    [InlineData(
        """{"r":<aws.events.rule-arn>,"name":"<aws.events.rule-name>"}""",
        """{"r":"arn:aws:events:us-east-1:111111111111:rule/stacks","name":"stacks"}"""
    )]
    [InlineData("""{"at":<aws.events.event.ingestion-time>}""", """{"at":"2040-01-01T00:00:00Z"}""")]
    [InlineData("""{"e":<aws.events.event>}""", """{"e":{"id":"e1","resources":["arn:a"]}}""")]
    [InlineData("\"<unknown> stays\"", "\"<unknown> stays\"")]
    public void Values_of_the_event_fill_the_template(string template, string expected) => new InputTemplate(
            new Dictionary<string, string>
            {
                ["stack"] = "$.detail.stack-id",
                ["n"] = "$.detail.n",
                ["more"] = "$.detail.more",
                ["quote"] = "$.detail['quote']",
                ["first"] = "$.resources[0]",
                ["missing"] = "$.detail.none",
            },
            template
        ).Fill(Event, Rule, new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBe(expected);

    [Fact]
    public void A_path_that_is_not_simulated_is_refused() =>
        Should.Throw<FormatException>(() => new InputTemplate(new Dictionary<string, string> { ["all"] = "$.resources[*]" }, "<all>"));
}
