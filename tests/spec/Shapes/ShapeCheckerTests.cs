using Deployer.Spec.Faults;
using Deployer.Spec.Shapes;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests.Shapes;

public sealed class ShapeCheckerTests
{
    private static readonly TextShape Name = new("A name.", "[a-z]+", "small letters");

    private static readonly ObjectShape Box = new(
        "A box.",
        [new Key("box", Name, Required: true), new Key("size", new TextShape("Its size."))]
    );

    private static readonly ObjectShape Bag = new("A bag.", [new Key("bag", Name)]);

    [Theory]
    [InlineData("abc", null)]
    [InlineData("Abc", "it is the text \"Abc\"; expected small letters")]
    [InlineData("\"abc\\n\"", "it is the text \"abc\n\"; expected small letters")]
    [InlineData("3", "it is the number 3; expected small letters")]
    [InlineData("[abc]", "it is a list; expected small letters")]
    public void A_text_is_compared_with_its_whole_pattern(string yaml, string? fault) => Check(yaml, Name).ShouldBe(fault);

    [Fact]
    public void Numbers_are_texts_where_any_scalar_is()
    {
        var any = new TextShape("A value.") { AnyScalar = true };

        Check("3", any).ShouldBeNull();
        Check("true", any).ShouldBeNull();
        Check("\"\"", any).ShouldBeNull();
        Check("\"\"", any with { NotEmpty = true }).ShouldBe("it is the text \"\"; expected a text that is not empty");
        Check("~", any).ShouldBe("it is nothing; expected a text that is not empty");
    }

    [Theory]
    [InlineData("red", null)]
    [InlineData("later", null)]
    [InlineData("gren", "it is the text \"gren\"; expected one of red, green (did you mean \"green\"?)")]
    public void A_choice_is_one_of_those_that_are_known(string yaml, string? fault) =>
        Check(yaml, new TextShape("A colour.") { Choices = ["red", "green"], Later = ["later"] }).ShouldBe(fault);

    [Fact]
    public void What_can_be_a_credential_is_not_shown() =>
        Check("\"hunter 2\"", Name with { IsConfidential = true })
            .ShouldBe("it is a value that is not shown, since it can hold a credential; expected small letters");

    [Theory]
    [InlineData("[a, b]", null)]
    [InlineData("[]", "it is empty; expected at least one item")]
    [InlineData("[a, B]", "an item of it is the text \"B\"; expected small letters")]
    [InlineData("a", "it is the text \"a\"; expected a list")]
    public void Each_item_of_a_list_is_checked(string yaml, string? fault) =>
        Check(yaml, new ListShape("Names.", Name) { NotEmpty = true }).ShouldBe(fault);

    [Theory]
    [InlineData("{ a: b }", null)]
    [InlineData("{}", "it is empty; expected at least one entry")]
    [InlineData("{ a: b, c: d, e: f }", "it has 3 entries; expected at most 2")]
    [InlineData("{ A: b }", "the name \"A\" in it is not allowed; expected small letters")]
    [InlineData("{ none: b }", "the name \"none\" in it is taken; expected another name")]
    [InlineData("{ a: B }", "\"a\" in it is the text \"B\"; expected small letters")]
    public void Names_and_values_of_a_map_are_checked(string yaml, string? fault) =>
        Check(
                yaml,
                new MapShape("A map.", Name, Name)
                {
                    NotEmpty = true,
                    Most = 2,
                    Refused = ["none"],
                    RefusedBecause = "is taken",
                }
            )
            .ShouldBe(fault);

    [Theory]
    [InlineData("{ box: a }", null)]
    [InlineData("{ box: a, size: \"3\" }", null)]
    [InlineData("{ size: \"3\" }", "\"box\" of it is missing; expected small letters")]
    [InlineData("{ box: a, sise: b }", "the key \"sise\" of it is not known; expected one of box, size (did you mean \"size\"?)")]
    public void Keys_are_known_and_required_ones_are_there(string yaml, string? fault) => Check(yaml, Box).ShouldBe(fault);

    [Fact]
    public void A_map_that_has_to_say_something_does() =>
        Check("{}", Bag with { NotEmpty = true }).ShouldBe("it says nothing; expected at least one of bag");

    [Theory]
    [InlineData("abc", null)]
    [InlineData("{ box: abc }", null)]
    [InlineData("[abc]", "it is a list; expected small letters, or a map with box, size")]
    public void A_first_key_may_stand_alone(string yaml, string? fault) => Check(yaml, new ShortShape(Name, Box)).ShouldBe(fault);

    [Theory]
    [InlineData("true", null)]
    [InlineData("{ box: abc }", null)]
    [InlineData("abc", "it is the text \"abc\"; expected true or false, or a map with box, size")]
    public void A_flag_may_say_more(string yaml, string? fault) =>
        Check(yaml, new FlagOrMapShape(new BooleanShape("Whether."), Box)).ShouldBe(fault);

    [Theory]
    [InlineData("{ box: a }", null)]
    [InlineData("{ bag: a }", null)]
    [InlineData("{ bag: A }", "\"bag\" of it is the text \"A\"; expected small letters")]
    [InlineData("{ box: a, bag: a }", "it has both \"box\" and \"bag\"; expected one of box, bag")]
    [InlineData("{ bax: a }", "it does not say what kind it is; expected one of the keys box, bag (did you mean \"box\"?)")]
    public void The_kind_is_said_by_its_key(string yaml, string? fault) =>
        Check(yaml, new KindsShape("A thing.", [Box, Bag])).ShouldBe(fault);

    /// <summary>The one fault, without its place.</summary>
    private static string? Check(string yaml, Shape shape)
    {
        var faults = new FaultList();
        new ShapeChecker(faults).Check(YamlReader.Read(yaml, "x.yaml", faults)!, shape, "it");
        return faults.InOrder() is [] ? null
            : faults.InOrder().ShouldHaveSingleItem() is var fault ? $"{fault.Problem}; expected {fault.Expected}"
            : null;
    }
}
