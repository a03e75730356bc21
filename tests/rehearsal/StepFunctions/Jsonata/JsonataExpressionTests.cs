using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Jsonata;

namespace Deployer.Rehearsal.Tests.StepFunctions.Jsonata;

public sealed class JsonataExpressionTests
{
    private const string Document = """
        { "name": "Fred", "age": 28, "none": null, "on": true,
          "phone": [ { "type": "home", "number": "1" }, { "type": "office", "number": "2" }, { "type": "office", "number": "3" },
            { "type": "mobile", "number": "4" } ],
          "orders": [ { "id": "a", "items": [ { "sku": "x", "price": 10, "n": 2 }, { "sku": "y", "price": 4, "n": 1 } ] },
                      { "id": "b", "items": [ { "sku": "x", "price": 10, "n": 1 } ] } ],
          "nest": [ [ 1, 2 ], [ 3 ] ], "address": { "city": "Winchester", "zip code": "SO21" } }
        """;

    [Theory]
    [InlineData("$d.name", "\"Fred\"")]
    [InlineData("$d.none", "null")]
    [InlineData("$d.phone.number", """["1","2","3","4"]""")]
    [InlineData("$d.phone[0].number", "\"1\"")]
    [InlineData("$d.phone[-1].number", "\"4\"")]
    [InlineData("$d.phone[[0..1]].number", """["1","2"]""")]
    [InlineData("$d.phone[type='mobile'].number", "\"4\"")]
    [InlineData("$d.phone[type='mobile'].number[]", """["4"]""")]
    [InlineData("$d.phone[type='office'].number", """["2","3"]""")]
    [InlineData("$d.address.`zip code`", "\"SO21\"")]
    [InlineData("$d.address.\"zip code\"", "\"SO21\"")]
    [InlineData("$d.nest[0]", "[1,2]")]
    [InlineData("$d.nest.$", "[1,2,3]")]
    [InlineData("$d.orders.items.(price * n)", "[20,4,10]")]
    [InlineData("$sum($d.orders.items.(price * n))", "34")]
    [InlineData("$d.orders.items[0].sku", """["x","x"]""")]
    [InlineData("$d.(orders.items)[0].sku", "\"x\"")]
    [InlineData("$d.orders.{ id: $count(items) }", """[{"a":2},{"b":1}]""")]
    [InlineData("$d.orders.items{ sku: $sum(n) }", """{"x":3,"y":1}""")]
    [InlineData("$d.orders.items^(price, >n).n", "[1,2,1]")]
    [InlineData("$d.orders.[id, items[0].n]", """[["a",2],["b",1]]""")]
    [InlineData("$d.**.sku", """["x","y","x"]""")]
    [InlineData("$d.address.*", """["Winchester","SO21"]""")]
    [InlineData("[1..4]", "[1,2,3,4]")]
    [InlineData("[1, [2, 3], $d.nest[0]]", "[1,[2,3],1,2]")]
    [InlineData("{ 'a': 1, 'b': $d.nothing }", """{"a":1}""")]
    [InlineData("5 + 2 * 3 - -1", "12")]
    [InlineData("7 % 4 / 2", "1.5")]
    [InlineData("'a' & 1 & true & $d.nothing", "\"a1true\"")]
    [InlineData("$d.age >= 18 and $not($d.name = 'Bob')", "true")]
    [InlineData("$d.nothing = 1 or 'x' in ['x','y']", "true")]
    [InlineData("$d.age > 30 ? 'old' : 'young'", "\"young\"")]
    [InlineData("($x := 3; $y := $x * 2; $y + 1)", "7")]
    [InlineData("($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))", "120")]
    [InlineData("($add := function($a, $b){ $a + $b }; $inc := $add(?, 1); $inc(4))", "5")]
    [InlineData("[3,1,2] ~> $sort() ~> $join2", "ERROR")]
    [InlineData("$map([1,2,3], function($v, $i){ $v * $i })", "[0,2,6]")]
    [InlineData("$filter([1..6], function($v){ $v % 2 = 0 })", "[2,4,6]")]
    [InlineData("$reduce([1..4], function($a, $b){ $a * $b })", "24")]
    [InlineData("$sort(['b','a'])", """["a","b"]""")]
    [InlineData("$sort([3,1,2], function($l, $r){ $l < $r })", "[3,2,1]")]
    [InlineData("$uppercase($d.name) & $substring('hello', -3, 2)", "\"FREDll\"")]
    [InlineData("$split('a, b, c', ', ')", """["a","b","c"]""")]
    [InlineData("$join(['a','b'], '-')", "\"a-b\"")]
    [InlineData("$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1')", "\"Smith, John\"")]
    [InlineData("$match('ababbabbcc', /a(b+)/).groups", """["b","bb","bb"]""")]
    [InlineData("$contains('abc', /B/i)", "true")]
    [InlineData("$number('-1.5e1')", "-15")]
    [InlineData("$round(2.5) & $round(-1.25, 1)", "\"2-1.2\"")]
    [InlineData("$string({ 'a': [1, null, 'x'] })", "\"{\\\"a\\\":[1,null,\\\"x\\\"]}\"")]
    [InlineData("$string(0.1 + 0.2)", "\"0.3\"")]
    [InlineData("$keys($d.address)", """["city","zip code"]""")]
    [InlineData("$merge([{ 'a': 1 }, { 'b': 2 }])", """{"a":1,"b":2}""")]
    [InlineData("$exists($d.none) and $boolean([0, 1])", "true")]
    [InlineData("$each($d.address, function($v, $k){ $k & '=' & $v })", """["city=Winchester","zip code=SO21"]""")]
    [InlineData("$d.address ~> |$|{ 'city': 'Bath' }, ['zip code']|", """{"city":"Bath"}""")]
    [InlineData("$distinct([1, 2, 1])", "[1,2]")]
    [InlineData("$zip([1,2],[3,4,5])", "[[1,3],[2,4]]")]
    [InlineData("$parse('{\"a\":1}').a", "1")]
    [InlineData("$range(1, 9, 3)", "[1,4,7]")]
    [InlineData("$toMillis('2040-01-01T00:00:00.000Z') = $millis()", "true")]
    [InlineData("/* a comment */ $now()", "\"2040-01-01T00:00:00.000Z\"")]
    public void Gives_what_the_reference_implementation_gives(string expression, string expected)
    {
        if (expected == "ERROR")
        {
            Should.Throw<JsonataException>(() => Evaluate(expression)).Code.ShouldBe("T2006");
            return;
        }

        JsonataValue.TryJson(Evaluate(expression), out var actual).ShouldBeTrue();
        StateData.Text(actual).ShouldBe(expected);
    }

