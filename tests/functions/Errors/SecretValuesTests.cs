using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Errors;

public sealed class SecretValuesTests
{
    [Theory]
    [InlineData("the value hunter2-secret is refused", "the value **** is refused")]
    [InlineData("Rm9v hunter2-secret:hunter2-secret", "Rm9v ****:****")]
    public void A_value_is_cut_out_wherever_it_stands(string text, string hidden) => Hide("hunter2-secret", text).ShouldBe(hidden);

    /// <summary>The cut would leave a part of it, which is not found any more.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void A_secret_at_the_place_where_a_cause_is_cut_is_hidden(int before)
    {
        const string Secret = "correct-horse-battery";
        var secrets = new SecretValues();
        secrets.Add(Secret);
        var failure = new SpecInvalidException(new string('x', CauseText.MostCharacters - before) + Secret);

        failure.Hide(secrets);

        failure.Message.ShouldNotContain("cor");
        failure.Message.Length.ShouldBeLessThanOrEqualTo(CauseText.MostCharacters);
    }

    [Fact]
    public void So_is_its_Base64_form_which_a_template_makes_of_it() =>
        Hide("user:S3cr3tpass", "UserData is dXNlcjpTM2NyM3RwYXNz").ShouldBe("UserData is ****");

    [Theory]
    [InlineData("""{"p":"pa\"ss/wo\\rd"} is not valid""", """{"p":"****"} is not valid""")]
    [InlineData("""{"doc":"{\"p\":\"pa\\\"ss/wo\\\\rd\"}"}""", """{"doc":"{\"p\":\"****\"}"}""")]
    public void So_is_how_it_reads_in_JSON_which_a_template_makes_of_it(string text, string hidden) =>
        Hide("""pa"ss/wo\rd""", text).ShouldBe(hidden);

    [Fact]
    public void So_are_its_parts_which_a_template_splits_it_into() =>
        Hide("user:S3cr3tpass", "the name S3cr3tpass of user").ShouldBe("the name **** of user");

    [Fact]
    public void What_is_too_short_to_be_a_secret_is_left() => Hide("dev", "stack inventory-dev").ShouldBe("stack inventory-dev");

    [Fact]
    public void A_part_that_is_a_name_which_the_cause_says_anyway_is_left_and_the_value_is_not()
    {
        var secrets = new SecretValues();
        secrets.Add("datomic:ddb://us-east-1/orders-dev/secret-base");
        secrets.Show("orders-dev-web");

        secrets
            .Hide("orders-dev-web: datomic:ddb://us-east-1/orders-dev/secret-base, orders-dev, secret-base")
            .ShouldBe("orders-dev-web: ****, orders-dev, ****");
    }

    private static string Hide(string secret, string text)
    {
        var secrets = new SecretValues();
        secrets.Add(secret);
        return secrets.Hide(text);
    }
}
