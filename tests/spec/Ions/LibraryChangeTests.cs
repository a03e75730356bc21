using Deployer.Spec.Ions;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Ions;

public sealed class LibraryChangeTests
{
    private const string Ion = "com.datomic/ion {:mvn/version \"1.0.71\"}";

    [Fact]
    public void The_same_libraries_in_another_order_are_no_change() =>
        Changes($"{Ion} acme/a {{:git/url \"https://x/a\" :git/sha \"1\"}}", $"acme/a {{:git/sha \"1\", :git/url \"https://x/a\"}} {Ion}")
            .ShouldBeEmpty();

    [Fact]
    public void What_was_added_removed_and_changed_is_reported_by_name() =>
        Changes(
                $"{Ion} acme/gone {{:mvn/version \"1\"}} acme/moved {{:mvn/version \"1\"}}",
                $"acme/new {{:mvn/version \"3\"}} {Ion} acme/moved {{:mvn/version \"2\"}}"
            )
            .ShouldBe([new("acme/gone", "1", null), new("acme/moved", "1", "2"), new("acme/new", null, "3")]);

    [Fact]
    public void A_coordinate_that_is_more_than_a_version_is_reported_whole() =>
        Changes($"{Ion} acme/a {{:mvn/version \"1\"}}", $"{Ion} acme/a {{:mvn/version \"1\" :exclusions [acme/b]}}")
            .ShouldBe([new("acme/a", "1", "{:exclusions [acme/b], :mvn/version \"1\"}")]);

    [Fact]
    public void Changes_are_reported_in_words() =>
        string.Join(
                ", ",
                Changes(
                    $"{Ion} acme/gone {{:mvn/version \"1\"}} acme/moved {{:mvn/version \"1\"}}",
                    $"acme/new {{:mvn/version \"3\"}} {Ion} acme/moved {{:mvn/version \"2\"}}"
                )
            )
            .ShouldBe("acme/gone 1 removed, acme/moved 1 -> 2, acme/new 3 added");

    private static IReadOnlyList<LibraryChange> Changes(string earlier, string later) => LibraryChange.Between(Deps(earlier), Deps(later));

    private static DepsEdn Deps(string libraries) =>
        IonApplication
            .Read(
                new MemoryFolder(
                    (
                        "deps.edn",
                        "{:paths [\"res\"] :deps {"
                            + libraries
                            + "} :aliases {:ion-dev {:deps {com.datomic/ion-dev {:mvn/version \"1.0.352\"}}}}}"
                    ),
                    ("res/datomic/ion-config.edn", "{:app-name \"acme\"}")
                ),
                RelativePath.Root
            )
            .Application.ShouldNotBeNull()
            .Deps;
}