    [Theory]
    [InlineData("$d.nothing")]
    [InlineData("$d.phone[type='fax']")]
    [InlineData("$filter([1], function($v){ false })")]
    public void May_give_nothing(string expression) => Evaluate(expression).ShouldBeNull();

    [Theory]
    [InlineData("1 + 'a'", "T2002")]
    [InlineData("1 < 'a'", "T2009")]
    [InlineData("$unknown(1)", "T1006")]
    [InlineData("sum(1)", "T1005")]
    [InlineData("$number('x')", "D3030")]
    [InlineData("{ 1: 2 }", "T1003")]
    [InlineData("$error('mine')", "D3137")]
    public void Fails_with_the_reference_implementations_code(string expression, string code) =>
        Should.Throw<JsonataException>(() => Evaluate(expression)).Code.ShouldBe(code);

    [Theory]
    [InlineData("1 +", "S0207")]
    [InlineData("(1", "S0203")]
    [InlineData("1 2", "S0201")]
    [InlineData("'open", "S0101")]
    public void Says_what_is_wrong_with_its_text(string text, string code) =>
        JsonataExpression.FaultOf(text).ShouldNotBeNull().ShouldStartWith(code);

    private static object? Evaluate(string expression) =>
        JsonataExpression
            .Parse(expression)
            .Evaluate(
                new Dictionary<string, JsonNode?> { ["d"] = JsonNode.Parse(Document) },
                new(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), () => 0.5)
            );
}
