namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateLoopsTests
{
    private const string Extensions = "Transform: AWS::LanguageExtensions\n";

    private static string Loop(string value) => $"Resources:\n  Fn::ForEach::Logs: {value}\n  A: {{ Type: AWS::SQS::Queue }}\n";

    [Theory]
    [InlineData("[ N, [ a, b ], { 'L${N}': { Type: AWS::Logs::LogGroup } } ]")]
    [InlineData("[ N, !Ref Names, { 'L${N}': { Type: AWS::Logs::LogGroup } } ]")]
    [InlineData("[ N, { 'Fn::FindInMap': [ M, a, b ] }, { 'L${N}': { Type: AWS::Logs::LogGroup } } ]")]
    [InlineData("[ N, [ a ], { 'Fn::ForEach::Inner': [ I, [ b ], { 'L${N}${I}': { Type: AWS::Logs::LogGroup } } ] } ]")]
    public void A_loop_is_a_list_of_identifier_collection_and_what_is_repeated(string value) =>
        OneTemplate
            .Faults(
                Extensions
                    + "Parameters: { Names: { Type: CommaDelimitedList, Default: a } }\nMappings: { M: { a: { b: [ c ] } } }\n"
                    + Loop(value)
            )
            .ShouldBeEmpty();

    [Theory]
    [InlineData("[ N, { 'L${N}': { Type: AWS::Logs::LogGroup } } ]", "has 2 parts")]
    [InlineData("{ N: [ a ] }", "is not laid out as a loop")]
    [InlineData("[ N, a, { 'L${N}': { Type: AWS::Logs::LogGroup } } ]", "is not laid out as a loop")]
    [InlineData("[ N, [ a ], [ b ] ]", "is not laid out as a loop")]
    [InlineData("[ [ N ], [ a ], { 'L${N}': { Type: AWS::Logs::LogGroup } } ]", "is not laid out as a loop")]
    public void Another_layout_is_refused_where_it_is_written(string value, string problem) =>
        OneTemplate
            .Faults(Extensions + Loop(value))
            .ShouldBe([
                $"stacks/t.yaml:3:3: Fn::ForEach::Logs {problem}; "
                    + "expected a list of an identifier, a collection and a map of what is repeated",
            ]);

    /// <summary>Each item gives a key, and a key is there once.</summary>
    [Fact]
    public void A_loop_goes_over_each_item_once() =>
        OneTemplate
            .Faults(Extensions + Loop("[ N, [ a, b, a ], { 'L${N}': { Type: AWS::Logs::LogGroup } } ]"))
            .ShouldBe([
                "stacks/t.yaml:3:35: Fn::ForEach::Logs goes over \"a\" more than once; expected each item once: it gives one key to each",
            ]);

    [Fact]
    public void A_loop_needs_the_transform_that_runs_it() =>
        OneTemplate
            .Faults(Loop("[ N, [ a ], { 'L${N}': { Type: AWS::Logs::LogGroup } } ]"))
            .ShouldBe([
                "stacks/t.yaml:2:3: Fn::ForEach::Logs is used in a template without the transform AWS::LanguageExtensions; "
                    + "expected Transform: AWS::LanguageExtensions",
            ]);

    [Fact]
    public void A_macro_of_somebody_else_may_run_a_loop() =>
        OneTemplate.Faults("Transform: Loops\n" + Loop("[ N, { 'L${N}': { Type: AWS::Logs::LogGroup } } ]")).ShouldBeEmpty();

    [Fact]
    public void A_loop_has_a_name() =>
        OneTemplate
            .Faults(Extensions + "Resources:\n  Fn::ForEach: [ N, [ a ], { 'L${N}': { Type: AWS::Logs::LogGroup } } ]\n")
            .ShouldHaveSingleItem()
            .ShouldBe("stacks/t.yaml:3:3: the loop Fn::ForEach has no name of letters and digits; expected Fn::ForEach::NAME");

    /// <summary>CloudFormation counts what a loop makes.</summary>
    [Theory]
    [InlineData(20, 25)]
    [InlineData(20, 26, "stacks/t.yaml:3:3: Resources has 520 entries; expected at most 500")]
    public void What_loops_make_counts(int outer, int inner, params string[] faults) =>
        OneTemplate
            .Faults(
                $"{Extensions}Resources:\n  Fn::ForEach::Outer: [ X, [{Items(outer)}], {{ 'Fn::ForEach::Inner': "
                    + $"[ Y, [{Items(inner)}], {{ 'L${{X}}${{Y}}': {{ Type: AWS::Logs::LogGroup }} }} ] }} ]\n"
            )
            .ShouldBe(faults);

    private static string Items(int count) => string.Join(", ", Enumerable.Range(0, count).Select(number => $"a{number}"));
}
