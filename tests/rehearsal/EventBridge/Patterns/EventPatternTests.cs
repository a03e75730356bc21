using System.Text.Json;
using Deployer.Rehearsal.EventBridge.Patterns;

namespace Deployer.Rehearsal.Tests.EventBridge.Patterns;

public sealed class EventPatternTests
{
    private const string Event = """
        {
          "source": "aws.cloudformation", "account": "111111111111", "region": "us-east-1",
          "resources": ["arn:a", "arn:b"],
          "detail": {
            "status": "UPDATE_COMPLETE", "reason": null, "count": 300, "ratio": 0.5, "done": true, "empty": [],
            "nested": { "name": "datomic-dev" },
            "items": [ { "kind": "x", "size": 1 }, { "kind": "y", "size": 2 } ]
          }
        }
        """;

    [Theory]
    [InlineData("""{"source":["aws.cloudformation"]}""", true)]
    [InlineData("""{"source":["aws.ecs","aws.cloudformation"]}""", true)]
    [InlineData("""{"source":["aws.ecs"]}""", false)]
    [InlineData("""{"source":["aws.cloudformation"],"account":["222222222222"]}""", false)]
    [InlineData("""{"resources":["arn:b"]}""", true)]
    [InlineData("""{"resources":["arn:c"]}""", false)]
    [InlineData("""{"detail":{"reason":[null]}}""", true)]
    [InlineData("""{"detail":{"done":[true]}}""", true)]
    [InlineData("""{"detail":{"done":["true"]}}""", false)]
    [InlineData("""{"detail":{"count":[300]}}""", true)]
    [InlineData("""{"detail":{"count":[300.0]}}""", false)]
    [InlineData("""{"detail":{"status":{"deep":["x"]}}}""", false)]
    public void Values_are_compared_exactly(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"detail":{"status":[{"prefix":"UPDATE_"}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"prefix":"update_"}]}}""", false)]
    [InlineData("""{"detail":{"status":[{"prefix":{"equals-ignore-case":"update_"}}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"suffix":"_COMPLETE"}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"suffix":{"equals-ignore-case":"_complete"}}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"equals-ignore-case":"update_complete"}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"wildcard":"U*_COMP*E"}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"wildcard":"U*X*E"}]}}""", false)]
    [InlineData("""{"detail":{"status":[{"wildcard":"*COMPLETE*COMPLETE"}]}}""", false)]
    [InlineData("""{"detail":{"nested":{"name":[{"prefix":"datomic-"}]}}}""", true)]
    [InlineData("""{"detail":{"count":[{"prefix":"3"}]}}""", false)]
    public void Text_operators_look_at_text(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"detail":{"status":[{"anything-but":"CREATE_COMPLETE"}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"anything-but":["CREATE_COMPLETE","UPDATE_COMPLETE"]}]}}""", false)]
    [InlineData("""{"detail":{"status":[{"anything-but":{"prefix":"UPDATE"}}]}}""", false)]
    [InlineData("""{"detail":{"status":[{"anything-but":{"suffix":["X","Y"]}}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"anything-but":{"equals-ignore-case":["update_complete"]}}]}}""", false)]
    [InlineData("""{"detail":{"status":[{"anything-but":{"wildcard":"*_COMPLETE"}}]}}""", false)]
    [InlineData("""{"detail":{"count":[{"anything-but":300}]}}""", false)]
    [InlineData("""{"detail":{"missing":[{"anything-but":"x"}]}}""", false)]
    [InlineData("""{"resources":[{"anything-but":"arn:a"}]}""", true)]
    public void Anything_but_needs_a_value_that_is_not_excluded(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"detail":{"count":[{"numeric":["=",300]}]}}""", true)]
    [InlineData("""{"detail":{"count":[{"numeric":[">",0,"<=",300]}]}}""", true)]
    [InlineData("""{"detail":{"count":[{"numeric":[">",300]}]}}""", false)]
    [InlineData("""{"detail":{"ratio":[{"numeric":["<",1]}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"numeric":["<",1]}]}}""", false)]
    public void Numbers_are_compared_by_size(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"detail":{"status":[{"exists":true}]}}""", true)]
    [InlineData("""{"detail":{"reason":[{"exists":true}]}}""", true)]
    [InlineData("""{"detail":{"missing":[{"exists":false}]}}""", true)]
    [InlineData("""{"detail":{"status":[{"exists":false}]}}""", false)]
    [InlineData("""{"missing":{"deep":[{"exists":false}]}}""", true)]
    [InlineData("""{"detail":[{"exists":true}]}""", false)]
    [InlineData("""{"detail":{"empty":[{"exists":false}]}}""", true)]
    [InlineData("""{"detail":{"missing":["x",{"exists":false}]}}""", true)]
    public void Existence_is_asked_of_leaves(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"$or":[{"source":["aws.ecs"]},{"account":["111111111111"]}]}""", true)]
    [InlineData("""{"$or":[{"source":["aws.ecs"]},{"account":["222222222222"]}]}""", false)]
    [InlineData("""{"source":["aws.ecs"],"$or":[{"region":["us-east-1"]},{"account":["222222222222"]}]}""", false)]
    [InlineData("""{"detail":{"$or":[{"status":["A"]},{"count":[300]}]}}""", true)]
    public void One_alternative_is_enough(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"detail":{"items":{"kind":["x"],"size":[1]}}}""", true)]
    [InlineData("""{"detail":{"items":{"kind":["x"],"size":[2]}}}""", false)]
    public void Fields_of_a_list_are_matched_within_one_item(string pattern, bool matches) => Check(pattern, matches);

    [Theory]
    [InlineData("""{"source":"aws.ecs"}""", "must be an object or an array")]
    [InlineData("""{"source":[]}""", "Empty arrays")]
    [InlineData("{}", "Empty objects")]
    [InlineData("""{"source":[{"cidr":"10.0.0.0/8"}]}""", "cidr")]
    [InlineData("""{"source":[{"regex":"x"}]}""", "regex")]
    [InlineData("""{"source":[{"prefix":"x","suffix":"y"}]}""", "Only one key")]
    [InlineData("""{"source":[{"prefix":1}]}""", "prefix")]
    [InlineData("""{"source":[{"numeric":["!",1]}]}""", "operator")]
    [InlineData("""{"source":[{"exists":"yes"}]}""", "true or false")]
    [InlineData("""{"source":[{"wildcard":"a**b"}]}""", "Consecutive")]
    [InlineData("""{"$or":[{"source":["a"]}]}""", "$or")]
    [InlineData("{", "not JSON")]
    public void What_is_no_pattern_is_refused(string pattern, string reason) =>
        Should.Throw<InvalidEventPatternException>(() => EventPattern.Parse(pattern)).Message.ShouldContain(reason);

    private static void Check(string pattern, bool matches) =>
        EventPattern.Parse(pattern).Matches(JsonDocument.Parse(Event).RootElement).ShouldBe(matches);
}
