namespace Deployer.Spec.Tests.Rules;

/// <summary>Versions of ion-dev with which a build is certain to fail, or a deployment to be refused.</summary>
public sealed class IonDevRulesTests
{
    private const string Start = """{:paths ["resources"] :deps {com.datomic/ion {:mvn/version "1.0.71"}}""";

    [Theory]
    [InlineData(
        "{:mvn/version \"RELEASE\"}",
        "the version of ion-dev is \"RELEASE\", which is not that of one release; expected a version such as 1.0.352"
    )]
    [InlineData(
        "{:mvn/version \"[1.0,2.0)\"}",
        "the version of ion-dev is \"[1.0,2.0)\", which is not that of one release; expected a version such as 1.0.352"
    )]
    [InlineData(
        "{:git/url \"https://github.com/Datomic/ion-dev\" :git/sha \"4a4b1a1\"}",
        "the alias :ion-dev has ion-dev from elsewhere than Maven, where no build finds it; expected {:mvn/version \"1.0.352\"}"
    )]
    [InlineData(
        "{:mvn/version \"0.9.265\"}",
        "ion-dev 0.9.265 is older than Datomic Cloud 1217-9399 needs; expected 1.0.352 or a newer one "
            + "(https://docs.datomic.com/releases/cloud-change-log.html)"
    )]
    public void Are_refused_where_they_are_written(string coordinate, string fault)
    {
        SpecReader
            .Read(
                Inventory
                    .Folder()
                    .With("ions/deps.edn", $"{Start}\n :aliases {{:ion-dev {{:deps {{com.datomic/ion-dev {coordinate}}}}}}}}}")
            )
            .Faults.Select(found => found.ToString())
            .ShouldBe([$"ions/deps.edn:2:49: {fault}"]);
    }

    [Fact]
    public void Are_refused_in_the_step_too()
    {
        var file = Inventory.Yaml.Replace("allowConflicts: [ org.clojure/tools.reader ]", "ionDev: 1.0.316", StringComparison.Ordinal);

        SpecReader
            .Read(Inventory.Folder(file).With("ions/deps.edn", Start + "}"))
            .Faults.Select(found => found.ToString())
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                ": ion-dev 1.0.316 is older than Datomic Cloud 1217-9399 needs; expected 1.0.352 or a newer one "
                    + "(https://docs.datomic.com/releases/cloud-change-log.html)"
            );
    }
}
