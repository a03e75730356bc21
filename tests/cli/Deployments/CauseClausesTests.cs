using Deployer.Cli.Deployments;

namespace Deployer.Cli.Tests.Deployments;

public sealed class CauseClausesTests
{
    [Fact]
    public void Facts_after_semicolons_and_on_lines_of_their_own_are_clauses() =>
        CauseClauses.Split("a failed: b; stack x is y\nz").ShouldBe(["a failed: b", "stack x is y", "z"]);

    [Fact]
    public void A_semicolon_in_quotes_or_brackets_belongs_to_the_clause() =>
        CauseClauses.Split("""x has "a; b" (one; two); y""").ShouldBe(["""x has "a; b" (one; two)""", "y"]);

    [Fact]
    public void No_cause_has_no_clauses() => CauseClauses.Split(string.Empty).ShouldBeEmpty();
}
